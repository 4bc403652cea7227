"""Sitemaps (https://www.sitemaps.org/protocol.html), plain or gzipped: the addresses of a site's pages."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime

from ingest.metadata.dates import published_of
from ingest.readers.feed.elements import joined
from ingest.readers.feed.entries import is_web_address
from ingest.report import Problem
from ingest.text.xml_repair import mended, parsed, xml_text
from ingest.types import Document, Limits, Link
from rag.errors import SourceError

NOT_A_SITEMAP = "is no sitemap: it is neither a list of addresses nor an index of sitemaps"
NO_ADDRESSES = "is a sitemap without addresses"
DAMAGED = "the gzip file is damaged"
_GZIP = b"\x1f\x8b"
_ROOT = re.compile(r"<(?:[\w.-]{1,50}:)?(?:urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE)
_SNIFFED_BYTES = 4096
_MAX_ADDRESS = 4000
_PLACES = frozenset(["url", "sitemap"])
_DATES = ("publication_date", "lastmod")
"""A news sitemap's date of publication says more than that of the last change."""


class SitemapReader:
    """`sitemap.xml` and its like, also with `.gz`."""

    name: str = "sitemap"
    suffixes: tuple[str, ...] = (".xml", ".xml.gz")

    def accepts(self, name: str) -> bool:
        """See `ArticleReader`: other XML files are told by `looks_like_sitemap`."""
        lowered = name.lower()
        return "sitemap" in lowered and lowered.endswith(self.suffixes)

    def read(self, document: Document, limits: Limits) -> Iterator[Link | Problem]:
        """See `ArticleReader`: a link to each page, or to each sitemap of an index, in the document's order."""
        found = False
        try:
            for link in _links(document, limits):
                found = True
                yield link
            if not found:
                yield Problem(document.where, NO_ADDRESSES)
        except SourceError as error:
            yield Problem(document.where, str(error))


def looks_like_sitemap(head: bytes) -> bool:
    """Whether a document that begins like this is a sitemap; of a gzipped one, what can be unpacked is looked at."""
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, _SNIFFED_BYTES)
        except zlib.error:
            return False
    return _ROOT.search(head.replace(b"\0", b"").decode("latin-1")) is not None


def _links(document: Document, limits: Limits) -> Iterator[Link]:
    text = xml_text(_unpacked(document, limits), charset=document.charset)
    root = _ROOT.search(text)
    if root is None:
        raise SourceError(NOT_A_SITEMAP)
    places = _Places()
    number = 0
    for _ in parsed(mended(text[root.start() :]), places):
        finished, places.finished = places.finished, []
        for fields in finished:
            number += 1
            given = fields.get("loc", "").strip()
            address = joined(document.url, given) if given else ""
            if len(address) <= _MAX_ADDRESS and is_web_address(address):
                modified = next((moment for name in _DATES if (moment := _moment(fields.get(name, "")))), None)
                yield Link(where=f"{document.where}, address {number}", url=address, modified=modified)


def _unpacked(document: Document, limits: Limits) -> bytes:
    """Return the document's bytes, unpacked where they are gzipped and never more than the limit."""
    if not document.head(2).startswith(_GZIP):
        return document.read(limits)
    try:
        with document.open() as stored, gzip.open(stored, "rb") as file:
            data = file.read(limits.max_bytes + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceError(DAMAGED) from error
    if len(data) > limits.max_bytes:
        raise SourceError(limits.sentence)
    return data


def _moment(text: str) -> datetime | None:
    try:
        return published_of(text[:100])[0]
    except ValueError:
        return None


class _Places:
    """Collects address and dates of each `url` or `sitemap` from the parser's events."""

    def __init__(self) -> None:
        self.finished: list[dict[str, str]] = []
        self._place: dict[str, str] | None = None
        self._field = ""
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _local_name(tag)
        self._depth += 1
        if name in _PLACES:
            self.close()
            self._place, self._depth = {}, 0
        # The pictures and videos of a page have a `loc` of their own, which stands deeper.
        is_field = name in _DATES or (name == "loc" and self._depth == 1)
        self._field = name if is_field and self._place is not None and name not in self._place else ""

    def data(self, text: str) -> None:
        if self._field and self._place is not None:
            self._place[self._field] = self._place.get(self._field, "") + text

    def end(self, tag: str) -> None:
        self._field = ""
        self._depth -= 1
        if _local_name(tag) in _PLACES:
            self.close()

    def close(self) -> None:
        if self._place is not None:
            self.finished.append(self._place)
            self._place = None


def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()
