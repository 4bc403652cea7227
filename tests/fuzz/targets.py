"""What is fuzzed: a target takes any bytes, and raises only where something is wrong."""

from __future__ import annotations

import io
import ipaddress
import math
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from ingest.fetching.pacing import Clock
from ingest.fetching.public_addresses import AllowedHosts, is_public
from ingest.fetching.robots import Robots
from ingest.fetching.url import WebAddress, shown
from ingest.metadata.canonical_url import canonical_url
from ingest.metadata.dates import all_stated, published_of, stated_date
from ingest.readers.base import ArticleReader
from ingest.readers.html.dates import date_in_url
from ingest.readers.registry import FEED, HTML, READERS
from ingest.sources import Readable, named_document
from ingest.subscriptions.discovery import named_feeds
from ingest.text.decoding import decode
from ingest.text.inline_html import is_tag, without_markup
from ingest.text.xml_repair import mended, parsed, xml_text
from ingest.types import Document, Limits
from rag.errors import NewsdeskError, SettingsError, SourceError
from tests.fuzz.findings import check_found, check_moment, expect, within_time
from tests.fuzz.seeds import MEMBER_MARK, SEEDS
from tests.fuzz.words import WORDS

LIMITS = Limits(max_mb=1)
STRETCHED_BYTES = 60_000
_LETTERS = (
    b"a",
    b" ",
    b"\n",
    b"\t\n",
    b"A. ",
    b"a b ",
    b"1",
    b"<",
    b"&",
    b'"',
    b"(",
    b"[",
    b"*",
    b"-",
    b"=",
    b"\xc2\xa0",
)
_ADDRESS = "https://harbour.example/2024/06/19/chair"
_GZIP = b"\x1f\x8b"
_ZIP = b"PK"
_PACKED = frozenset(["docx", "zip"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Something that reads bytes. `words` are what its format is made of."""

    name: str
    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()

    def check(self, data: bytes) -> None:
        """Raise Finding, or what nobody declared, where reading these bytes goes wrong or takes too long."""
        within_time(self.run, data)

    def stretched(self) -> Iterator[bytes]:
        """Yield first inputs with one word thousands of times in them: only long inputs show what takes square time."""
        for word in (*self.words, *_LETTERS):
            for seed in self.seeds[:2]:
                middle = len(seed) // 2
                yield seed[:middle] + word * (STRETCHED_BYTES // len(word)) + seed[middle:]


def read_with(reader: ArticleReader, data: bytes) -> None:
    """Read a document in one format; formats that are archives are packed from the input where it is none."""
    suffix = reader.suffixes[0] + (".gz" if data.startswith(_GZIP) and reader.name in ("jsonl", "csv") else "")
    content = packed(data) if reader.name in _PACKED else data
    document = Document.of_bytes(content, where="in", name=f"story{suffix}", url=_url_of(reader))
    for found in reader.read(document, LIMITS):
        check_found(found, where="in", allows_markup=reader is not FEED)


def _url_of(reader: ArticleReader) -> str:
    """Feeds, pages and sitemaps hold relative addresses, and mostly come from the web."""
    return _ADDRESS if reader.name in ("feed", "sitemap") else ""


def read_page(data: bytes) -> None:
    """Read a web page, and the feeds that it names."""
    read_with(HTML, data)
    with suppress(SourceError):
        named_feeds(decode(data), url=_ADDRESS)


def read_named(name: str, data: bytes) -> None:
    """Read what somebody named on the command line, an archive's files one by one."""
    content = packed(data) if name.endswith(".zip") else data
    for item in named_document(Document.of_bytes(content, where="in", name=name), LIMITS):
        if not isinstance(item, Readable):
            check_found(item, where="in")
            continue
        try:
            for found in item.reader.read(item.document, LIMITS):
                check_found(found, where="in")
        except SourceError as error:  # opening a damaged file of an archive
            expect(error.where.startswith("in"), "a problem is somewhere else", shown=error.where)


def packed(data: bytes) -> bytes:
    """Make an archive of members as `seeds.members` writes them down, because no mutation mends a checksum."""
    if data.startswith(_ZIP):
        return data
    content = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(content, "w") as archive:
        warnings.simplefilter("ignore", UserWarning)  # a name that comes twice
        for member in data.split(MEMBER_MARK)[1:]:
            name, _, body = member.partition(b"\n")
            archive.writestr(name.decode("latin-1").replace("\0", "") or "_", body)
    return content.getvalue()


def read_markup(data: bytes) -> None:
    """Take the markup off a text; what an entity stands for may look like a tag, anything else may not."""
    text = data.decode("utf-8", "surrogateescape")
    left = without_markup(text)
    tags = [left[place:] for place, character in enumerate(left) if character == "<" and is_tag(left[place:])]
    expect("&" in text or not tags, "markup survives", shown=tags[:1])


def read_xml(data: bytes) -> None:
    """Decode, mend and parse XML as feeds and sitemaps are."""
    with suppress(SourceError):
        text = xml_text(data)
        expect("\0" not in text and text[:1] != "\ufeff", "what XML cannot hold", shown=text)
        for _ in parsed(mended(text), _Ignored()):
            pass


class _Ignored:
    """A target of lxml's parser that keeps nothing."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """See `lxml.etree.XMLParser`."""

    def data(self, text: str) -> None:
        """See `lxml.etree.XMLParser`."""

    def end(self, tag: str) -> None:
        """See `lxml.etree.XMLParser`."""

    def close(self) -> None:
        """See `lxml.etree.XMLParser`."""


def read_robots(data: bytes) -> None:
    """Ask rules for a page: the first line is the page's path, the rest is the site's robots.txt."""
    path, _, rules = data.partition(b"\n")
    site = WebAddress.parse(_ADDRESS)
    with suppress(NewsdeskError):
        page = site.joined("/" + path.decode("latin-1"))
        pause = Robots(lambda address: rules, user_agent="Newsdesk/1.0", clock=Clock()).check(page)
        expect(math.isfinite(pause) and pause >= 0, "a pause that nobody can wait for", shown=pause)


def read_date(data: bytes) -> None:
    """Read a date in every way in which one is read."""
    text = data.decode("utf-8", "surrogateescape")
    moments = [moment for moment, _ in all_stated(text)]
    with suppress(ValueError):
        moments.append(published_of(text)[0])
    for found in (stated_date(text), date_in_url(canonical_url(text))):
        moments += [found[0]] if found else []
    for moment in moments:
        check_moment(moment)


def read_address(data: bytes) -> None:
    """Take an address apart in every way in which one is: to name an article, to fetch it, to allow its host."""
    text = data.decode("utf-8", "surrogateescape")
    url = canonical_url(text)
    expect(canonical_url(url) == url, "a canonical address changes", shown=url)
    line = shown(text)
    expect(not any(character in line for character in "\n\r\x1b\0"), "an address breaks the line", shown=line)
    with suppress(SettingsError):
        AllowedHosts.of([text])
    with suppress(NewsdeskError):
        WebAddress.parse(_ADDRESS).joined(text)
    with suppress(NewsdeskError):
        address = WebAddress.parse(text)
        expect(WebAddress.parse(address.url) == address, "an address is another one the second time", shown=address)
        expect(address.url.isascii() and not any(map(str.isspace, address.url)), "no address to send", shown=address)
        with suppress(ValueError):
            is_public(ipaddress.ip_address(address.host))


_READERS: dict[str, Callable[[bytes], None]] = {reader.name: partial(read_with, reader) for reader in READERS}
_OTHERS: dict[str, Callable[[bytes], None]] = {
    "html": read_page,
    "zip": partial(read_named, "in.zip"),
    "unnamed": partial(read_named, "in"),
    "markup": read_markup,
    "xml": read_xml,
    "robots": read_robots,
    "dates": read_date,
    "addresses": read_address,
}
TARGETS: dict[str, Target] = {
    name: Target(name=name, run=run, seeds=SEEDS[name], words=WORDS.get(name, ()))
    for name, run in (_READERS | _OTHERS).items()
}
