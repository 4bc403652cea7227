"""Shared by the tests of ingest."""

from __future__ import annotations

import pathlib

import pytest

from tests.ingest.fakes import FakeLibrary


@pytest.fixture
def library(tmp_path: pathlib.Path) -> FakeLibrary:
    """An empty library in memory."""
    return FakeLibrary(tmp_path / "library")
