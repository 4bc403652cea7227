"""When a page's article was published: what the page declares, what it shows below its headline, what its address says.

A page's day is the one that its readers saw. Pages that declare their moments in UTC are a day off that in the evening
or the morning; there, the day that the address or the line below the headline names is taken, and the time is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from ingest.metadata.dates import Published, first_stated, published_of, stated_date
from ingest.readers.html.json_ld import JsonLd, text_in
from ingest.readers.html.layout import Layout, Meta, first_of, text_of

_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
    "pubdate", "pub_date", "publishdate", "publish-date", "publish_date", "publication_date", "published_time",
    "citation_publication_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "article.published",
    "published", "ptime", "cxenseparse:recs:publishtime", "bt:pubdate",
)  # fmt: skip
_VAGUE_META = ("date", "dc.date", "dcterms.date")
"""Often the day of the page's file."""

_CREATED_META = ("dc.date.created", "datecreated", "created", "article.created")
"""Often long before publication."""

_UPDATED_META = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified")
_UPDATED = re.compile(r"updat|modif|edited|revised|aktualisiert|geändert|actualiza|mis à jour|aggiorna", re.IGNORECASE)
_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?(\d\d?)[/_-]?(\d\d?)(?!\d)")
_MAX_LINES = 40
_MAX_MARKED = 20
_MAX_LINE = 120
_MAX_DATE_LINE = 80
_PROSE = 250
_LONG_LINES = 2
"""A standfirst and a caption may stand above the date."""

_YEARS = range(1990, 2100)


def published_on(layout: Layout, meta: Meta, json_ld: JsonLd, *, url: str) -> Published | None:
    """Return when the page's article was published, or None where nothing says so."""
    shown, updated = _shown(layout)
    declared = _first([text_in(json_ld.get("datePublished")), *_of(meta, _PUBLISHED_META), *_marked_up(layout)])
    in_url = date_in_url(url)
    if declared is None:
        declared = in_url or shown or _first(_of(meta, _VAGUE_META))
    if declared is not None:
        return _on_its_own_day(declared, in_url, shown)
    later = [text_in(json_ld.get("dateModified")), *_of(meta, _UPDATED_META)]
    return (
        updated
        or _first([*later, text_in(json_ld.get("dateCreated")), *_of(meta, _CREATED_META)])
        or _guessed(layout.tree)
    )


def date_in_url(url: str) -> Published | None:
    """Return the day that the path of an address holds in full ("/2024/06/19/"), or None."""
    for found in _IN_PATH.finditer(urlsplit(url).path):
        separators = len(found.group()) - sum(len(part) for part in found.groups())
        try:
            day = datetime(*map(int, found.groups()), tzinfo=UTC)  # type: ignore[arg-type, misc]
        except ValueError:
            continue
        if (separators == 2 or len(found.group()) == 8) and day.year in _YEARS:
            return day, "day"
    return None


def _on_its_own_day(published: Published, in_url: Published | None, shown: Published | None) -> Published:
    moment, precision = published
    if in_url and in_url[0].date() < moment.date():
        return in_url  # an address is made once; a later date is that of another edition, or of another zone
    if shown and precision == "minute" and not moment.utcoffset():
        away = abs(shown[0].date() - moment.date())
        return (shown[0].replace(hour=0, minute=0, tzinfo=UTC), "day") if away == timedelta(days=1) else published
    return published


def _shown(layout: Layout) -> tuple[Published | None, Published | None]:
    """Return the first date in the short lines below the headline, and the first that is one of an update."""
    published = updated = None
    label = ""
    for line in _lines_below(layout):
        date = first_stated(line)
        if date is None or date[0].year not in _YEARS:
            label = line
            continue
        if _UPDATED.search(line) or (len(label) < 30 and _UPDATED.search(label)):
            updated = updated or date
        else:
            published = date
            break
    return published, updated


def _lines_below(layout: Layout) -> Iterator[str]:
    """Yield the short lines between the headline and the article's prose."""
    long = 0
    for line in islice(layout.lines_below_headline(), _MAX_LINES):
        long += len(line) > _PROSE
        if long > _LONG_LINES:
            return
        if len(line) <= _MAX_DATE_LINE:
            yield line


def _marked_up(layout: Layout) -> Iterator[str]:
    """Yield the dates that elements of the article are marked up with: microdata and `time pubdate`."""
    dated = (element for element in layout.tree.iter("time", "span", "abbr", "p", "div") if _is_marked(element))
    for element in islice(dated, _MAX_MARKED):
        if not layout.is_beside(element):
            yield element.get("datetime") or element.get("content") or element.get("title") or ""
            yield text_of(element)[:_MAX_LINE]


def _is_marked(element: Any) -> bool:
    is_property = "datePublished" in (element.get("itemprop") or "").split()
    return is_property or (element.tag == "time" and element.get("pubdate") is not None)


def _of(meta: Meta, names: Iterable[str]) -> list[str]:
    return [first_of(meta, name) for name in names]


def _first(candidates: Iterable[str]) -> Published | None:
    """Return the first of the candidates that can be read as a date."""
    for candidate in candidates:
        if date := _read(candidate.strip()):
            return date
    return None


def _read(text: str) -> Published | None:
    if not text:
        return None
    try:
        date: Published | None = published_of(text)
    except ValueError:
        date = stated_date(text[:_MAX_LINE])
    return date if date and date[0].year in _YEARS else None


def _guessed(tree: Any) -> Published | None:
    """Return what htmldate finds elsewhere on the page: the last resort, because it may be another article's date."""
    from htmldate import find_date

    return _read(find_date(tree, original_date=True, extensive_search=False) or "")
