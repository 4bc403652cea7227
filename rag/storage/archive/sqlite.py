"""The archive in one file of SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy import exc

from rag.errors import LibraryBusy, LibraryError, StorageError
from rag.storage.archive import versions
from rag.storage.archive.database import Database

BUSY_TIMEOUT_SECONDS = 30


class SqliteDatabase(Database):
    """See `Database`. The file must lie on a local disk: write-ahead logging does not work over a network."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open, create or migrate the database at `path`.

        Raises `LibraryError` for a file that is no archive or comes from a newer Newsdesk, `StorageError` where the
        disk refuses.
        """
        super().__init__(path, read_only=read_only)
        self.path = path
        # A folder that cannot be written has no room for WAL's shared-memory file; nobody else can be writing there
        # either.
        query = "?mode=ro&immutable=1&uri=true" if read_only else "?uri=true"
        self.engine = sql.create_engine(
            f"sqlite:///file:{path.absolute().as_posix()}{query}",
            connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        )
        sql.event.listen(self.engine, "connect", _prepare_connection(read_only=read_only))
        sql.event.listen(self.engine, "begin", _begin)
        with self._translated():
            self._prepare()
        self._identity = _identity(path)

    @property
    def name(self) -> str:
        """See `Database`."""
        return str(self.path)

    def close(self) -> None:
        """See `Database`."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """See `Database`.

        Raises `LibraryError` where the file was deleted or replaced since it was opened: the open one is nobody's now.
        """
        self._refuse_if_replaced()
        with self._translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, article: str = "", repeatable: bool = True) -> Iterator[sql.Connection]:
        """See `Database`; one process writes at a time."""
        if self.read_only:
            raise StorageError(
                f"the library at {str(self.path.parent)!r} is read-only; make its folder writable to change it"
            )
        self._refuse_if_replaced()
        with self._translated(), self._transaction() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[sql.Connection]:
        with self.engine.connect() as plain:
            connection = plain.execution_options(newsdesk_writes=True)
            with connection.begin():
                yield connection

    def _prepare(self) -> None:
        with self.engine.connect() as connection:
            found = versions.stored_version(connection)
        if found == versions.HEAD or (self.read_only and found in versions.READABLE):
            return
        if self.read_only:
            raise LibraryError(
                "this library is read-only and needs an update first; make its folder writable and open it once"
            )
        with self._transaction() as connection:
            # Looked up again under the write lock: another process may have come first.
            versions.prepare(connection)

    def count_on(self, connection: sql.Connection) -> None:
        """See `Database`; SQLite notes the numbers that rows are given."""

    @contextmanager
    def exclusively(self, what: str) -> Iterator[bool]:
        """See `Database`; what is done to an archive in a file is done by the owner of its folder's indexes."""
        yield True

    def _refuse_if_replaced(self) -> None:
        # An open file outlives its name: without this a page would go on answering from a library that was deleted.
        if _identity(self.path) != self._identity:
            what = "replaced" if self.path.exists() else "deleted"
            raise LibraryError(
                f"the library in {str(self.path.parent)!r} was {what} while it was open; start Newsdesk again"
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            raise _explained(error, self.path) from error


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells one file from another of the same name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare_connection(*, read_only: bool) -> Any:
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # SQLAlchemy's own BEGIN (below) replaces the driver's, which would start a transaction only at the first write.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")

    return prepare


def _begin(connection: sql.Connection) -> None:
    # IMMEDIATE takes the write lock at the start: a transaction that reads first and then writes cannot end in a
    # deadlock.
    writes = connection.get_execution_options().get("newsdesk_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _explained(error: exc.DBAPIError, path: Path) -> LibraryError | StorageError:
    reason = str(error.orig).lower()
    folder = str(path.parent)
    if "full" in reason:
        return StorageError(
            f"the disk with {folder!r} is full; make room and run the same command again, nothing stored is lost"
        )
    if "locked" in reason:
        return LibraryBusy(
            f"another process has been writing to {folder!r} for {BUSY_TIMEOUT_SECONDS} s; try again when it is done"
        )
    if "readonly" in reason or "read-only" in reason:
        return StorageError(f"the library at {folder!r} is read-only; make its folder writable to change it")
    if "not a database" in reason or "malformed" in reason:
        return LibraryError(
            f"{path.name} in {folder!r} is damaged or not a Newsdesk archive; "
            "restore it from a copy, or name another library folder"
        )
    if "unable to open" in reason:
        return StorageError(f"cannot open {path.name} in {folder!r}; check that the folder exists and is writable")
    return StorageError(f"{path.name} in {folder!r} cannot be used ({reason}); check the disk and try again")
