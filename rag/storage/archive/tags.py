"""Tags that readers give articles, each with when it came and when it went.

A tag is no part of an article: giving one is no correction, leaves no former version and embeds nothing. It is a change
all the same, with a revision, so that the indexes follow and can limit a search by it. The table refers to no article:
an earlier Newsdesk on the same archive replaces and removes articles without knowing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import sqlalchemy as sql

from rag.errors import NoSuchArticle
from rag.storage.archive.database import Database, retried
from rag.storage.archive.schema import articles, tags

Tags = tuple[str, ...]

# More than that are too many parameters for one statement: then all tags are read.
_NAMED_AT_ONCE = 5000


@dataclass(frozen=True, kw_only=True, slots=True)
class Tagging:
    """That an article had a tag, from `added` to `removed` (None: it has it)."""

    tag: str
    added: datetime
    removed: datetime | None


class TagStore:
    """The archive's tags. Reach it as `Archive.tags`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def of(self, article_ids: Sequence[str]) -> dict[str, Tags]:
        """Article id -> its tags, sorted; articles without any are left out."""
        with self._database.reading() as connection:
            return self.within(connection, article_ids)

    def within(self, connection: sql.Connection, article_ids: Sequence[str] | None = None) -> dict[str, Tags]:
        """See `of`, within a transaction; of every article where none are named."""
        if not self._are_kept:
            return {}
        if article_ids is not None and len(article_ids) > _NAMED_AT_ONCE:
            every = self.within(connection)
            return {name: every[name] for name in article_ids if name in every}
        query = sql.select(tags.c.article_id, tags.c.tag).where(tags.c.removed.is_(None))
        if article_ids is not None:
            query = query.where(tags.c.article_id.in_(list(article_ids)))
        found: dict[str, Tags] = {}
        for row in connection.execute(query.order_by(tags.c.article_id, tags.c.tag)):
            found[row.article_id] = (*found.get(row.article_id, ()), row.tag)
        return found

    def holding(self, wanted: Sequence[str]) -> sql.ColumnElement[bool]:
        """The condition that an article has one of these tags."""
        if not self._are_kept:
            return sql.false()
        held = sql.select(tags.c.article_id).where(tags.c.tag.in_(list(wanted)), tags.c.removed.is_(None))
        return articles.c.id.in_(held)

    @retried
    def counts(self) -> dict[str, int]:
        """Tag -> how many articles have it, sorted by tag."""
        if not self._are_kept:
            return {}
        query = sql.select(tags.c.tag, sql.func.count().label("number")).where(tags.c.removed.is_(None))
        with self._database.reading() as connection:
            rows = connection.execute(query.group_by(tags.c.tag).order_by(tags.c.tag))
            return {str(row.tag): int(row.number) for row in rows}

    @retried
    def history(self, article_id: str) -> list[Tagging]:
        """Every tag that the article has or had, in the order in which they came."""
        if not self._are_kept:
            return []
        query = sql.select(tags).where(tags.c.article_id == article_id).order_by(tags.c.revision, tags.c.tag)
        with self._database.reading() as connection:
            return [
                Tagging(tag=row.tag, added=_moment(row.added), removed=_moment(row.removed) if row.removed else None)
                for row in connection.execute(query)
            ]

    @retried
    def change(self, article_id: str, *, add: Iterable[str] = (), remove: Iterable[str] = (), now: datetime) -> bool:
        """Give an article tags and take others away, as one revision; False where it was so already.

        Raises `LibraryError` where there is no article of that id.
        """
        with self._database.writing(article=article_id) as connection:
            if connection.scalar(sql.select(articles.c.id).where(articles.c.id == article_id)) is None:
                raise NoSuchArticle.of(article_id)
            held = set(self.within(connection, [article_id]).get(article_id, ()))
            gone = held.intersection(remove)
            come = sorted(set(add) - held - set(remove))
            if not gone and not come:
                return False
            revision = self._database.new_revision(connection, article_id)
            here = (tags.c.article_id == article_id) & tags.c.tag.in_(sorted(gone)) & tags.c.removed.is_(None)
            connection.execute(tags.update().where(here).values(removed=now.timestamp()))
            rows = [_row(article_id, tag, revision, now) for tag in come]
            if rows:
                connection.execute(tags.insert(), rows)
        return True

    @retried
    def adopt(self, held: dict[str, Tags], *, now: datetime) -> None:
        """Give articles of a new archive these tags before any index has read it: without revisions."""
        rows = [_row(name, tag, 0, now) for name, own in held.items() for tag in own]
        if rows:
            with self._database.writing() as connection:
                connection.execute(tags.insert(), rows)

    @retried
    def are_known_at(self, revision: int) -> bool:
        """Whether what has read the archive up to this revision has met a tag."""
        if not self._are_kept:
            return False
        query = sql.select(sql.func.min(tags.c.revision)).where(tags.c.revision > 0)
        with self._database.reading() as connection:
            first = connection.scalar(query)
        return first is not None and first <= revision

    @cached_property
    def _are_kept(self) -> bool:
        """Whether there is a table: an archive of the version before that cannot be written has none."""
        if not self._database.read_only:
            return True
        with self._database.reading() as connection:
            return sql.inspect(connection).has_table(tags.name)


def forget_tags(connection: sql.Connection, article_id: str) -> None:
    """Delete an article's tags, within the transaction that removes the article."""
    connection.execute(tags.delete().where(tags.c.article_id == article_id))


def _row(article_id: str, tag: str, revision: int, now: datetime) -> dict[str, object]:
    return {"article_id": article_id, "tag": tag, "revision": revision, "added": now.timestamp(), "removed": None}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
