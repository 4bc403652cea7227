"""Saved web pages: the article's text without the page around it, and what the page says about it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.base import BySuffix
from ingest.readers.html.declared_text import settled_text
from ingest.readers.html.layout import Layout
from ingest.readers.html.live_blog import LiveEntry, take_live_entries
from ingest.readers.html.main_text import article_text, visible_tree
from ingest.readers.html.metadata import PageMetadata, declared_encoding, page_metadata
from ingest.readers.html.page_kind import is_listing, is_notice
from ingest.report import Problem
from ingest.text.decoding import decode
from ingest.text.markup_bounds import refuse_vast_markup
from ingest.text.unicode import normalised, one_line
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError

NO_ARTICLE = "no article found on this page"
OTHER_STORY = "its page shows another story, too; that is left out, ingest its own page for it"
_MIN_WORDS = 20
"""Shorter results of the extraction are cookie notices and the like."""


class HtmlReader(BySuffix):
    """`.html`, `.htm` and `.xhtml`; one article a page, found by trafilatura, or one for each entry of a live blog."""

    name: str = "html"
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml")

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Problem]:
        """See `ArticleReader`."""
        where = document.where
        try:
            data = document.read(limits)
            page = decode(data, declared=document.charset or declared_encoding(data))
            yield from articles_of_page(page, where=where, source=document.name, url=document.url)
        except SourceError as error:
            yield Problem(where, str(error))


def articles_of_page(page: str, *, where: str, source: str, url: str = "") -> list[RawArticle]:
    """Return the article of an HTML page, or the entries of a live blog; raises SourceError where there is none.

    `url` is where the page was fetched from: its address where it names no canonical one.
    """
    metadata, layout = _parsed(page, url)
    address = metadata.url or url
    entries = take_live_entries(layout, metadata.json_ld, published=metadata.published, url=address)
    if entries:
        # What the page says of itself, without the times and names of its entries.
        metadata, layout = page_metadata(layout.tree, url=url)
    found: list[RawArticle] = []
    try:
        found.append(_article(metadata, layout, where=where, source=source, url=address, is_live=bool(entries)))
    except SourceError:
        if not entries:
            raise
    return [*found, *(_of_entry(entry, metadata, where=where, source=source) for entry in entries)]


def article_of_page(page: str, *, where: str, source: str, url: str = "") -> RawArticle:
    """Return the one article of an HTML page, as `articles_of_page` does; a live blog is one, too."""
    metadata, layout = _parsed(page, url)
    return _article(metadata, layout, where=where, source=source, url=metadata.url or url)


def _parsed(page: str, url: str) -> tuple[PageMetadata, Layout]:
    if not page.strip():
        raise SourceError("has no text")
    refuse_vast_markup(page)
    tree = visible_tree(page)
    if tree is None:
        raise SourceError(NO_ARTICLE)
    return page_metadata(tree, url=url)


def _article(
    metadata: PageMetadata, layout: Layout, *, where: str, source: str, url: str, is_live: bool = False
) -> RawArticle:
    """Return the page's article; `is_live` says that a live blog's entries were taken out of it."""
    if not metadata.declares_article and is_listing(layout):
        raise SourceError(NO_ARTICLE)
    found, held_other_story = article_text(layout, title=metadata.title, url=url)
    text, held_other_text = settled_text(normalised(found), metadata.json_ld, is_live=is_live)
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
        notes=metadata.notes,
        left_out=(OTHER_STORY,) if held_other_story or held_other_text else (),
    )


def _of_entry(entry: LiveEntry, metadata: PageMetadata, *, where: str, source: str) -> RawArticle:
    published = entry.published
    return RawArticle(
        where=where,
        source=source,
        text=entry.text,
        title=entry.heading or one_line(metadata.title),
        outlet=one_line(metadata.outlet),
        url=metadata.url,
        published=published[0] if published else metadata.published,
        precision=published[1] if published else metadata.precision,
        authors=entry.authors,
        language=metadata.language,
        part=entry.part,
    )
