"""The seam for formats: what a reader takes and gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from ingest.report import Problem
from ingest.types import Document, Limits, Link, RawArticle


def completed(page: RawArticle, entry: RawArticle) -> RawArticle:
    """Fill what a page leaves unsaid from what its feed says of it; a bare host name is no outlet's name."""
    is_named = page.outlet and page.outlet.lower().removeprefix("www.") not in page.url.lower()
    return replace(
        page,
        title=page.title or entry.title,
        outlet=page.outlet if is_named else entry.outlet or page.outlet,
        url=page.url or entry.url,
        published=page.published or entry.published,
        precision=page.precision if page.published else entry.precision,
        authors=page.authors or entry.authors,
        language=page.language or entry.language,
    )


class ArticleReader(Protocol):
    """Reads one format."""

    name: str
    suffixes: tuple[str, ...]

    def accepts(self, name: str) -> bool:
        """Whether a file of this name is in this format."""

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Link | Problem]:
        """Yield the document's articles one by one, a link for each that lies elsewhere, a problem for what is unread.

        Raises OSError where the document itself cannot be read.
        """


class BySuffix:
    """Accepts a file by the end of its name, whatever the case."""

    suffixes: tuple[str, ...] = ()

    def accepts(self, name: str) -> bool:
        """See `ArticleReader`."""
        return name.lower().endswith(self.suffixes)
