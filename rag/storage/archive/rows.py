"""Rows of the archive's tables, and the types that they hold."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sql
from numpy.typing import NDArray

from rag.pdf_pages import PdfPages
from rag.scope import Scope
from rag.storage.archive import schema
from rag.storage.index_contract import epoch_bounds
from rag.types import Article, ArticleRef, Passage, Span

Vectors = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPassage:
    """A passage with its vector, as the indexes need it. `published` is seconds since 1970 (UTC), None if unknown."""

    passage: Passage
    language: str
    published: float | None
    vector: Vectors
    tags: tuple[str, ...] = ()


_REF_NAMES = ("id", "title", "outlet", "url", "published", "published_epoch", "precision")
REF_COLUMNS = tuple(schema.articles.c[name] for name in _REF_NAMES)
PASSAGES_OF_ARTICLES = schema.passages.join(schema.articles, schema.passages.c.article_id == schema.articles.c.id)
_TEXT_OF_PASSAGE = sql.func.substr(
    schema.articles.c.text, schema.passages.c.start + 1, schema.passages.c.end - schema.passages.c.start
).label("passage_text")
_PASSAGE_COLUMNS = (
    *REF_COLUMNS,
    *(schema.passages.c[name] for name in ("position", "start", "end", "sentences")),
    _TEXT_OF_PASSAGE,
)
PASSAGES = sql.select(*_PASSAGE_COLUMNS).select_from(PASSAGES_OF_ARTICLES)
STORED_PASSAGES = sql.select(*_PASSAGE_COLUMNS, schema.articles.c.language, schema.passages.c.vector).select_from(
    PASSAGES_OF_ARTICLES
)


def article_row(article: Article, *, revision: int, story: str) -> dict[str, Any]:
    """The row of an article."""
    ref = article.ref
    return {
        "id": ref.id,
        "title": ref.title,
        "outlet": ref.outlet,
        "url": ref.url,
        "published": ref.published.isoformat() if ref.published else None,
        "published_epoch": ref.believed.timestamp() if ref.believed else None,
        "precision": ref.precision,
        "authors": json.dumps(article.authors, ensure_ascii=False),
        "language": article.language,
        "fetched": article.fetched.isoformat(),
        "text": article.text,
        "digest": article.digest,
        "story": story,
        "revision": revision,
    }


def article_of(row: Any, pages: PdfPages | None = None) -> Article:
    """The article of a row, with the pages of its PDF."""
    return Article(
        ref=ref_of(row, pages),
        text=row.text,
        authors=tuple(json.loads(row.authors)),
        language=row.language,
        fetched=datetime.fromisoformat(row.fetched),
    )


def ref_of(row: Any, pages: PdfPages | None = None) -> ArticleRef:
    """The article's name and metadata; `REF_COLUMNS` are enough."""
    return ArticleRef(
        id=row.id,
        title=row.title,
        outlet=row.outlet,
        url=row.url,
        published=datetime.fromisoformat(row.published) if row.published else None,
        precision=row.precision,
        # What is compared is left empty where the date is not believed; former versions have no such column.
        is_ahead=row.published is not None and getattr(row, "published_epoch", 0) is None,
        pages=pages,
    )


def passage_row(passage: Passage, vector: Vectors) -> dict[str, Any]:
    """The row of a passage; its text stands in the article's row."""
    return {
        "article_id": passage.article.id,
        "position": passage.position,
        "start": passage.start,
        "end": passage.end,
        "sentences": json.dumps([(span.start, span.end) for span in passage.sentences]),
        "vector": vector_bytes(vector),
    }


def passage_of(row: Any, pages: PdfPages | None = None) -> Passage:
    """The passage of a row of `PASSAGES`, with the pages of its article's PDF."""
    return Passage(
        article=ref_of(row, pages),
        position=row.position,
        start=row.start,
        end=row.end,
        text=row.passage_text,
        sentences=tuple(Span(start=start, end=end) for start, end in json.loads(row.sentences)),
    )


def stored_passage_of(row: Any, tags: tuple[str, ...] = (), pages: PdfPages | None = None) -> StoredPassage:
    """The passage of a row of `STORED_PASSAGES`, with its vector, and the tags and pages of its article."""
    return StoredPassage(
        passage=passage_of(row, pages),
        language=row.language,
        published=row.published_epoch,
        vector=np.frombuffer(row.vector, dtype="<f4"),
        tags=tags,
    )


def refs_within(scope: Scope) -> sql.Select[Any]:
    """The articles of the scope as far as their own rows tell, newest first, undated ones last."""
    table = schema.articles
    after, before = epoch_bounds(scope)
    query = sql.select(*REF_COLUMNS).order_by(table.c.published_epoch.desc().nulls_last(), table.c.id)
    if after is not None:
        query = query.where(table.c.published_epoch >= after)
    if before is not None:
        query = query.where(table.c.published_epoch <= before)
    if scope.outlets:
        query = query.where(table.c.outlet.in_(list(scope.outlets)))
    if scope.articles:
        query = query.where(table.c.id.in_(list(scope.articles)))
    return query


def vector_bytes(vector: Vectors) -> bytes:
    """Little-endian 32-bit floats, the same on every machine."""
    return np.asarray(vector, dtype="<f4").tobytes()


def moment_of(epoch: float | None) -> datetime | None:
    """Seconds since 1970 as a moment in UTC."""
    return None if epoch is None else datetime.fromtimestamp(epoch, tz=UTC)
