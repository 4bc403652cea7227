"""Small feeds, and what the reader makes of them."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.feed.reader import (
    FeedEntry,
    FeedReader,
    feed_entries,
)
from ingest.report import Problem
from ingest.types import Document, Limits, Link, RawArticle

LIMITS = Limits(max_mb=20)


STORY = "The harbour council met on Tuesday and chose a new chair after a debate of three hours about the old pier."


URL = "https://harbour.example/news/feed.xml"


def document(content: str | bytes, *, url: str = URL, charset: str = "") -> Document:
    data = content if isinstance(content, bytes) else content.encode()
    return Document.of_bytes(data, where="feed.xml", name="feed.xml", url=url, charset=charset)


def read(content: str | bytes, *, url: str = URL, charset: str = "") -> list[RawArticle | Link | Problem]:
    return list(FeedReader().read(document(content, url=url, charset=charset), LIMITS))


def article(content: str | bytes, *, url: str = URL, charset: str = "") -> RawArticle:
    (found,) = read(content, url=url, charset=charset)
    assert isinstance(found, RawArticle)
    return found


def rss(*items: str) -> str:
    return f"<rss><channel><title>T</title>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"


def entries(content: str, known: Sequence[str] = ()) -> list[FeedEntry]:
    found = list(feed_entries(document(content), LIMITS, known=known))
    assert all(isinstance(entry, FeedEntry) for entry in found)
    return [entry for entry in found if isinstance(entry, FeedEntry)]
