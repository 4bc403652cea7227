"""One entry of a feed -> an article, or the address of one."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from ingest.metadata.dates import Published, UnreadableDate, read_date
from ingest.metadata.people import people_in
from ingest.metadata.source_locale import SourceLocale
from ingest.readers.feed.elements import FeedField, FeedItem, joined
from ingest.report import Problem
from ingest.text.inline_html import without_cdata_marks, without_markup
from ingest.text.unicode import normalised, one_line
from ingest.types import Link, RawArticle

NOTHING_TO_READ = "has neither text nor a link; it is left out"
_MIN_WORDS = 20
"""A shorter text only announces the article that the entry links to."""

_TEXTS = ("encoded", "content", "description", "summary", "body", "div", "abstract",
          "other:encoded", "other:content", "other:full-text", "other:fulltext", "other:body", "other:summary",
          "other:description", "other:articlebody", "other:post_content", "other:body_html")  # fmt: skip
_LAST_TEXTS = ("media:description", "media:text", "other:text", "other:story", "other:article", "other:teaser",
               "other:subtitle")  # fmt: skip
"""Read where the entry has no other text: with one they are a picture's caption, or what is said in a film."""

_TITLES = ("title", "other:title", "media:title")
_DATES = ("pubdate", "published", "issued", "date", "created", "updated", "modified", "lastmod")
"""In the order in which they are believed: a later change is the date of publication only where nothing else is."""

_NO_DATE = re.compile(r"\b0001\b|\b0?1 Jan 1970 00:00|\b1970-01-01T00:00")
"""What programs write for a date that they do not have."""

_MAX_NAME = 500
_MAX_ADDRESS = 4000
_MAX_AUTHORS = 20
_MAX_LINKS = 50
_MAX_DATE = 200
_ROUNDS = 5
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*+>")
_TAG_BEGINS = re.compile(r"<(?=[a-zA-Z/!?])")
_UNCLOSED = re.compile(r"(?:</?[a-zA-Z][\w:.-]*+[\s/]|<[!?][a-zA-Z\[])[^<>]*+(?!>)")
_MAIL_ADDRESS = re.compile(r"<?[\w.+-]{1,64}@[\w.-]{1,255}>?")


def digest_of(item: FeedItem) -> str:
    """Return a digest of everything that the feed says of the entry, as it says it."""
    digest = hashlib.sha256()
    for field in item.fields:
        said = (field.name, field.text, *(f"{name}={value}" for name, value in field.attributes.items()))
        digest.update("\x1f".join(said).encode("utf-8", "replace"))
        digest.update(b"\x1e")
    return digest.hexdigest()[:24]


def id_of(item: FeedItem) -> str:
    """Return the entry's own id, empty where it has none."""
    given = _first(item, "guid", "id", "identifier")
    return one_line(given or item.fields[0].attributes.get("about", "") if item.fields else "", at_most=_MAX_NAME)


def entry_of(item: FeedItem, *, feed: FeedItem, where: str, source: str) -> RawArticle | Link | Problem:
    """Read an entry: an article where the feed gives its text, a link where it lies elsewhere, or a problem."""
    url = link_of(item, feed)
    text = _longest(item, _TEXTS) or _longest(item, _LAST_TEXTS)
    if not text:
        return Link(where=where, url=url) if url else Problem(where, NOTHING_TO_READ)
    language = _language_tag(item) or _language_tag(feed)
    published, notes = _published(item, SourceLocale.of(language, url, source, link_of(feed, FeedItem())))
    article = RawArticle(
        where=where,
        source=source,
        text=text,
        title=_title(item),
        outlet=_name(_first(item, "source.title", "source")) or _title(feed),
        url=url,
        published=published[0] if published else None,
        precision=published[1] if published else "minute",
        authors=_authors(item) or _authors(feed),
        language=_short(language),
        given_id=id_of(item),
        notes=notes,
    )
    is_announcement = len(text.split()) < _MIN_WORDS and len(text) < _MIN_WORDS * 6
    return Link(where=where, url=url, entry=article) if is_announcement and url else article


def _longest(item: FeedItem, names: Sequence[str]) -> str:
    return max((_text(field) for field in item.fields if field.name in names), key=len, default="")


def title_of(feed: FeedItem) -> str:
    """Return the feed's own title on one line."""
    return _title(feed)


def link_of(item: FeedItem, feed: FeedItem) -> str:
    """Return the http or https address of the entry's page, empty where there is none."""
    fallback = "" if feed.base else next(_addresses(feed, ""), "")
    return next(_addresses(item, fallback), "")


def _addresses(item: FeedItem, fallback: str) -> Iterator[str]:
    """Yield the addresses that the entry names for itself, the best first."""
    fields = [field for name in ("origlink", "link", "guid", "id", "entry") for field in _named(item, name)]
    for field in fields[:_MAX_LINKS]:
        given = _address_in(field)
        address = joined(field.base or fallback, given) if given else ""
        if address and len(address) <= _MAX_ADDRESS and is_web_address(address):
            yield address


def is_web_address(address: str) -> bool:
    """Whether this is an absolute http or https address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _address_in(field: FeedField) -> str:
    """Return the address that a field gives, as it stands there."""
    attributes = field.attributes
    if field.name == "link":
        is_page = attributes.get("rel", "alternate").strip().lower() == "alternate"
        return attributes.get("href") or field.text if is_page else ""
    if field.name == "guid":
        return field.text if attributes.get("ispermalink", "true").strip().lower() != "false" else ""
    if field.name == "id":
        return field.text if field.text.strip().lower().startswith(("http://", "https://")) else ""
    return field.text or attributes.get("href") or attributes.get("about", "")


def plain_text(text: str) -> str:
    """Return what a reader of the text would see, without anything that a browser could take for a tag.

    Text that was escaped once too often is read again: what is left is stored and must not come to life later.
    """
    text = without_cdata_marks(text)
    for _ in range(_ROUNDS):
        if "<" not in text and "&" not in text:
            return normalised(text).strip()
        without_tags = _TAG.sub("", without_markup(_UNCLOSED.sub("", normalised(text))))
        shown = normalised(_TAG_BEGINS.sub("< ", without_tags)).strip()
        if shown == text:
            return shown
        text = shown
    return text.replace("<", " ").replace(">", " ")


def _text(field: FeedField) -> str:
    return plain_text(_unpacked(field))


def _unpacked(field: FeedField) -> str:
    """Return the text of a field that may be Base64, as old Atom feeds and Atom's other media types are."""
    kind = field.attributes.get("type", "").strip().lower()
    is_packed = field.attributes.get("mode", "").strip().lower() == "base64" or (
        "/" in kind and not kind.startswith("text/") and not kind.endswith("xml")
    )
    if not is_packed or field.is_markup:
        return field.text
    try:
        return base64.b64decode(field.text, validate=False).decode("utf-8")
    except (binascii.Error, ValueError):
        return field.text


def _title(item: FeedItem) -> str:
    given = (field for name in _TITLES for field in _named(item, name))
    return next((title for field in given if (title := _name(_unpacked(field)))), "")


def _name(text: str) -> str:
    return one_line(plain_text(text[: _MAX_NAME * 10]), at_most=_MAX_NAME)


def _published(item: FeedItem, locale: SourceLocale) -> tuple[Published | None, tuple[str, ...]]:
    """Return the date in the field that is believed most, and a note for each that cannot be read, or not wholly."""
    unread: list[str] = []
    for field in (field for name in _DATES for field in _named(item, name)):
        text = field.text.strip()
        if not text or _NO_DATE.search(text[:_MAX_DATE]):
            continue
        try:
            reading = read_date(text, locale)
        except UnreadableDate as error:
            unread.append(f"the date in {field.name!r} {error}")
            continue
        instead = f"; that in {field.name!r} is taken"
        doubts = [f"the date in {field.name!r} {reading.doubt}"] if reading.doubt else []
        return reading.published, (*(f"{note}{instead}" for note in unread), *doubts)
    return None, tuple(f"{note}; the article's date is unknown" for note in unread)


def _authors(item: FeedItem) -> tuple[str, ...]:
    given = [field.text for field in item.fields if field.name in ("author.name", "author", "creator")]
    given = given or [field.text for field in _named(item, "other:author")]
    names = [name for text in given[:_MAX_AUTHORS] for name in _people(text)]
    return tuple(dict.fromkeys(names))[:_MAX_AUTHORS]


def _people(text: str) -> Sequence[str]:
    """Return the names in "Ana Ruiz and Tom Hale" or "ana@harbour.example (Ana Ruiz)", without mail addresses."""
    names = _MAIL_ADDRESS.sub("", _name(text)).strip(" ,;")
    return people_in(names[1:-1] if names.startswith("(") and names.endswith(")") else names)


def _language_tag(item: FeedItem) -> str:
    return item.language or _first(item, "language")


def _short(language_tag: str) -> str:
    short = re.split(r"[-_]", language_tag.strip().lower(), maxsplit=1)[0]
    return short if short.isalpha() and len(short) <= 8 else ""


def _first(item: FeedItem, *names: str) -> str:
    return next((field.text.strip() for name in names for field in _named(item, name) if field.text.strip()), "")


def _named(item: FeedItem, name: str) -> Iterator[FeedField]:
    return (field for field in item.fields if field.name == name)
