"""Archives on every engine: what holds for one has to hold for the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.storage.archive.archive import Archive
from rag.storage.archive.database import Place
from tests.postgresql_server import PostgresqlServer

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where an archive may be made."""
    if request.param == "sqlite":
        return tmp_path / "archive.sqlite3"
    server = request.getfixturevalue("postgresql")
    assert isinstance(server, PostgresqlServer)
    return server.new_place()


@pytest.fixture
def archive(place: Place) -> Iterator[Archive]:
    archive = Archive(place)
    yield archive
    archive.close()
