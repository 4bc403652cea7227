"""Saved web pages: the article's text without the page around it, and what the page says about it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.base import BySuffix
from ingest.readers.html.declared_text import settled_text
from ingest.readers.html.main_text import article_text, visible_tree
from ingest.readers.html.metadata import declared_encoding, page_metadata
from ingest.readers.html.page_kind import is_listing, is_notice
from ingest.report import Problem
from ingest.text.decoding import decode
from ingest.text.unicode import normalised, one_line
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError

NO_ARTICLE = "no article found on this page"
OTHER_STORY = "its page shows another story, too; that is left out, ingest its own page for it"
_MIN_WORDS = 20
"""Shorter results of the extraction are cookie notices and the like."""


class HtmlReader(BySuffix):
    """`.html`, `.htm` and `.xhtml`; one article a page, found by trafilatura."""

    name: str = "html"
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml")

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Problem]:
        """See `ArticleReader`."""
        where = document.where
        try:
            data = document.read(limits)
            page = decode(data, declared=document.charset or declared_encoding(data))
            yield article_of_page(page, where=where, source=document.name, url=document.url)
        except SourceError as error:
            yield Problem(where, str(error))


def article_of_page(page: str, *, where: str, source: str, url: str = "") -> RawArticle:
    """Return the article of an HTML page; raises SourceError where there is none.

    `url` is where the page was fetched from: its address where it names no canonical one.
    """
    if not page.strip():
        raise SourceError("has no text")
    tree = visible_tree(page)
    if tree is None:
        raise SourceError(NO_ARTICLE)
    metadata, layout = page_metadata(tree, url=url)
    if not metadata.declares_article and is_listing(layout):
        raise SourceError(NO_ARTICLE)
    found, held_other_story = article_text(layout, title=metadata.title, url=metadata.url or url)
    text, held_other_text = settled_text(normalised(found), metadata.json_ld)
    too_short = len(text.split()) < _MIN_WORDS and len(text) < _MIN_WORDS * 6
    if too_short or is_notice(metadata.title, text, declares_article=metadata.declares_article):
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
        notes=(OTHER_STORY,) if held_other_story or held_other_text else (),
    )
