"""The elements of RSS, RDF, Atom and CDF -> fields by name, one entry after the other, whatever surrounds them.

lxml reads the text as a stream of events: beside it, memory holds one entry and no tree. feedparser was measured and
not taken: 30 kB in one line keep it busy for more than 20 s, 540 kB of nested elements take 700 MB.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from ingest.text.xml_repair import parsed

_ROOT = re.compile(r"<(?:[\w.-]{1,50}:)?(?:rss|feed|rdf|channel)(?=[\s>/])", re.IGNORECASE)
_ENTRIES = frozenset(["item", "entry"])
_STRUCTURE = frozenset(["rss", "feed", "rdf", "channel"])
_CONTAINERS = frozenset(
    ["author", "source", "image", "textinput", "media:group", "media:content", "media:thumbnail", "media:player"]
)
"""Elements whose children are fields of theirs: an author's name, the title of the source."""

_XML = "{http://www.w3.org/XML/1998/namespace}"
_NAMESPACES = (
    "http://www.w3.org/2005/atom", "http://purl.org/atom/ns#", "http://purl.org/rss/1.0/",
    "http://purl.org/rss/1.0/modules/content/", "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/",
    "http://my.netscape.com/rdf/simple/0.9/", "http://channel.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss", "http://backend.userland.com/rss2", "http://blogs.law.harvard.edu/tech/rss",
    "http://www.w3.org/1999/xhtml", "http://rssnamespace.org/feedburner/ext/1.0",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
)  # fmt: skip
_PREFIXES = frozenset(["atom", "rss", "content", "dc", "dcterms", "xhtml", "feedburner", "rdf"])
"""What documents that do not declare their namespaces call them."""

_MEDIA = "search.yahoo.com/mrss"
"""Media RSS (https://www.rssboard.org/media-rss): its texts are about a picture or film, mostly."""

_READ = frozenset(
    ["abstract", "author", "author.name", "body", "content", "created", "creator", "date", "description", "div",
     "encoded", "entry", "guid", "id", "identifier", "issued", "language", "lastmod", "link", "modified", "origlink",
     "pubdate", "published", "source", "source.title", "summary", "title", "updated",
     "other:author", "other:body", "other:content", "other:description", "other:encoded", "other:full-text",
     "other:fulltext", "other:summary", "other:text", "other:title", "other:articlebody", "other:story",
     "other:subtitle", "other:teaser", "other:post_content", "other:body_html", "other:article",
     "media:description", "media:text", "media:title"]
)  # fmt: skip
"""Fields that mean something here; others are not held."""

_USED_PREFIX = re.compile(r"<([a-zA-Z_][\w.-]{0,30}):(?=[a-zA-Z_])")
_DECLARED_PREFIX = re.compile(r"\bxmlns:([\w.-]{1,31})\s{0,9}=")
_UNDECLARED = "undeclared:"
_MAX_PREFIXES = 100
_MAX_BASE = 2000
_MAX_FIELDS = 1000
_MAX_DEPTH = 500
"""Tags deeper than this are left out; their text stays."""


@dataclass(kw_only=True, slots=True)
class FeedField:
    """One element: its text, which is HTML where `is_markup`, and its attributes, both named in lower case."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    is_markup: bool = False


@dataclass(kw_only=True, slots=True)
class FeedItem:
    """An entry, or the feed itself: its fields in the order in which they stand."""

    fields: list[FeedField] = field(default_factory=list)
    base: str = ""
    language: str = ""


def from_root(text: str) -> str | None:
    """Return the document from its outermost element on, without the document type; None where it is no feed.

    Prefixes that it does not declare are declared there: a parser would drop them, and an extension's element would
    pass for one of the feed's own.
    """
    found = _ROOT.search(text)
    if found is None:
        return None
    declared = set(_DECLARED_PREFIX.findall(text))
    used = dict.fromkeys(prefix for prefix in _USED_PREFIX.findall(text) if prefix not in declared)
    declarations = "".join(f' xmlns:{prefix}="{_UNDECLARED}{prefix}"' for prefix in list(used)[:_MAX_PREFIXES])
    return f"{text[found.start() : found.end()]}{declarations}{text[found.end() :]}"


def items_of(text: str, *, url: str) -> Iterator[tuple[FeedItem, FeedItem]]:
    """Yield the feed, as far as it is read, and each of its entries; `url` is what relative addresses begin from.

    A feed without entries is yielded with an empty one.
    """
    events = _Events(url)
    found = False
    for _ in parsed(text, events):
        finished, events.finished = events.finished, []
        for item in finished:
            found = True
            yield events.feed, item
    if not found:
        yield events.feed, FeedItem()


class _Events:
    """Collects fields from the parser's events."""

    def __init__(self, url: str) -> None:
        self.feed = FeedItem(base=url)
        self.finished: list[FeedItem] = []
        self._entry: FeedItem | None = None
        self._open: list[tuple[str, str]] = []
        """Base address and language of each open element."""
        self._path: list[tuple[int, FeedField]] = []
        """The containers that are open and then the field, each with its depth."""
        self._text = io.StringIO()
        self._own_namespace: str | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        base, language = self._opened(attributes)
        name = self._name(tag)
        if name in _ENTRIES:
            self.end_entry()
            self._entry = FeedItem(base=base, language=language)
            self._entry.fields.append(FeedField(name="entry", attributes=_by_local_name(attributes), base=base))
        elif self._path and not self._holds_fields():
            self._add_tag(name)
        elif name in _STRUCTURE and not self._path and self._entry is None:
            self.feed.language = self.feed.language or language
            self.feed.base = base
        else:
            above = self._path[-1][1].name if self._path else ""
            prefix = f"{above}." if above and not above.startswith("media:") else ""
            opened = FeedField(name=prefix + name, attributes=_by_local_name(attributes), base=base)
            self._path.append((len(self._open), opened))
            self._text = io.StringIO()

    def data(self, text: str) -> None:
        if self._path:
            self._text.write(html.escape(text, quote=False) if self._path[-1][1].is_markup else text)

    def end(self, tag: str) -> None:
        depth = len(self._open)
        if self._path and self._path[-1][0] == depth:
            self._end_field()
        elif self._path:
            if self._path[-1][1].is_markup and depth <= _MAX_DEPTH:
                self._text.write(f"</{self._name(tag)}>")
        elif self._name(tag) in _ENTRIES:
            self.end_entry()
        if self._open:
            self._open.pop()

    def close(self) -> None:
        self.end_entry()

    def end_entry(self) -> None:
        """Close the entry, with what was open in it when the document broke off."""
        while self._path:
            self._end_field()
        if self._entry is not None:
            self.finished.append(self._entry)
            self._entry = None

    def _opened(self, attributes: Mapping[str, str]) -> tuple[str, str]:
        """Note an element as open; return its base address and its language."""
        here = self._open[-1] if self._open else (self.feed.base, "")
        given, language = attributes.get(f"{_XML}base"), attributes.get(f"{_XML}lang")
        if given and len(given) <= _MAX_BASE >= len(here[0]):
            here = (joined(here[0], given), here[1])
        if language is not None:
            here = (here[0], language)
        self._open.append(here)
        return here

    def _end_field(self) -> None:
        _, ended = self._path.pop()
        ended.text, self._text = self._text.getvalue(), io.StringIO()
        fields = (self.feed if self._entry is None else self._entry).fields
        if ended.name in _READ and len(fields) < _MAX_FIELDS:
            fields.append(ended)

    def _holds_fields(self) -> bool:
        return self._path[-1][1].name in _CONTAINERS

    def _add_tag(self, name: str) -> None:
        here = self._path[-1][1]
        if not here.is_markup:
            here.is_markup = True
            escaped = html.escape(self._text.getvalue(), quote=False)
            self._text = io.StringIO()
            self._text.write(escaped)
        if len(self._open) <= _MAX_DEPTH:
            self._text.write(f"<{name}>")

    def _name(self, tag: str) -> str:
        """Return the local name in lower case, of an extension after "media:" or "other:"."""
        namespace, _, local = tag.rpartition("}")
        namespace = namespace.removeprefix("{").lower()
        prefix, _, local = local.lower().rpartition(":")
        if namespace.startswith(_UNDECLARED):
            namespace, prefix = "", namespace.removeprefix(_UNDECLARED)
        if self._own_namespace is None:
            self._own_namespace = namespace
        is_ours = namespace in ("", self._own_namespace, *_NAMESPACES) and (not prefix or prefix in _PREFIXES)
        if is_ours or self._path_is_text():
            return local
        return f"media:{local}" if _MEDIA in namespace or prefix == "media" else f"other:{local}"

    def _path_is_text(self) -> bool:
        return bool(self._path) and not self._holds_fields()


def joined(base: str, address: str) -> str:
    """Resolve an address against its base; what cannot be resolved is empty."""
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return ""


def _by_local_name(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name.rpartition("}")[2].lower(): value for name, value in attributes.items()}
