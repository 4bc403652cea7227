"""What is asked of an archive that is read beside others: which versions it holds, and by what copies are found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sql

from rag.storage.archive.database import Database, retried
from rag.storage.archive.schema import articles, bands, passages

V = TypeVar("V")

_AT_ONCE = 5000


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldVersion:
    """The version of an article that an archive holds; `fetched` is ISO 8601, as the archive keeps it."""

    digest: str
    fetched: str


class BesideOthers:
    """Reach it as `Archive.beside`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def versions(self, article_ids: Sequence[str] | None = None) -> dict[str, HeldVersion]:
        """Article id -> its version, of those named that exist; of every article where none are named."""
        query = sql.select(articles.c.id, articles.c.digest, articles.c.fetched)
        found: dict[str, HeldVersion] = {}
        with self._database.reading() as connection:
            for part in [None] if article_ids is None else _parts(article_ids):
                rows = connection.execute(query if part is None else query.where(articles.c.id.in_(part)))
                found |= {row.id: HeldVersion(digest=row.digest, fetched=row.fetched) for row in rows}
        return found

    @retried
    def story_ids(self) -> set[str]:
        """Every story."""
        with self._database.reading() as connection:
            return set(connection.scalars(sql.select(articles.c.story).distinct()))

    @retried
    def passage_count(self, article_ids: Sequence[str]) -> int:
        """How many passages these articles have."""
        query = sql.select(sql.func.count()).select_from(passages)
        with self._database.reading() as connection:
            counts = (connection.scalar(query.where(passages.c.article_id.in_(part))) for part in _parts(article_ids))
            return sum(int(number or 0) for number in counts)

    @retried
    def bands_of(self, article_ids: Sequence[str]) -> dict[str, list[int]]:
        """Article id -> its MinHash bands."""
        found: dict[str, list[int]] = {}
        with self._database.reading() as connection:
            for part in _parts(article_ids):
                for row in connection.execute(sql.select(bands).where(bands.c.article_id.in_(part))):
                    found.setdefault(row.article_id, []).append(row.band)
        return found

    @retried
    def holders_of(self, wanted: Sequence[int]) -> dict[int, list[str]]:
        """Band -> the articles that have it."""
        found: dict[int, list[str]] = {}
        with self._database.reading() as connection:
            for part in _parts(wanted):
                for row in connection.execute(sql.select(bands).where(bands.c.band.in_(part))):
                    found.setdefault(row.band, []).append(row.article_id)
        return found


def _parts(values: Sequence[V]) -> Iterator[list[V]]:
    return (list(values[start : start + _AT_ONCE]) for start in range(0, len(values), _AT_ONCE))
