"""How other tools write an article's fields: extractors, publishers' APIs and news services, each with its nesting.

The names are those of trafilatura, newspaper, news-please, goose, readability, Fundus, Diffbot, Zyte, schema.org,
WordPress, Ghost, Arc, NewsAPI, GNews, Event Registry, Webz, Aylien, NewsCatcher, Opoint, Media Cloud, Nexis, ProQuest,
Factiva with its two letters and as Dow Jones writes it, the Guardian, the New York Times and IPTC ninjs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from itertools import groupby, islice
from typing import Any
from urllib.parse import urlsplit

from ingest.metadata.dates import AmbiguousDate, UnreadableDate, read_date

FIELD_NAMES = {
    "text": "text body bodytext articletext articlebody fulltext maintext cleanedtext content contents contenttext"
    " article story textcontent plaintext rawtext articlebodyhtml bodyxhtml bodynitf html contentrendered"
    " contentelements fieldsbody fieldsbodytext bodies pagecontent markdown postcontent summarycontent"
    " documentcontent contenthtml rawcontent leadparagraph td lp",
    "title": "title headline heading articletitle webtitle pagetitle titlerendered headlinemain headlinesbasic"
    " headlines fieldsheadline titlepage metadatatitle headlinetext headertext hd",
    "outlet": "outlet outletname publication publicationname sourcename publisher publishername newspaper sitename"
    " ogsitename metasitename sourcetitle source site sourcehostname fieldspublication threadsitefull threadsite"
    " infosource copyrightholder yoastheadjsonogsitename hostname domain sourcedomain cleanurl metadataogsitename"
    " metadatasitename opengraphsitename origintitle provider feedtitle medianame mediaoutlet namesource"
    " firstsourcename newspapertitle pubtitle sn",
    "published": "published dategmt datetimepub publicationdatetime date publishedat publishedon publicationdate"
    " publisheddate publishdate datepublished datepublish publishingdate publishedtime pubdate datetime"
    " webpublicationdate firstpublishdate firstpublicationdate displaydate firstcreated versioncreated timestamp"
    " estimateddate seendate metadatapublishedtime metadatapublishdate metadatapublisheddate metadatadate"
    " unixtimestamp pd datecreated",
    "authors": "authors author byline bylines bylineoriginal writer writers creator creators fieldsbyline creditsby"
    " primaryauthor yoastheadjsonauthor metadataauthor authorsbyline by",
    "url": "url link address articleurl permalink linkspermalink weburl pageurl href canonicalurl canonicallink"
    " canonical finalurl resolvedpageurl htmlrespondedurl metadatacanonicalurl metadataurl metadatasourceurl"
    " metadatasource hostedurl originalurl origurl respondedurl requestedurl documenturl webnewsurl alternate"
    " mainentityofpage mainentityofpageid sourceurl uri source guidrendered",
    "language": "language lang inlanguage metalang humanlanguage languagecode metadatalanguage metadatalanguagecode"
    " la",
    "id": "id guid articleid uid uuid accessionnumber documentid resultid storyid storiesid idarticle goid an",
}  # fmt: skip
"""Names of fields, the surest first, as they read in small letters without spaces and marks (`bare_name`).

A name inside an object stands behind the object's own: `{"headline": {"main": ...}}` is `headlinemain`.
"""

_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//\S+|www\.\S+|[^\s@]+\.[a-z]{2,}/\S*", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
_NAMED_IN = ("name", "title", "value", "by", "nameraw", "original", "main", "basic", "rendered", "href", "text")
_PARTS_OF_NAMES = (("firstname", "lastname"), ("givenname", "familyname"), ("first", "last"))
_LEADS = (("lp", "td"), ("snippet", "body"))
"""Fields of Factiva and Dow Jones, which write an article's first paragraphs apart from what follows them."""

_CLOCKS = ("time", "publicationtime", "publishedtime", "pubtime", "et")
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?\D{0,20}")
_TEXT_PARTS = ("summary", "headline", "paragraphs", "sections", "value", "content", "text", "rendered", "plaintext")
_TEXT_TYPES = frozenset(["text", "paragraph", "header", "heading", "list", "quote", "p", "text/plain", "text/html", ""])
_MIN_WORDS = 20
"""A list of fewer words is one of names or keywords, and not of paragraphs."""

_FARTHEST_ZONE = timedelta(hours=14)
_ZONE_STEP = timedelta(minutes=15)
_MAX_DEPTH = 6
_MAX_PARTS = 10_000
_MAX_OBJECTS = 50


def bare_name(name: str) -> str:
    """A field's name in small letters without spaces and marks: `Publish-Date` is `publishdate`."""
    return re.sub(r"[\W_]+", "", name.casefold())


def known_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are known by one of their names, under their own name, the surest first.

    An address is no outlet and no name is an address; a host stands for an outlet where nothing else does.
    """
    named = _by_bare_name(_unwrapped(given))
    found: dict[str, Any] = {}
    for field, names in FIELD_NAMES.items():
        held = [(name, named[name]) for name in names.split() if _says_something(named.get(name))]
        values = [value for name, value in held if _is_believed(field, name, value)]
        if field == "outlet":
            values.sort(key=is_host)
        if values:
            found[field] = values[0]
    if own := _on_its_own_clock(named):
        found["published"] = own
    elif clock := _clock_beside(found.get("published"), named):
        found["published"] = f"{found['published']} {clock}"
    if lead := _lead_before(found.get("text"), named):
        found["text"] = f"{lead}\n\n{found['text']}"
    return found


def _clock_beside(day: object, named: Mapping[str, Any]) -> str:
    """The time that stands in a field of its own beside a date without one, where both can be read; else empty."""
    if not isinstance(day, str) or ":" in day:
        return ""
    times = (named[name].strip() for name in _CLOCKS if isinstance(named.get(name), str))
    return next((time for time in times if _CLOCK.fullmatch(time) and _is_moment(f"{day} {time}")), "")


def _is_moment(text: str) -> bool:
    try:
        return read_date(text).precision == "minute"
    except AmbiguousDate:
        return True  # as its day alone is
    except UnreadableDate:
        return False


def _lead_before(text: object, named: Mapping[str, Any]) -> str:
    """The first paragraphs where they stand apart from the text and are not in it; else empty."""
    for lead, rest in _LEADS:
        first = named.get(lead)
        if isinstance(text, str) and isinstance(first, str) and text == named.get(rest):
            is_told_apart = lead == "lp" or "an" in named
            return first if is_told_apart and first.strip() and first.strip() not in text else ""
    return ""


def _on_its_own_clock(named: Mapping[str, Any]) -> str:
    """The moment that WordPress writes twice, on the site's clock and in UTC, with the site's offset; else empty."""
    moments: list[datetime] = []
    for name in ("date", "dategmt"):
        try:
            moments.append(datetime.fromisoformat(named.get(name, "")))
        except (TypeError, ValueError):
            return ""
    local, utc = moments
    if local.tzinfo or utc.tzinfo or abs(local - utc) > _FARTHEST_ZONE or (local - utc) % _ZONE_STEP:
        return ""
    return local.replace(tzinfo=timezone(local - utc)).isoformat()


def is_address(value: object) -> bool:
    """Whether a value is an address of the web, and so the name of nobody."""
    return isinstance(value, str) and _ADDRESS.fullmatch(value.strip()) is not None


def is_host(value: object) -> bool:
    """Whether a value is the bare name of a host."""
    return isinstance(value, str) and _HOST.fullmatch(value.strip()) is not None


def name_in(value: object, depth: int = 0) -> object:
    """The name in an object such as `{"id": ..., "name": "The Verge"}`; any other value itself."""
    if isinstance(value, Mapping):
        named = {bare_name(str(name)): inner for name, inner in value.items()}
        if full := _full_name(named):
            return full
        inside = (named.get(name) for name in _NAMED_IN)
        names = (name_in(inner, depth + 1) if depth < _MAX_DEPTH else inner for inner in inside)
        return next((name for name in names if isinstance(name, str)), value)
    return value


def _full_name(named: Mapping[str, object]) -> str:
    """The name of a person who is given in two fields; else empty."""
    for first, last in _PARTS_OF_NAMES:
        parts = [part.strip() for name in (first, last) if isinstance(part := named.get(name), str) and part.strip()]
        if len(parts) == 2:
            return " ".join(parts)
    return ""


def text_in(value: object, depth: int = 0) -> str | None:
    """The text of a field: a text, or the parts of one in lists and objects, in order; None where there is none."""
    if isinstance(value, str):
        return value
    parts: list[object] = []
    if depth < _MAX_DEPTH and isinstance(value, list):
        words = sum(len(part.split()) for part in value[:_MAX_PARTS] if isinstance(part, str))
        parts = [part for part in value[:_MAX_PARTS] if not isinstance(part, str) or depth or words >= _MIN_WORDS]
    elif depth < _MAX_DEPTH and isinstance(value, Mapping) and str(value.get("type", "")).lower() in _TEXT_TYPES:
        parts = [value[name] for name in _TEXT_PARTS if value.get(name)]
    texts = [text for part in parts if (text := text_in(part, depth + 1))]
    # An object may give one text under several names; in a list a paragraph may come again ("No comment.").
    told = dict.fromkeys(texts) if isinstance(value, Mapping) else [text for text, _ in groupby(texts)]
    return "\n\n".join(told) or None


def _by_bare_name(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields by their bare names, those inside objects too; of two that read the same, the first."""
    named: dict[str, Any] = {}
    for name, value in given.items():
        named.setdefault(bare_name(str(name)), value)
    for name, value in given.items():
        if isinstance(value, Mapping):
            for inner, its_value in value.items():
                named.setdefault(bare_name(f"{name}{inner}"), its_value)
    return named


def _unwrapped(given: Mapping[str, Any], depth: int = 0) -> Mapping[str, Any]:
    """The fields of an article that an object of a record holds whole, before the record's own: search engines and
    many programs' interfaces put one in another.
    """
    objects = {name: value for name, value in given.items() if isinstance(value, Mapping)}
    own = {name: value for name, value in given.items() if name not in objects}
    if depth == _MAX_DEPTH or _holds(_by_bare_name(own), "text"):
        return given
    for name, value in islice(objects.items(), _MAX_OBJECTS):
        inner = _unwrapped(value, depth + 1)
        named = {bare_name(str(field)): its_value for field, its_value in inner.items()}
        if _holds(named, "text") and _holds(named, "title"):
            return {**inner, **{outer: others for outer, others in given.items() if outer not in (*inner, name)}}
    return given


def _holds(named: Mapping[str, Any], field: str) -> bool:
    return any(text_in(name_in(named.get(name))) for name in FIELD_NAMES[field].split())


def _says_something(value: object) -> bool:
    return value is not None and value != "" and value != [] and value != {}


def leads_to_a_page(address: str) -> bool:
    """Whether an address is of the web and of more than a site's first page."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.path.strip("/") != ""


def _is_believed(field: str, name: str, value: object) -> bool:
    if field == "outlet":
        return is_host(name_in(value)) or not is_address(name_in(value))
    if field == "text":
        return text_in(value) is not None
    if field == "url" and name in ("source", "sourceurl", "uri", "guidrendered", "mainentityofpage"):
        # These may be names, ids of other kinds and a site's first page.
        return isinstance(value, str) and is_address(value) and leads_to_a_page(value)
    return not (field == "authors" and isinstance(value, (int, float)))
