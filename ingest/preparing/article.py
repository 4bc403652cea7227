"""RawArticle -> Article: the text cleaned once, the metadata on one line each, the id settled."""

from __future__ import annotations

from datetime import datetime

from ingest.cleaning.boilerplate import cleaned
from ingest.metadata.canonical_url import canonical_url
from ingest.preparing.article_id import article_id
from ingest.text.page_starts import followed
from ingest.text.unicode import normalised, one_line
from ingest.types import RawArticle
from rag.errors import SourceError
from rag.pdf_pages import PdfPages
from rag.types import MOST_AHEAD, Article, ArticleRef

NO_TEXT = "has no text"
MOST_LINES = 40_000
"""Of one article: cleaning reads each by itself, and a trial's transcript has a fifth."""


def article_from(raw: RawArticle, *, fetched: datetime) -> Article:
    """Make the article that is stored; raises SourceError where nothing is left to store or it is too long."""
    title = one_line(raw.title)
    written = normalised(raw.text)
    if written.count("\n") > MOST_LINES:
        raise SourceError(f"has over {MOST_LINES:,} lines; save each article as a file of its own", where=raw.where)
    text = cleaned(written, title=title)
    if not text:
        raise SourceError(NO_TEXT, where=raw.where)
    starts = followed(raw.page_starts, raw.text, text)
    url = canonical_url(one_line(raw.url))
    ref = ArticleRef(
        id=article_id(raw, url=url, text=text),
        title=title,
        outlet=one_line(raw.outlet),
        url=url,
        published=raw.published,
        precision=raw.precision,
        is_ahead=raw.published is not None and raw.published > fetched + MOST_AHEAD,
        pages=PdfPages(starts=starts, is_kept=bool(raw.file)) if starts else None,
    )
    authors = tuple(name for author in raw.authors if (name := one_line(author)))
    return Article(ref=ref, text=text, authors=authors, language=one_line(raw.language).lower(), fetched=fetched)
