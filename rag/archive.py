"""The truth of a library: one SQL database with articles, passages, vectors, stories and a growing revision.

Every change of one article is one transaction and one revision. The search indexes are derived from here and can be
rebuilt at any time without a model and without the sources. SQLAlchemy is used nowhere else.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import sqlalchemy as sql
from numpy.typing import NDArray
from sqlalchemy import exc

from rag import archive_schema as schema
from rag.errors import LibraryBusy, LibraryError, StorageError
from rag.types import Article, ArticleRef, Passage, Span
from rag.vectors import VectorRows

Vectors = NDArray[np.float32]
Change = Literal["added", "changed", "unchanged"]

BUSY_TIMEOUT_SECONDS = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPassage:
    """A passage with its vector, as the indexes need it. `published` is seconds since 1970 (UTC), None if unknown."""

    passage: Passage
    language: str
    published: float | None
    vector: Vectors


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedArticle:
    """An article that was stored or removed at `revision`."""

    revision: int
    article_id: str


class Archive:
    """The library's database. Safe to use from several threads and several processes at once."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open or create the database at `path`.

        Raises `LibraryError` for a file that is no archive or comes from a newer Newsdesk, `StorageError` where the
        disk refuses.
        """
        self.path = path
        self.read_only = read_only
        # A folder that cannot be written has no room for WAL's shared-memory file; nobody else can be writing there
        # either.
        query = "?mode=ro&immutable=1&uri=true" if read_only else "?uri=true"
        self._engine = sql.create_engine(
            f"sqlite:///file:{path.absolute().as_posix()}{query}",
            connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        )
        sql.event.listen(self._engine, "connect", _prepare_connection(read_only=read_only))
        sql.event.listen(self._engine, "begin", _begin)
        with self._translated():
            schema.prepare(self._engine, read_only=read_only)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    # --- reading ----------------------------------------------------------------------------------------------------

    def revision(self) -> int:
        """The number of the last change; 0 for a library that never held anything."""
        with self._reading() as connection:
            return int(connection.scalar(sql.select(sql.func.max(schema.changes.c.revision))) or 0)

    def count(self) -> int:
        """Number of articles."""
        with self._reading() as connection:
            return int(connection.scalar(sql.select(sql.func.count()).select_from(schema.articles)) or 0)

    def passage_count(self) -> int:
        """Number of passages."""
        with self._reading() as connection:
            return int(connection.scalar(sql.select(sql.func.count()).select_from(schema.passages)) or 0)

    def story_count(self) -> int:
        """Number of stories: wire copies of one text count once."""
        with self._reading() as connection:
            return int(connection.scalar(sql.select(sql.func.count(schema.articles.c.story.distinct()))) or 0)

    def article(self, article_id: str) -> Article | None:
        """The article as it stands now."""
        table = schema.articles
        with self._reading() as connection:
            row = connection.execute(sql.select(table).where(table.c.id == article_id)).one_or_none()
        if row is None:
            return None
        return Article(
            ref=_ref(row),
            text=row.text,
            authors=tuple(json.loads(row.authors)),
            language=row.language,
            fetched=datetime.fromisoformat(row.fetched),
        )

    def digest_of(self, article_id: str) -> str | None:
        """The stored article's digest, None where there is no such article."""
        table = schema.articles
        with self._reading() as connection:
            return connection.scalar(sql.select(table.c.digest).where(table.c.id == article_id))

    def refs(
        self,
        *,
        after: datetime | None = None,
        before: datetime | None = None,
        outlets: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[ArticleRef]:
        """Articles, newest first, undated ones last; bounds are inclusive and leave undated articles out."""
        table = schema.articles
        query = sql.select(*_REF_COLUMNS).order_by(table.c.published_epoch.desc().nulls_last(), table.c.id)
        if after is not None:
            query = query.where(table.c.published_epoch >= after.timestamp())
        if before is not None:
            query = query.where(table.c.published_epoch <= before.timestamp())
        if outlets:
            query = query.where(table.c.outlet.in_(list(outlets)))
        with self._reading() as connection:
            return [_ref(row) for row in connection.execute(query.limit(limit).offset(offset))]

    def outlets(self) -> list[str]:
        """Every outlet's name, sorted; articles without one are not named."""
        column = schema.articles.c.outlet
        with self._reading() as connection:
            return list(connection.scalars(sql.select(column).where(column != "").distinct().order_by(column)))

    def languages(self) -> list[str]:
        """Every language code in the library, sorted."""
        column = schema.articles.c.language
        with self._reading() as connection:
            return list(connection.scalars(sql.select(column).where(column != "").distinct().order_by(column)))

    def period(self) -> tuple[datetime | None, datetime | None]:
        """First and last publication date, None where no article is dated."""
        column = schema.articles.c.published_epoch
        with self._reading() as connection:
            first, last = connection.execute(sql.select(sql.func.min(column), sql.func.max(column))).one()
        return _moment(first), _moment(last)

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The article's passages in order; empty where there is no such article."""
        return tuple(stored.passage for stored in self.stored_passages([article_id]))

    def passages_by_id(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """The passages that still exist, by id."""
        wanted = [(article, int(position)) for article, _, position in (i.rpartition(":") for i in passage_ids)]
        table = schema.passages
        key = sql.tuple_(table.c.article_id, table.c.position)
        with self._reading() as connection:
            rows = connection.execute(_PASSAGES.where(key.in_(wanted))).all() if wanted else []
        found = (_passage(row) for row in rows)
        return {passage.id: passage for passage in found}

    def stored_passages(self, article_ids: Sequence[str]) -> list[StoredPassage]:
        """Passages with vectors of these articles, ordered by article and position."""
        with self._reading() as connection:
            rows = connection.execute(
                _STORED.where(schema.passages.c.article_id.in_(list(article_ids))).order_by(
                    schema.passages.c.article_id, schema.passages.c.position
                )
            ).all()
        return [_stored(row) for row in rows]

    def vector_rows(self) -> VectorRows:
        """Every passage's id, outlet, date and vector, without its text: what exact search needs, read in one go."""
        passages, articles = schema.passages, schema.articles
        columns = (
            passages.c.article_id,
            passages.c.position,
            passages.c.vector,
            articles.c.outlet,
            articles.c.published_epoch,
        )
        with self._reading() as connection:
            rows = connection.execute(sql.select(*columns).select_from(_JOINED)).all()
        if not rows:
            return VectorRows.empty()
        ids, positions, vectors, outlets, published = zip(*rows, strict=True)
        return VectorRows(
            passage_ids=[f"{name}:{position}" for name, position in zip(ids, positions, strict=True)],
            article_ids=list(ids),
            outlets=list(outlets),
            published=np.array([np.nan if epoch is None else epoch for epoch in published], dtype=np.float64),
            matrix=np.frombuffer(b"".join(vectors), dtype="<f4").reshape(len(rows), -1),
        )

    def changed_since(self, revision: int, *, limit: int) -> list[ChangedArticle]:
        """The next changed articles after `revision`, oldest first.

        Each article comes once, at its last change in the batch.
        """
        table = schema.changes
        query = sql.select(table).where(table.c.revision > revision).order_by(table.c.revision).limit(limit)
        with self._reading() as connection:
            last = {row.article_id: row.revision for row in connection.execute(query)}
        return [ChangedArticle(revision=number, article_id=name) for name, number in last.items()]

    def vectors_of(self, passage_ids: Sequence[str]) -> dict[str, Vectors]:
        """Passage id -> vector, for the passages that exist."""
        wanted = [(article, int(position)) for article, _, position in (i.rpartition(":") for i in passage_ids)]
        table = schema.passages
        query = sql.select(table.c.article_id, table.c.position, table.c.vector)
        with self._reading() as connection:
            rows = connection.execute(query.where(sql.tuple_(table.c.article_id, table.c.position).in_(wanted))).all()
        return {f"{row.article_id}:{row.position}": np.frombuffer(row.vector, dtype="<f4") for row in rows}

    def article_ids(self) -> list[str]:
        """Every article's id, sorted."""
        with self._reading() as connection:
            return list(connection.scalars(sql.select(schema.articles.c.id).order_by(schema.articles.c.id)))

    def band_candidates(self, bands: Sequence[int]) -> list[str]:
        """Ids of articles that share a MinHash band with these."""
        table = schema.bands
        with self._reading() as connection:
            query = sql.select(table.c.article_id).where(table.c.band.in_(list(bands))).distinct()
            return sorted(connection.scalars(query)) if bands else []

    def story_of(self, article_id: str) -> str | None:
        """The story that the article belongs to."""
        table = schema.articles
        with self._reading() as connection:
            return connection.scalar(sql.select(table.c.story).where(table.c.id == article_id))

    def stories_of(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Article id -> story id, for the articles that exist."""
        table = schema.articles
        with self._reading() as connection:
            rows = connection.execute(sql.select(table.c.id, table.c.story).where(table.c.id.in_(list(article_ids))))
            return {row.id: row.story for row in rows}

    def story_members(self, stories: Sequence[str]) -> dict[str, list[ArticleRef]]:
        """Story id -> its articles, earliest first."""
        table = schema.articles
        query = sql.select(*_REF_COLUMNS, table.c.story).where(table.c.story.in_(list(stories)))
        members: dict[str, list[ArticleRef]] = {}
        with self._reading() as connection:
            for row in connection.execute(query.order_by(table.c.published_epoch.asc().nulls_last(), table.c.id)):
                members.setdefault(row.story, []).append(_ref(row))
        return members

    def note(self, key: str) -> str | None:
        """A fact about the library itself (embedder, dimension)."""
        table = schema.notes
        with self._reading() as connection:
            return connection.scalar(sql.select(table.c.value).where(table.c.key == key))

    # --- writing ----------------------------------------------------------------------------------------------------

    def set_note(self, key: str, value: str) -> None:
        """Write down a fact about the library itself."""
        with self._writing() as connection:
            connection.execute(schema.notes.delete().where(schema.notes.c.key == key))
            connection.execute(schema.notes.insert().values(key=key, value=value))

    def put(
        self,
        article: Article,
        passages: Sequence[Passage],
        vectors: Vectors,
        *,
        bands: Sequence[int] = (),
        story: str = "",
    ) -> Change:
        """Store an article with its passages (n) and their vectors (n, d) in one transaction.

        An unchanged article (same digest) leaves everything as it is. A changed one replaces text and passages, and
        the old ones are gone.
        """
        if len(passages) != len(vectors):
            raise ValueError(f"{len(passages)} passages with {len(vectors)} vectors")
        table = schema.articles
        with self._writing() as connection:
            before = connection.scalar(sql.select(table.c.digest).where(table.c.id == article.ref.id))
            if before == article.digest:
                return "unchanged"
            _delete(connection, article.ref.id)
            revision = connection.execute(
                schema.changes.insert().returning(schema.changes.c.revision), {"article_id": article.ref.id}
            ).scalar_one()
            connection.execute(table.insert().values(_article_row(article, revision, story or article.ref.id)))
            if passages:
                rows = [_passage_row(p, vector) for p, vector in zip(passages, vectors, strict=True)]
                connection.execute(schema.passages.insert(), rows)
            if bands:
                rows = [{"band": band, "article_id": article.ref.id} for band in sorted(set(bands))]
                connection.execute(schema.bands.insert(), rows)
        return "added" if before is None else "changed"

    def remove(self, article_id: str) -> bool:
        """Remove an article and everything derived from it; False where there was none."""
        with self._writing() as connection:
            if not _delete(connection, article_id):
                return False
            connection.execute(schema.changes.insert().values(article_id=article_id))
            return True

    def replace_vectors(self, article_id: str, vectors: Vectors) -> None:
        """Give an article's passages new vectors (n, d), in order of position, as one revision."""
        table = schema.passages
        with self._writing() as connection:
            for position, vector in enumerate(vectors):
                here = (table.c.article_id == article_id) & (table.c.position == position)
                connection.execute(table.update().where(here).values(vector=_blob(vector)))
            connection.execute(schema.changes.insert().values(article_id=article_id))

    # --- connections ------------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[sql.Connection]:
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sql.Connection]:
        if self.read_only:
            raise StorageError(
                f"the library at {str(self.path.parent)!r} is read-only; make its folder writable to change it"
            )
        with self._translated(), self._engine.connect() as plain:
            connection = plain.execution_options(newsdesk_writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            raise _explained(error, self.path) from error


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


_REF_COLUMNS = tuple(schema.articles.c[name] for name in ("id", "title", "outlet", "url", "published", "precision"))
_JOINED = schema.passages.join(schema.articles, schema.passages.c.article_id == schema.articles.c.id)
_TEXT_OF_PASSAGE = sql.func.substr(
    schema.articles.c.text, schema.passages.c.start + 1, schema.passages.c.end - schema.passages.c.start
).label("passage_text")
_PASSAGE_COLUMNS = (
    *_REF_COLUMNS,
    *(schema.passages.c[name] for name in ("position", "start", "end", "sentences")),
    _TEXT_OF_PASSAGE,
)
_PASSAGES = sql.select(*_PASSAGE_COLUMNS).select_from(_JOINED)
_STORED = sql.select(
    *_PASSAGE_COLUMNS, schema.articles.c.language, schema.articles.c.published_epoch, schema.passages.c.vector
).select_from(_JOINED)


def _delete(connection: sql.Connection, article_id: str) -> bool:
    connection.execute(schema.passages.delete().where(schema.passages.c.article_id == article_id))
    connection.execute(schema.bands.delete().where(schema.bands.c.article_id == article_id))
    return connection.execute(schema.articles.delete().where(schema.articles.c.id == article_id)).rowcount > 0


def _article_row(article: Article, revision: int, story: str) -> dict[str, Any]:
    ref = article.ref
    return {
        "id": ref.id,
        "title": ref.title,
        "outlet": ref.outlet,
        "url": ref.url,
        "published": ref.published.isoformat() if ref.published else None,
        "published_epoch": ref.published.timestamp() if ref.published else None,
        "precision": ref.precision,
        "authors": json.dumps(article.authors, ensure_ascii=False),
        "language": article.language,
        "fetched": article.fetched.isoformat(),
        "text": article.text,
        "digest": article.digest,
        "story": story,
        "revision": revision,
    }


def _passage_row(passage: Passage, vector: Vectors) -> dict[str, Any]:
    return {
        "article_id": passage.article.id,
        "position": passage.position,
        "start": passage.start,
        "end": passage.end,
        "sentences": json.dumps([(span.start, span.end) for span in passage.sentences]),
        "vector": _blob(vector),
    }


def _blob(vector: Vectors) -> bytes:
    return np.asarray(vector, dtype="<f4").tobytes()


def _ref(row: Any) -> ArticleRef:
    return ArticleRef(
        id=row.id,
        title=row.title,
        outlet=row.outlet,
        url=row.url,
        published=datetime.fromisoformat(row.published) if row.published else None,
        precision=row.precision,
    )


def _passage(row: Any) -> Passage:
    return Passage(
        article=_ref(row),
        position=row.position,
        start=row.start,
        end=row.end,
        text=row.passage_text,
        sentences=tuple(Span(start=start, end=end) for start, end in json.loads(row.sentences)),
    )


def _stored(row: Any) -> StoredPassage:
    return StoredPassage(
        passage=_passage(row),
        language=row.language,
        published=row.published_epoch,
        vector=np.frombuffer(row.vector, dtype="<f4"),
    )


def _moment(epoch: float | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, tz=UTC)
