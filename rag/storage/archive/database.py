"""What every engine of the archive gives: transactions, revisions, word of changes, and errors in a reader's words."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar, ParamSpec, Protocol, TypeVar

import sqlalchemy as sql

from rag.errors import StorageUnavailable
from rag.storage.archive import schema

P = ParamSpec("P")
R = TypeVar("R")
Place = Path | str
"""Where an archive stands: a `Path` is a file of SQLite, a string the address of a PostgreSQL database."""

# A server that is started anew is back within seconds, one that its stand-by takes over from within half a minute.
RETRY_SECONDS = 30.0
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 3.0


class ChangeListener(Protocol):
    """Tells a process that follows an archive when to look."""

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Wait until there may be changes (True), or for about `seconds`, or until `stop` is set."""

    def close(self) -> None:
        """Let go of what it listens with."""


class PollingListener:
    """Looks each time: for an engine that says nothing by itself."""

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """See `ChangeListener`."""
        return not stop.wait(seconds)

    def close(self) -> None:
        """See `ChangeListener`."""


class Database(ABC):
    """Reading and writing transactions on one archive. Safe to use from several threads and processes at once.

    Both kinds of transaction raise `LibraryError` for an archive that cannot be used, `LibraryBusy` where another
    process holds what is needed, `StorageError` where disk or server refuse, `StorageUnavailable` where the connection
    to a server was lost or a rival was given way to: see `retried`.
    """

    is_shared: ClassVar[bool] = False
    """Whether several machines may use it at once."""

    def __init__(self, place: Place, *, read_only: bool) -> None:
        self.place = place
        self.read_only = read_only

    @property
    @abstractmethod
    def name(self) -> str:
        """What a reader is told of where it is; never a password."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[sql.Connection]:
        """One state of the archive: what others write meanwhile is not seen."""

    @abstractmethod
    def writing(self, *, article: str = "", repeatable: bool = True) -> AbstractContextManager[sql.Connection]:
        """One transaction: everything in it is stored at its end, or nothing.

        `article` is the id of the one article that it changes: no other transaction changes it meanwhile. What is not
        `repeatable` would be stored twice if it were done again after an end that nobody confirmed.
        """

    @abstractmethod
    def close(self) -> None:
        """Close every connection."""

    def new_revision(self, connection: sql.Connection, article_id: str) -> int:
        """Write down a change of an article, within the transaction that makes it, and return its number.

        Numbers become visible in their order, whoever writes: a follower that has seen one has missed none before it.
        """
        insert = schema.changes.insert().returning(schema.changes.c.revision)
        return int(connection.execute(insert, {"article_id": article_id}).scalar_one())

    @abstractmethod
    def count_on(self, connection: sql.Connection) -> None:
        """Go on counting from the numbers that rows were given, within the transaction that put them in."""

    @abstractmethod
    def exclusively(self, what: str) -> AbstractContextManager[bool]:
        """Whether this process alone may do `what` to the archive; it is asked for, never waited for."""

    def insert(self, table: sql.Table) -> Any:
        """An INSERT that may say what a conflict does (`on_conflict_do_nothing`, `on_conflict_do_update`)."""
        from sqlalchemy.dialects.sqlite import insert

        return insert(table)

    def vector_rows(self, connection: sql.Connection, query: sql.Select[Any]) -> Sequence[Any]:
        """Every row of a query that reads many vectors."""
        return connection.execute(query).all()

    def listener(self) -> ChangeListener:
        """What tells this process of changes; close it."""
        return PollingListener()


def retried(method: Callable[P, R]) -> Callable[P, R]:
    """Do a whole transaction again where its connection was lost before it ended, or a rival was given way to.

    At once, and then with growing pauses for `RETRY_SECONDS`. A method that is `retried` returns what it read, and
    writes in one transaction.
    """

    @wraps(method)
    def again(*given: P.args, **named: P.kwargs) -> R:
        deadline, pause = time.monotonic() + RETRY_SECONDS, 0.0
        while True:
            try:
                return method(*given, **named)
            except StorageUnavailable as error:
                if error.may_be_stored or time.monotonic() + pause > deadline:
                    raise
            time.sleep(pause)
            pause = min(2 * pause or _FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS)

    return again
