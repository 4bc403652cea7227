"""An address -> a subscription: to the feed there, or to the one feed that the page there names."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ingest.readers.feed.elements import joined
from ingest.readers.feed.entries import is_web_address
from ingest.readers.feed.reader import feed_title, looks_like_feed
from ingest.text.decoding import decode
from ingest.text.unicode import one_line
from ingest.types import Document, Limits
from rag.errors import SourceError, UsageError

if TYPE_CHECKING:
    from ingest.crawl import Pages
    from ingest.fetching.fetcher import Fetched
    from rag.storage.archive.feeds import Feed
    from rag.storage.library import Library

_FEED_TYPES = frozenset(["application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"])
_SNIFFED_BYTES = 4096
_READ_CHARACTERS = 1_000_000
_MAX_NAMED_FEEDS = 20


def add_feed(library: Library, fetcher: Pages, url: str, *, follow: bool = True, now: datetime) -> Feed:
    """Subscribe to the feed at `url`, or to the one that the page at `url` names; return the subscription.

    A feed that is subscribed already stays as it is, but for `follow`. Its address is the one that redirects end at.
    Raises FetchError where it cannot be fetched, SourceError where there is no feed, UsageError where the page names
    several.
    """
    limits = Limits.of(library.settings)
    fetched = fetcher.get(url)
    if not looks_like_feed(fetched.data[:_SNIFFED_BYTES]):
        fetched = fetcher.get(_only_feed_of(fetched, where=url))
    title = feed_title(document_of(fetched), limits)
    store = library.archive.feeds
    store.add(fetched.url, title=title, follow=follow, now=now)
    feed = store.feed(fetched.url)
    if feed is None:  # removed in this very moment, by somebody else
        raise SourceError("was removed while it was added; add it again", where=url)
    if feed.follow != follow:
        feed = replace(feed, follow=follow)
        store.update(feed)
    return feed


def document_of(fetched: Fetched) -> Document:
    """Return what was fetched as a document."""
    return Document.of_bytes(
        fetched.data, where=fetched.url, name=fetched.url, url=fetched.url, charset=fetched.charset
    )


def named_feeds(page: str, *, url: str) -> dict[str, str]:
    """Address -> title of the feeds that an HTML page names (`<link rel="alternate">`), in the page's order."""
    from lxml import etree

    source = page[:_READ_CHARACTERS].replace("\0", "").encode("utf-8", "ignore")
    root = etree.fromstring(source, etree.HTMLParser(encoding="utf-8", recover=True)) if source.strip() else None
    if root is None:
        return {}
    base = next((given for element in root.iter("base") if (given := element.get("href"))), "")
    feeds: dict[str, str] = {}
    for link in root.iter("link"):
        address = joined(joined(url, base) or url, link.get("href", ""))
        if _is_feed_link(link) and is_web_address(address) and len(feeds) < _MAX_NAMED_FEEDS:
            feeds.setdefault(address, one_line(link.get("title", "")))
    return feeds


def _is_feed_link(link: Any) -> bool:
    kind = link.get("type", "").partition(";")[0].strip().lower()
    return kind in _FEED_TYPES and "alternate" in link.get("rel", "").lower().split()


def _only_feed_of(fetched: Fetched, *, where: str) -> str:
    try:
        feeds = named_feeds(decode(fetched.data, declared=fetched.charset), url=fetched.url)
    except SourceError:
        feeds = {}
    if not feeds:
        raise SourceError("is no feed and names none; give the address of the feed itself", where=where)
    if len(feeds) > 1:
        shown = ", ".join(f"{url} ({title})" if title else url for url, title in feeds.items())
        raise UsageError(f"{where} names {len(feeds)} feeds; add the one that you want: {shown}")
    return next(iter(feeds))
