"""Saved web pages: the article's text without the page around it, and what the page says about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.characters import normalised, one_line
from ingest.decoding import decode, read_bytes
from ingest.html_metadata import declared_encoding, page_metadata
from ingest.markup import is_hidden
from ingest.readers import BySuffix, Limits, RawArticle
from ingest.report import Problem
from rag.errors import SourceError

NO_ARTICLE = "no article found on this page"
_MIN_WORDS = 20
"""Shorter results of the extraction are cookie notices and the like."""

_KEPT_WHEN_HIDDEN = frozenset(["html", "body", "head", "article", "main"])
"""Pages hide these until their scripts have run."""


class HtmlReader(BySuffix):
    """`.html`, `.htm` and `.xhtml`; one article a page, found by trafilatura."""

    name: str = "html"
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml")

    def read(self, path: Path, limits: Limits) -> Iterator[RawArticle | Problem]:
        """See `ArticleReader`."""
        where = str(path)
        try:
            data = read_bytes(path, limits)
            page = decode(data, declared=declared_encoding(data))
            yield article_of_page(page, where=where, source=path.name)
        except SourceError as error:
            yield Problem(where, str(error))


def article_of_page(page: str, *, where: str, source: str) -> RawArticle:
    """Return the article of an HTML page; raises SourceError where there is none."""
    if not page.strip():
        raise SourceError("has no text")
    tree = _visible_tree(page)
    if tree is None:
        raise SourceError(NO_ARTICLE)
    metadata = page_metadata(tree)
    text = normalised(_article_text(tree))
    if len(text.split()) < _MIN_WORDS and len(text) < _MIN_WORDS * 6:
        raise SourceError(NO_ARTICLE)
    return RawArticle(
        where=where,
        source=source,
        text=text,
        title=one_line(metadata.title),
        outlet=one_line(metadata.outlet),
        url=metadata.url,
        published=metadata.published,
        precision=metadata.precision,
        authors=tuple(one_line(author) for author in metadata.authors),
        language=metadata.language,
    )


def _article_text(tree: Any) -> str:
    import trafilatura

    document = trafilatura.bare_extraction(tree, include_comments=False)
    return getattr(document, "text", None) or ""


def _visible_tree(page: str) -> Any | None:
    """Parse the page and take out what it hides from its readers."""
    import trafilatura

    tree = trafilatura.load_html(page)
    if tree is None:
        return None
    for element in [element for element in tree.iter() if isinstance(element.tag, str) and is_hidden(element)]:
        if element.tag not in _KEPT_WHEN_HIDDEN and element.getparent() is not None:
            element.drop_tree()
    return tree
