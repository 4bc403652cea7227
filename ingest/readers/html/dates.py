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
from ingest.readers.html.layout import Layout, Meta, first_of

_PUBLICATION = re.compile(r"pub|issued")
_UPDATED = re.compile(r"updat|aktualisiert", re.IGNORECASE)
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
    declared = _first([text_in(json_ld.get("datePublished")), *_declared_in(meta), *_marked_up(layout)]) or shown
    if declared is not None:
        return _on_its_own_day(declared, date_in_url(url), shown, updated)
    return updated or _found_by_htmldate(layout.tree, url)


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


def _on_its_own_day(
    published: Published, in_url: Published | None, shown: Published | None, updated: Published | None
) -> Published:
    moment, precision = published
    if in_url and in_url[0].date() < moment.date():
        return in_url  # an address is made once; a later date is that of another edition, or of another zone
    if precision == "minute" and not moment.utcoffset():
        if shown and abs(shown[0].date() - moment.date()) == timedelta(days=1):
            return _day_of(shown)
        if updated and updated[0].date() == moment.date() - timedelta(days=1):
            return _day_of(updated)  # nothing is updated before it is published: that day is the page's own
    return published


def _day_of(date: Published) -> Published:
    return date[0].replace(hour=0, minute=0, tzinfo=UTC), "day"


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


def _declared_in(meta: Meta) -> Iterator[str]:
    """Yield what the meta elements say that are named after publication; others give the day of the page's file."""
    from htmldate.core import DATE_ATTRIBUTES

    for name in ("article:published_time", *meta):
        if name in DATE_ATTRIBUTES and _PUBLICATION.search(name):
            yield first_of(meta, name)


def _marked_up(layout: Layout) -> Iterator[str]:
    """Yield the dates of the article's elements that microdata, or HTML's own `pubdate`, marks as publication."""
    dated = layout.tree.xpath("//*[@itemprop='datePublished'] | //time[@pubdate]")
    for element in islice(dated, _MAX_MARKED):
        if not layout.is_beside(element):
            yield element.get("datetime") or element.get("content") or element.get("title") or ""


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


def _found_by_htmldate(tree: Any, url: str) -> Published | None:
    """Return what htmldate finds elsewhere on the page: the last resort, because it may be another article's date."""
    from htmldate import find_date

    return _read(find_date(tree, url=url or None, original_date=True, extensive_search=False) or "")
