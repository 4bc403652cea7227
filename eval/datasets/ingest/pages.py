"""What ingest would store of a saved page: the road that every web page takes, up to the library."""

from __future__ import annotations

from datetime import UTC, datetime

from ingest.preparing.article import article_from
from ingest.readers.html.reader import article_of_page
from rag.errors import SourceError
from rag.types import Article


def stored_article(page: str, *, name: str, url: str) -> Article | None:
    """The article that ingest makes of a page, or None where it reports that there is none."""
    try:
        return article_from(article_of_page(page, where=name, source=name, url=url), fetched=datetime.now(UTC))
    except SourceError:
        return None
