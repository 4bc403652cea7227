"""Feeds: RSS, Atom, RDF, CDF and JSON Feed, from a file or for a subscription."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from ingest.readers.base import BySuffix
from ingest.readers.feed.elements import FeedField, FeedItem, from_root, items_of
from ingest.readers.feed.entries import digest_of, entry_of, id_of, link_of, title_of
from ingest.report import Problem
from ingest.text.xml_repair import mended, xml_text
from ingest.types import Document, Limits, Link, RawArticle
from rag.errors import SourceError

NOT_A_FEED = "is no feed: it is neither RSS, Atom nor JSON Feed"
NO_ENTRIES = "is a feed without entries"
_FEED_START = re.compile(rb"<(?:[\w.-]{1,50}:)?(?:rss|feed|rdf:rdf)[\s>/]", re.IGNORECASE)
_CHANNEL_START = re.compile(rb"<channel[\s>]", re.IGNORECASE)
_JSON_FEED = re.compile(
    rb"\"version\"\s{0,9}:\s{0,9}\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version|\"(?:home_page_url|feed_url)\"",
    re.IGNORECASE,
)
"""Its version may stand behind its entries, far from the beginning."""

_MAX_VAIN = 1000
"""So many entries of which none can be read say that none can; each would be a line of the report."""

_LONGEST_NAME = 500
"""An index of PostgreSQL takes rows of 2,700 bytes."""

_JSON_FIELDS = {
    "content_html": "content", "content_text": "content", "summary": "summary", "title": "title", "url": "link",
    "external_url": "link", "id": "id", "date_published": "published", "date_modified": "updated",
    "language": "language",
}  # fmt: skip

Entries = Iterator[tuple[FeedItem, FeedItem]]


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedEntry:
    """An entry as a subscription sees it.

    `key` names it within its feed (its own id, its address, or its digest), `digest` tells whether the feed says
    something new of it. `found` is None where the caller knows the digest already, and nothing more was read.
    """

    key: str
    digest: str
    found: RawArticle | Link | Problem | None


class FeedReader(BySuffix):
    """`.rss`, `.atom` and `.rdf`, and any document that looks like a feed."""

    name: str = "feed"
    suffixes: tuple[str, ...] = (".rss", ".atom", ".rdf")

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Link | Problem]:
        """See `ArticleReader`. An entry with too little text to be the article is a link to it."""
        entries = 0
        is_vain = True
        for entries, entry in enumerate(feed_entries(document, limits), start=1):
            found = entry if isinstance(entry, Problem) else entry.found
            is_vain = is_vain and isinstance(found, Problem)
            if found is not None:
                yield found
            if is_vain and entries == _MAX_VAIN:
                yield Problem(document.where, f"has no article in its first {entries:,} entries; it is left there")
                return
        if not entries:
            yield Problem(document.where, NO_ENTRIES)


def looks_like_feed(head: bytes) -> bool:
    """Whether a document that begins like this is a feed."""
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"{"):
        return _JSON_FEED.search(start) is not None
    if not start.startswith(b"<") or re.search(rb"<html[\s>]", start, re.IGNORECASE):
        return False
    return _FEED_START.search(start) is not None or _CHANNEL_START.search(start) is not None


def _short(name: str) -> str:
    """A name that any database can look up; a long one's digest stands for it."""
    return name if len(name) <= _LONGEST_NAME else hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def feed_entries(
    document: Document, limits: Limits, *, known: Container[str] = frozenset()
) -> Iterator[FeedEntry | Problem]:
    """Yield the feed's entries in its own order; those whose digest is `known` without reading what they say.

    A key comes once: where a feed uses one id for several entries, their digests tell the later ones apart. What is no
    feed, or too large, is one problem. Raises OSError where the document cannot be read.
    """
    digests: dict[str, str] = {}
    try:
        for number, (feed, item) in enumerate(_entries(document, limits), start=1):
            digest = digest_of(item)
            key = _short(id_of(item) or link_of(item, feed) or digest)
            key = key if digests.get(key, digest) == digest else f"{key} {digest}"
            if item.fields and key not in digests:
                digests[key] = digest
                where = f"{document.where}, entry {number}"
                source = document.url or document.name
                found = None if digest in known else entry_of(item, feed=feed, where=where, source=source)
                yield FeedEntry(key=key, digest=digest, found=found)
    except SourceError as error:
        yield Problem(document.where, str(error))


def feed_title(document: Document, limits: Limits) -> str:
    """Return the feed's title, empty where it has none; raises SourceError where the document is no feed."""
    feed, _ = next(_entries(document, limits))
    return title_of(feed)


def _entries(document: Document, limits: Limits) -> Entries:
    """Return the feed with each of its entries; one empty entry where it has none. Raises SourceError for no feed."""
    text = xml_text(document.read(limits), charset=document.charset)
    if text.lstrip().startswith("{"):
        return _json_entries(text, document.url)
    feed = from_root(text)
    if feed is None:
        raise SourceError(NOT_A_FEED, where=document.where)
    return items_of(mended(feed), url=document.url)


def _json_entries(text: str, url: str) -> Entries:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(NOT_A_FEED) from error
    if not isinstance(given, dict) or not isinstance(given.get("items"), list):
        raise SourceError(NOT_A_FEED)
    feed = _json_item(given, url)
    items = (_json_item(item, url) for item in given["items"] if isinstance(item, dict))
    return ((feed, item) for item in ([*items] or [FeedItem()]))


def _json_item(given: dict[str, Any], url: str) -> FeedItem:
    """Read an object of JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) into the fields of an entry."""
    fields = [
        FeedField(name=name, text=str(value), base=url)
        for key, name in _JSON_FIELDS.items()
        if isinstance(value := given.get(key), (str, int)) and len(str(value)) > 0
    ]
    authors = given.get("authors") or given.get("author")
    for author in authors if isinstance(authors, list) else [authors]:
        name = author.get("name") if isinstance(author, dict) else author
        if isinstance(name, str):
            fields.append(FeedField(name="author.name", text=name))
    return FeedItem(fields=fields, base=url)
