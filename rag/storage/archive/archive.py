"""The truth of a library: one SQL database with articles, passages, vectors, stories and a growing revision.

Every change of one article is one transaction and one revision. The search indexes are derived from here and can be
rebuilt at any time without a model and without the sources. SQLAlchemy is used in the archive's files and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

import numpy as np
import sqlalchemy as sql

from rag.scope import Scope
from rag.storage.archive import schema
from rag.storage.archive.answers import AnswerStore
from rag.storage.archive.beside import BesideOthers
from rag.storage.archive.database import ChangeListener, Place, retried
from rag.storage.archive.edits import EditStore
from rag.storage.archive.engines import open_database
from rag.storage.archive.feeds import FeedStore
from rag.storage.archive.history import History, forget_versions, keep_version
from rag.storage.archive.provenance.origins import OriginStore, forget_origin, note_origin
from rag.storage.archive.provenance.pdfs import PdfStore, forget_pages, note_pages
from rag.storage.archive.rows import (
    PASSAGES,
    PASSAGES_OF_ARTICLES,
    REF_COLUMNS,
    STORED_PASSAGES,
    StoredPassage,
    Vectors,
    article_of,
    article_row,
    moment_of,
    passage_of,
    passage_row,
    ref_of,
    refs_within,
    stored_passage_of,
    vector_bytes,
)
from rag.storage.archive.shared.stores import SharedStores
from rag.storage.archive.tags import TagStore, forget_tags
from rag.storage.archive.versions import IDENTITY
from rag.storage.vector_matrix import VectorMatrix
from rag.types import UNKNOWN_ORIGIN, Article, ArticleRef, Origin, Passage

__all__ = ["Archive", "Change", "ChangedArticle", "StoredPassage"]

Change = Literal["added", "changed", "unchanged"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedArticle:
    """An article that was stored or removed at `revision`."""

    revision: int
    article_id: str


class Archive:
    """The library's database. Safe to use from several threads and several processes at once.

    `feeds`, `history`, `answers`, `edits`, `origins`, `pdfs`, `tags` and `shared` are its other nouns; but for tags,
    what they write is no change of an article: no revision.
    """

    def __init__(self, place: Place, *, read_only: bool = False, create: bool = True) -> None:
        """Open or create the database: a file of SQLite, or the address of one of PostgreSQL.

        See `open_database` for what it raises.
        """
        self.place = place
        self.read_only = read_only
        self.database = open_database(place, read_only=read_only, create=create)
        self.feeds = FeedStore(self.database)
        self.history = History(self.database)
        self.answers = AnswerStore(self.database)
        self.edits = EditStore(self.database)
        self.tags = TagStore(self.database)
        self.beside = BesideOthers(self.database)
        self.origins = OriginStore(self.database)
        self.pdfs = PdfStore(self.database)
        self.shared = SharedStores(self.database)

    @property
    def name(self) -> str:
        """Where it stands, for a reader."""
        return self.database.name

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    @cached_property
    def identity(self) -> str | None:
        """What tells this archive from every other, a copy included; None for an old one that cannot be written."""
        return self.note(IDENTITY)

    def listener(self) -> ChangeListener:
        """What tells this process that others changed something; close it."""
        return self.database.listener()

    # --- reading ----------------------------------------------------------------------------------------------------

    @retried
    def revision(self) -> int:
        """The number of the last change; 0 for a library that never held anything."""
        with self.database.reading() as connection:
            return int(connection.scalar(sql.select(sql.func.max(schema.changes.c.revision))) or 0)

    @retried
    def count(self) -> int:
        """Number of articles."""
        with self.database.reading() as connection:
            return int(connection.scalar(sql.select(sql.func.count()).select_from(schema.articles)) or 0)

    @retried
    def passage_count(self) -> int:
        """Number of passages."""
        with self.database.reading() as connection:
            return int(connection.scalar(sql.select(sql.func.count()).select_from(schema.passages)) or 0)

    @retried
    def story_count(self) -> int:
        """Number of stories: wire copies of one text count once."""
        with self.database.reading() as connection:
            return int(connection.scalar(sql.select(sql.func.count(schema.articles.c.story.distinct()))) or 0)

    @retried
    def article(self, article_id: str) -> Article | None:
        """The article as it stands now."""
        table = schema.articles
        with self.database.reading() as connection:
            row = connection.execute(sql.select(table).where(table.c.id == article_id)).one_or_none()
            pages = self.pdfs.within(connection, [article_id]) if row is not None else {}
        return None if row is None else article_of(row, pages.get(row.id))

    @retried
    def digest_of(self, article_id: str) -> str | None:
        """The stored article's digest, None where there is no such article."""
        table = schema.articles
        with self.database.reading() as connection:
            return connection.scalar(sql.select(table.c.digest).where(table.c.id == article_id))

    @retried
    def refs(self, scope: Scope = Scope(), *, limit: int | None = None, offset: int = 0) -> list[ArticleRef]:
        """The articles of the scope, newest first, undated ones last."""
        query = refs_within(scope)
        if scope.tags:
            query = query.where(self.tags.holding(scope.tags))
        with self.database.reading() as connection:
            return [ref_of(row) for row in connection.execute(query.limit(limit).offset(offset))]

    @retried
    def outlets(self) -> list[str]:
        """Every outlet's name, sorted; articles without one are not named."""
        column = schema.articles.c.outlet
        with self.database.reading() as connection:
            return list(connection.scalars(sql.select(column).where(column != "").distinct().order_by(column)))

    @retried
    def languages(self) -> list[str]:
        """Every language code in the library, sorted."""
        column = schema.articles.c.language
        with self.database.reading() as connection:
            return list(connection.scalars(sql.select(column).where(column != "").distinct().order_by(column)))

    @retried
    def period(self) -> tuple[datetime | None, datetime | None]:
        """First and last publication date, None where no article is dated."""
        column = schema.articles.c.published_epoch
        with self.database.reading() as connection:
            first, last = connection.execute(sql.select(sql.func.min(column), sql.func.max(column))).one()
        return moment_of(first), moment_of(last)

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The article's passages in order; empty where there is no such article."""
        return tuple(stored.passage for stored in self.stored_passages([article_id]))

    @retried
    def passages_by_id(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """The passages that still exist, by id."""
        wanted = [(article, int(position)) for article, _, position in (i.rpartition(":") for i in passage_ids)]
        table = schema.passages
        key = sql.tuple_(table.c.article_id, table.c.position)
        with self.database.reading() as connection:
            rows = connection.execute(PASSAGES.where(key.in_(wanted))).all() if wanted else []
            pages = self.pdfs.within(connection, sorted({row.id for row in rows})) if rows else {}
        found = (passage_of(row, pages.get(row.id)) for row in rows)
        return {passage.id: passage for passage in found}

    @retried
    def stored_passages(self, article_ids: Sequence[str]) -> list[StoredPassage]:
        """Passages with vectors of these articles, ordered by article and position."""
        with self.database.reading() as connection:
            rows = connection.execute(
                STORED_PASSAGES.where(schema.passages.c.article_id.in_(list(article_ids))).order_by(
                    schema.passages.c.article_id, schema.passages.c.position
                )
            ).all()
            tags, pages = self.tags.within(connection, article_ids), self.pdfs.within(connection, article_ids)
        return [stored_passage_of(row, tags.get(row.id, ()), pages.get(row.id)) for row in rows]

    @retried
    def vector_matrix(self) -> VectorMatrix:
        """Every passage's id, outlet, date, tags and vector, without its text: what exact search needs, in one go."""
        passages, articles = schema.passages, schema.articles
        columns = (*(passages.c[name] for name in ("article_id", "position", "vector")), articles.c.outlet)
        with self.database.reading() as connection:
            rows = self.database.vector_rows(
                connection, sql.select(*columns, articles.c.published_epoch).select_from(PASSAGES_OF_ARTICLES)
            )
            tags = self.tags.within(connection)
        if not rows:
            return VectorMatrix.empty()
        ids, positions, vectors, outlets, published = zip(*rows, strict=True)
        return VectorMatrix(
            passage_ids=[f"{name}:{position}" for name, position in zip(ids, positions, strict=True)],
            article_ids=list(ids),
            outlets=list(outlets),
            tags=[tags.get(name, ()) for name in ids],
            published=np.array([np.nan if epoch is None else epoch for epoch in published], dtype=np.float64),
            matrix=np.frombuffer(b"".join(vectors), dtype="<f4").reshape(len(rows), -1),
        )

    @retried
    def changed_since(self, revision: int, *, limit: int) -> list[ChangedArticle]:
        """The next changed articles after `revision`, oldest first.

        Each article comes once, at its last change in the batch.
        """
        table = schema.changes
        query = sql.select(table).where(table.c.revision > revision).order_by(table.c.revision).limit(limit)
        with self.database.reading() as connection:
            last = {row.article_id: row.revision for row in connection.execute(query)}
        return [ChangedArticle(revision=number, article_id=name) for name, number in last.items()]

    @retried
    def vectors_of(self, passage_ids: Sequence[str]) -> dict[str, Vectors]:
        """Passage id -> vector, for the passages that exist."""
        wanted = [(article, int(position)) for article, _, position in (i.rpartition(":") for i in passage_ids)]
        table = schema.passages
        query = sql.select(table.c.article_id, table.c.position, table.c.vector)
        with self.database.reading() as connection:
            rows = connection.execute(query.where(sql.tuple_(table.c.article_id, table.c.position).in_(wanted))).all()
        return {f"{row.article_id}:{row.position}": np.frombuffer(row.vector, dtype="<f4") for row in rows}

    @retried
    def article_ids(self) -> list[str]:
        """Every article's id, sorted."""
        with self.database.reading() as connection:
            return list(connection.scalars(sql.select(schema.articles.c.id).order_by(schema.articles.c.id)))

    @retried
    def band_candidates(self, bands: Sequence[int]) -> list[str]:
        """Ids of articles that share a MinHash band with these."""
        table = schema.bands
        with self.database.reading() as connection:
            query = sql.select(table.c.article_id).where(table.c.band.in_(list(bands))).distinct()
            return sorted(connection.scalars(query)) if bands else []

    @retried
    def story_of(self, article_id: str) -> str | None:
        """The story that the article belongs to."""
        table = schema.articles
        with self.database.reading() as connection:
            return connection.scalar(sql.select(table.c.story).where(table.c.id == article_id))

    @retried
    def stories_of(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Article id -> story id, for the articles that exist."""
        table = schema.articles
        with self.database.reading() as connection:
            rows = connection.execute(sql.select(table.c.id, table.c.story).where(table.c.id.in_(list(article_ids))))
            return {row.id: row.story for row in rows}

    @retried
    def story_members(self, stories: Sequence[str]) -> dict[str, list[ArticleRef]]:
        """Story id -> its articles, earliest first."""
        table = schema.articles
        query = sql.select(*REF_COLUMNS, table.c.story).where(table.c.story.in_(list(stories)))
        members: dict[str, list[ArticleRef]] = {}
        with self.database.reading() as connection:
            for row in connection.execute(query.order_by(table.c.published_epoch.asc().nulls_last(), table.c.id)):
                members.setdefault(row.story, []).append(ref_of(row))
        return members

    @retried
    def note(self, key: str) -> str | None:
        """A fact about the library itself (embedder, dimension)."""
        table = schema.notes
        with self.database.reading() as connection:
            return connection.scalar(sql.select(table.c.value).where(table.c.key == key))

    # --- writing ----------------------------------------------------------------------------------------------------

    @retried
    def set_note(self, key: str, value: str) -> None:
        """Write down a fact about the library itself."""
        put = self.database.insert(schema.notes).values(key=key, value=value)
        with self.database.writing() as connection:
            connection.execute(put.on_conflict_do_update(index_elements=["key"], set_={"value": value}))

    @retried
    def first_note(self, key: str, value: str) -> str:
        """Write down a fact that nobody has written yet; returns what is written there, by whomever."""
        put = self.database.insert(schema.notes).values(key=key, value=value)
        with self.database.writing() as connection:
            connection.execute(put.on_conflict_do_nothing())
            return str(connection.scalar(sql.select(schema.notes.c.value).where(schema.notes.c.key == key)))

    @retried
    def forget_note(self, key: str) -> None:
        """Delete a fact about the library itself."""
        with self.database.writing() as connection:
            connection.execute(schema.notes.delete().where(schema.notes.c.key == key))

    @retried
    def put(
        self,
        article: Article,
        passages: Sequence[Passage],
        vectors: Vectors,
        *,
        bands: Sequence[int] = (),
        story: str = "",
        origin: Origin = UNKNOWN_ORIGIN,
        file: bytes = b"",
    ) -> Change:
        """Store an article with its passages (n) and their vectors (n, d) in one transaction.

        An unchanged article (same digest) leaves everything as it is. A changed one replaces text and passages: the
        old text no longer answers, and stands in `history` only. `origin` names the source that gave it; one that is
        not known leaves what is written down. `file` is its PDF, where that is to be kept.
        """
        if len(passages) != len(vectors):
            raise ValueError(f"{len(passages)} passages with {len(vectors)} vectors")
        table = schema.articles
        with self.database.writing(article=article.ref.id) as connection:
            before = connection.scalar(sql.select(table.c.digest).where(table.c.id == article.ref.id))
            if before == article.digest:
                return "unchanged"
            if before is not None:
                keep_version(connection, article.ref.id, replaced=article.fetched)
                _delete(connection, article.ref.id)
            revision = self.database.new_revision(connection, article.ref.id)
            connection.execute(
                table.insert().values(article_row(article, revision=revision, story=story or article.ref.id))
            )
            if passages:
                rows = [passage_row(p, vector) for p, vector in zip(passages, vectors, strict=True)]
                connection.execute(schema.passages.insert(), rows)
            if bands:
                rows = [{"band": band, "article_id": article.ref.id} for band in sorted(set(bands))]
                connection.execute(schema.bands.insert(), rows)
            if origin != UNKNOWN_ORIGIN:
                note_origin(self.database, connection, article.ref.id, origin)
            note_pages(self.database, connection, article, file)
        return "added" if before is None else "changed"

    @retried
    def remove(self, article_id: str) -> bool:
        """Remove an article, its former versions and everything derived from it; False where there was none."""
        with self.database.writing(article=article_id) as connection:
            if not _delete(connection, article_id):
                return False
            forget_versions(connection, article_id)
            forget_origin(connection, article_id)
            forget_pages(connection, article_id)
            forget_tags(connection, article_id)
            self.database.new_revision(connection, article_id)
            return True

    @retried
    def replace_vectors(self, article_id: str, vectors: Vectors) -> None:
        """Give an article's passages new vectors (n, d), in order of position, as one revision."""
        table = schema.passages
        with self.database.writing(article=article_id) as connection:
            for position, vector in enumerate(vectors):
                here = (table.c.article_id == article_id) & (table.c.position == position)
                connection.execute(table.update().where(here).values(vector=vector_bytes(vector)))
            self.database.new_revision(connection, article_id)


def _delete(connection: sql.Connection, article_id: str) -> bool:
    connection.execute(schema.passages.delete().where(schema.passages.c.article_id == article_id))
    connection.execute(schema.bands.delete().where(schema.bands.c.article_id == article_id))
    return connection.execute(schema.articles.delete().where(schema.articles.c.id == article_id)).rowcount > 0
