"""An archive that indexes are made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.storage.archive.archive import Archive
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, stored


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive(tmp_path / "archive.sqlite3")
    for article in (BRIDGE, STRIKE, UNDATED):
        stored(archive, article)
    yield archive
    archive.close()
