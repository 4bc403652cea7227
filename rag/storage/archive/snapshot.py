"""What an archive held at a moment: of every article the version that was known by then.

A version is known from its publication on (an undated one from when it was fetched); a correction also not before it
was fetched. Of an article that changed so often that its first versions are no longer kept, the oldest one kept counts
as a correction: what stood before it cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from rag.storage.archive.engines import open_database
from rag.storage.archive.provenance.origins import origins_of
from rag.storage.archive.rows import STORED_PASSAGES, StoredPassage, article_of, stored_passage_of
from rag.storage.archive.schema import articles, former, passages
from rag.types import UNKNOWN_ORIGIN, Article, Origin

if TYPE_CHECKING:
    from rag.storage.archive.archive import Archive


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleVersion:
    """An article as it stood. `stored` are the passages of its present version, which it is where `is_present`."""

    article: Article
    is_present: bool
    stored: tuple[StoredPassage, ...]
    origin: Origin


@dataclass(frozen=True, kw_only=True, slots=True)
class _Version:
    """What is needed to choose a version. `former` is its number among the former ones, None for the present one."""

    article_id: str
    former: int | None
    known: datetime
    revision: int


class ArchiveSnapshot:
    """One state of an archive, looked at from a moment. Make it with `past_of`."""

    def __init__(self, connection: sql.Connection, moment: datetime) -> None:
        self._connection = connection
        chosen: dict[str, _Version] = {}
        self.first_known: datetime | None = None
        """When the first article became known, None where there is none at all."""
        for version in self._versions():
            self.first_known = min(self.first_known or version.known, version.known)
            if version.known <= moment:
                chosen[version.article_id] = version
        self._chosen = sorted(chosen.values(), key=lambda version: version.revision)

    def __len__(self) -> int:
        return len(self._chosen)

    def batches(self, size: int) -> Iterator[list[ArticleVersion]]:
        """Every article that was known, in the order in which these versions were stored."""
        for start in range(0, len(self._chosen), size):
            yield self._read(self._chosen[start : start + size])

    def _versions(self) -> Iterator[_Version]:
        """Every version of every article; those of one article from the oldest kept to the present one."""
        times = ("published", "fetched", "revision")
        older = sql.select(former.c.article_id, former.c.number, *(former.c[name] for name in times))
        last: dict[str, int] = {}
        for row in self._connection.execute(older.order_by(former.c.article_id, former.c.number)):
            last[row.article_id] = row.number
            yield _version(row, former=row.number, is_first=row.number == 1)
        present = sql.select(
            articles.c.id.label("article_id"), *(articles.c[name] for name in (*times, "published_epoch"))
        )
        for row in self._connection.execute(present):
            yield _version(row, former=None, is_first=row.article_id not in last)

    def _read(self, chosen: Sequence[_Version]) -> list[ArticleVersion]:
        stored: dict[str, list[StoredPassage]] = {version.article_id: [] for version in chosen}
        cut = STORED_PASSAGES.where(passages.c.article_id.in_(list(stored)))
        for row in self._connection.execute(cut.order_by(passages.c.article_id, passages.c.position)):
            stored[row.id].append(stored_passage_of(row))
        read = self._present(chosen) | self._former(chosen)
        origins = origins_of(self._connection, list(stored))
        return [
            ArticleVersion(
                article=read[version.article_id],
                is_present=version.former is None,
                stored=tuple(stored[version.article_id]),
                origin=origins.get(version.article_id, UNKNOWN_ORIGIN),
            )
            for version in chosen
        ]

    def _present(self, chosen: Sequence[_Version]) -> dict[str, Article]:
        wanted = [version.article_id for version in chosen if version.former is None]
        return self._articles(sql.select(articles).where(articles.c.id.in_(wanted)))

    def _former(self, chosen: Sequence[_Version]) -> dict[str, Article]:
        wanted = [(version.article_id, version.former) for version in chosen if version.former is not None]
        here = sql.tuple_(former.c.article_id, former.c.number).in_(wanted)
        return self._articles(sql.select(former, former.c.article_id.label("id")).where(here))

    def _articles(self, query: sql.Select[Any]) -> dict[str, Article]:
        return {row.id: article_of(row) for row in self._connection.execute(query)}


@contextmanager
def past_of(archive: Archive, moment: datetime) -> Iterator[ArchiveSnapshot]:
    """Look at an archive from a moment; what is stored meanwhile is not seen, and nothing is written."""
    database = open_database(archive.place, read_only=archive.read_only)
    try:
        with database.reading() as connection:
            yield ArchiveSnapshot(connection, moment)
    finally:
        database.close()


def _version(row: Any, *, former: int | None, is_first: bool) -> _Version:
    fetched = datetime.fromisoformat(row.fetched)
    is_believed = row.published and getattr(row, "published_epoch", 0) is not None
    known = datetime.fromisoformat(row.published) if is_believed else fetched
    return _Version(
        article_id=row.article_id,
        former=former,
        known=known if is_first else max(known, fetched),
        revision=row.revision,
    )
