"""An article between its source and the library: read and cleaned, and where a worker did that, cut into passages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ingest.attempt import attempt
from ingest.preparing.article import article_from
from ingest.preparing.article_id import source_of
from ingest.preparing.chunking import cut_passages
from ingest.preparing.near_duplicates import bands_of
from ingest.report import Problem
from ingest.types import RawArticle
from rag.storage.near_copies import grams_of
from rag.types import Article, Passage


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """What follows from an article's text alone: its passages and its MinHash bands."""

    passages: tuple[Passage, ...]
    bands: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What was made of a `RawArticle`; `article` is a problem where nothing is left to store.

    `source` is as `source_of` names it, `notes`, `left_out` and `file` are the raw article's; `cut` is None where no
    worker cut it.
    """

    where: str
    source: str
    article: Article | Problem
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    cut: Cut | None = None
    file: bytes = b""


def draft_of(raw: RawArticle, *, fetched: datetime) -> Draft:
    """Clean an article; what goes wrong with it becomes its problem."""
    return Draft(
        where=raw.where,
        source=source_of(raw),
        article=attempt(lambda: article_from(raw, fetched=fetched), where=raw.where),
        notes=raw.notes,
        left_out=raw.left_out,
        file=raw.file,
    )


def cut_of(article: Article) -> Cut:
    """Cut an article into passages and compute its bands."""
    return Cut(passages=cut_passages(article), bands=bands_of(grams_of(article.text)))
