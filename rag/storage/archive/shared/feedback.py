"""What readers said of answers, in the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sql

from rag.errors import StorageError
from rag.storage.archive.database import Database, retried
from rag.storage.archive.schema import feedback

MOST_ROWS = 10_000
"""A row holds an answer, some 5 kB."""


class FeedbackStore:
    """Reach it as `Archive.shared.feedback`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def add(self, row: Mapping[str, Any]) -> None:
        """Keep a row; raises `StorageError` where there are `MOST_ROWS`."""
        with self._database.writing(repeatable=False) as connection:
            if (connection.scalar(sql.select(sql.func.count()).select_from(feedback)) or 0) >= MOST_ROWS:
                raise StorageError(
                    "what readers said fills its table; `newsdesk feedback export` it, then `newsdesk feedback clear`"
                )
            connection.execute(feedback.insert(), {"said": json.dumps(row)})

    @retried
    def _all(self) -> list[str]:
        with self._database.reading() as connection:
            return list(connection.scalars(sql.select(feedback.c.said).order_by(feedback.c.id)))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Everything kept, oldest first."""
        yield from map(json.loads, self._all())

    @retried
    def clear(self) -> int:
        """Delete everything and return how many rows there were."""
        with self._database.writing() as connection:
            return connection.execute(feedback.delete()).rowcount
