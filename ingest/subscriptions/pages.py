"""New entries of a subscription -> articles: the feed's own text, or the pages that it links to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.attempt import attempt
from ingest.fetching.errors import FetchError
from ingest.readers.base import completed
from ingest.readers.feed.reader import FeedEntry
from ingest.readers.html.reader import HtmlReader
from ingest.report import Problem
from ingest.types import Document, Limits, Link, RawArticle

if TYPE_CHECKING:
    from ingest.crawl import Pages
    from rag.storage.archive.feeds import Feed

MAX_PAGES = 500
"""Pages fetched for one feed in one poll; the next poll goes on from there."""

NO_TEXT = "gives only a link; subscribe to the feed with its links followed to have the article"


class EntryArticles:
    """Reads entries of one feed. `unread` holds the keys of those that the next poll shall read again."""

    def __init__(self, feed: Feed, pages: Pages, limits: Limits) -> None:
        self.unread: set[str] = set()
        self._feed = feed
        self._pages = pages
        self._limits = limits
        self._pages_left = MAX_PAGES if feed.follow else 0

    def of(self, entries: Sequence[FeedEntry]) -> Iterator[RawArticle | Problem]:
        """Yield an article or a problem for each entry, in order; nothing for those beyond the limit of pages."""
        for entry in entries:
            found = entry.found
            if isinstance(found, Problem):
                yield found
            elif isinstance(found, (RawArticle, Link)):
                own = found.entry if isinstance(found, Link) else found
                own = own and replace(own, source=self._feed.url)  # ids stay the same wherever the feed redirects to
                yield from self._article(entry.key, url=found.url, own=own, where=found.where)

    def _article(self, key: str, *, url: str, own: RawArticle | None, where: str) -> Iterator[RawArticle | Problem]:
        if not (self._feed.follow and url):
            yield own or Problem(where, NO_TEXT)
        elif self._pages_left <= 0:
            self.unread.add(key)
        else:
            self._pages_left -= 1
            for page in self._page(key, url):
                if isinstance(page, RawArticle):
                    yield page if own is None else completed(page, own)
                elif own is None:
                    yield page
                else:
                    note = f"its page could not be read ({page.reason}); the feed's own text went in"
                    yield replace(own, notes=(*own.notes, note))

    def _page(self, key: str, url: str) -> list[RawArticle | Problem]:
        found = attempt(lambda: self._fetched(key, url), where=url)
        return [found] if isinstance(found, Problem) else found or [Problem(url, "is empty")]

    def _fetched(self, key: str, url: str) -> list[RawArticle | Problem]:
        try:
            fetched = self._pages.get(url)
        except FetchError as error:
            if not error.permanent:
                self.unread.add(key)
            raise
        document = Document.of_bytes(
            fetched.data, where=url, name=self._feed.url, url=fetched.url, charset=fetched.charset
        )
        return list(HtmlReader().read(document, self._limits))
