"""Which engine an archive stands in."""

from __future__ import annotations

from pathlib import Path

from rag.storage.archive.database import Database, Place
from rag.storage.archive.sqlite import SqliteDatabase


def open_database(place: Place, *, read_only: bool = False, create: bool = True) -> Database:
    """Open the archive's database, made or brought up to date where that is needed.

    `read_only` is for a file in a folder that cannot be written, `create` for a server. Raises `LibraryError` for what
    holds something else, no library yet (without `create`), or that of a newer Newsdesk; `StorageError` where disk or
    server refuse.
    """
    if isinstance(place, Path):
        return SqliteDatabase(place, read_only=read_only)
    from rag.storage.archive.postgresql import PostgresqlDatabase

    return PostgresqlDatabase(place, create=create)
