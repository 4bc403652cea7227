"""When a page's article was published: what the page declares, what it shows below its headline, what its address says.

A page's day is the one that its readers saw. Pages that declare their moments in UTC are a day off that in the evening
or the morning. Where the line below the headline, or a declared time without a zone, shows the same moment on the
page's own clock, the moment is kept with that clock's offset. Where only a day is shown, it is taken without the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from urllib.parse import urlsplit

from ingest.metadata.dates import AmbiguousDate, DateReading, Published, UnreadableDate, read_date, stated_date
from ingest.metadata.source_locale import SourceLocale
from ingest.readers.html.json_ld import JsonLd, dates_others, text_in
from ingest.readers.html.layout import Layout, Meta, drop, first_of
from ingest.readers.html.shown_dates import YEARS, ShownDates, shown_dates

_PUBLICATION = re.compile(r"pub|issued")
_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?(\d\d?)[/_-]?(\d\d?)(?!\d)")
_MAX_MARKED = 20
_MAX_LINE = 120
_DATELINE = re.compile(
    r"[^\W\d_][^\d.!?]{1,40}?,\s(?P<date>[^\d]{0,12}\d[^\u2013\u2014]{5,22}?)\s?[\u2013\u2014-]{1,2}\s"
)
_MAX_LINES_BEFORE = 20
_MIN_WORDS = 10
_COPYRIGHT = re.compile(r"\u00a9|\(c\)|copyright", re.IGNORECASE)
"""Stands in the footer of a page, not in that of an article."""

_A_MINUTE = timedelta(minutes=1)
_ZONE_STEP = timedelta(minutes=15)
_FARTHEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, kw_only=True, slots=True)
class PageDate:
    """When the article was published, None where nothing says so; `note` for the report where it may be two days."""

    published: Published | None
    note: str = ""


def published_on(layout: Layout, meta: Meta, json_ld: JsonLd, *, url: str, locale: SourceLocale) -> PageDate:
    """Return when the page's article was published."""
    try:
        seen, unsure = shown_dates(layout, locale), ""
    except AmbiguousDate as error:
        seen, unsure = ShownDates(), f"the date below the headline {error}; the article's date is unknown"
    shown, updated = seen.published, seen.updated
    declared, note = _declared(layout, meta, json_ld, locale)
    marked = seen.marked_up
    if marked and marked not in declared and (marked.has_zone or not (shown and shown.has_zone)):
        declared.append(marked)
    if found := _on_its_own_clock(declared, shown) or shown:
        day = shown or next((reading for reading in declared[:1] if reading.precision == "day"), None)
        return PageDate(published=_on_its_own_day(found, date_in_url(url), day, updated))
    if updated:
        return PageDate(published=updated.published)
    # htmldate would settle by its own order of day and month what the page leaves open.
    found_elsewhere = date_in_url(url) if unsure or note else _found_by_htmldate(layout, url, locale)
    return PageDate(published=found_elsewhere or _in_dateline(layout, locale), note=unsure or note)


def date_in_url(url: str) -> Published | None:
    """Return the day that the path of an address holds in full ("/2024/06/19/"), or None."""
    for found in _IN_PATH.finditer(urlsplit(url).path):
        separators = len(found.group()) - sum(len(part) for part in found.groups())
        try:
            day = datetime(*map(int, found.groups()), tzinfo=UTC)  # type: ignore[arg-type, misc]
        except ValueError:
            continue
        if (separators == 2 or len(found.group()) == 8) and day.year in YEARS:
            return day, "day"
    return None


def _declared(layout: Layout, meta: Meta, json_ld: JsonLd, locale: SourceLocale) -> tuple[list[DateReading], str]:
    """Return the dates that the page declares, the surest first, and says so where one may be two days."""
    candidates = [text_in(json_ld.get("datePublished")), *_declared_in(meta), *_marked_up(layout)]
    found: list[DateReading] = []
    note = ""
    for candidate in filter(None, map(str.strip, candidates)):
        try:
            reading = read_date(candidate[:_MAX_LINE], locale)
        except AmbiguousDate as error:
            note = note or f"the date that the page declares {error}; the article's date is unknown"
            continue
        except UnreadableDate:
            continue
        if reading.moment.year in YEARS and reading not in found:
            found.append(reading)
    return found, note


def _on_its_own_clock(declared: list[DateReading], shown: DateReading | None) -> DateReading | None:
    """Return the declared moment, with the offset of the clock on which the page shows it; None where none is declared.

    A moment with a zone goes before one without, and of the same clock in two zones the one that readers see is right.
    """
    if not declared:
        return None
    zoned = [reading for reading in declared if reading.has_zone]
    first = next(iter(zoned), declared[0])
    local = [reading for reading in (shown, declared[0]) if reading and reading.precision == "minute"]
    for clock in local:
        for moment in zoned:
            offset = _offset_between(moment, clock)
            if offset is not None and (moment == first or clock.has_zone):
                return replace(moment, moment=moment.moment.astimezone(timezone(offset)))
    return first


def _offset_between(moment: DateReading, clock: DateReading) -> timedelta | None:
    """Return the offset of a clock that shows a moment; None where it shows another moment, or the zone is told."""
    if clock.has_zone:
        same = abs(clock.moment - moment.moment) < _A_MINUTE
        return clock.moment.utcoffset() if same else None
    if moment.moment.utcoffset():
        return None
    distance = clock.moment.replace(second=0, microsecond=0) - moment.moment.replace(second=0, microsecond=0)
    return distance if abs(distance) <= _FARTHEST_ZONE and not distance % _ZONE_STEP else None


def _on_its_own_day(
    reading: DateReading, in_url: Published | None, shown: DateReading | None, updated: DateReading | None
) -> Published:
    day = reading.moment.date()
    if in_url and in_url[0].date() < day:
        is_shown = shown is not None and shown.moment.date() == day
        if not (is_shown and in_url[0].date() == day - timedelta(days=1)):
            return in_url  # an address is made once; a later date is that of another edition, or of another zone
    if reading.precision == "minute" and not reading.moment.utcoffset():
        if shown and abs(shown.moment.date() - day) == timedelta(days=1):
            return _day_of(shown)
        if updated and updated.moment.date() == day - timedelta(days=1):
            return _day_of(updated)  # nothing is updated before it is published: that day is the page's own
    return reading.published


def _day_of(reading: DateReading) -> Published:
    return reading.moment.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC), "day"


def _declared_in(meta: Meta) -> Iterator[str]:
    """Yield what the meta elements say that are named after publication; others give the day of the page's file."""
    from htmldate.core import DATE_ATTRIBUTES

    for name in ("article:published_time", *meta):
        if name in DATE_ATTRIBUTES and _PUBLICATION.search(name):
            yield first_of(meta, name)


def _marked_up(layout: Layout) -> Iterator[str]:
    """Yield the dates of the article's elements that microdata, or HTML's own `pubdate`, marks as publication."""
    dated = layout.tree.xpath(
        "//*[@itemprop='datePublished'] | //time[@pubdate] | //*[contains(@property, 'datePublished')]"
        " | //abbr[contains(@class, 'published')] | //time[contains(@class, 'dt-published')]"
    )
    for element in islice(dated, _MAX_MARKED):
        if not (layout.is_beside(element) or layout.is_foreign(element)):
            yield element.get("datetime") or element.get("content") or element.get("title") or ""


def _found_by_htmldate(layout: Layout, url: str, locale: SourceLocale) -> Published | None:
    """Return what htmldate finds elsewhere on the page, but not in captions, teasers and lists of other articles."""
    from htmldate import find_date

    tree = deepcopy(layout.tree)
    pairs = zip(layout.tree.iter(), tree.iter(), strict=True)
    for element in [copy for own, copy in pairs if layout.is_foreign(own) or layout.is_aside(own)]:
        drop(element)
    for footer in [footer for footer in tree.iter("footer") if _COPYRIGHT.search(footer.text_content())]:
        footer.drop_tree()
    for script in [script for script in tree.iter("script") if dates_others(script)]:
        script.drop_tree()
    found = find_date(tree, url=url or None, original_date=True, extensive_search=False)
    return read_date(found, locale).published if found and int(found[:4]) in YEARS else None


def _in_dateline(layout: Layout, locale: SourceLocale) -> Published | None:
    """Return the date that the text itself begins with ("ELMPORT, June 19, 2024 —")."""
    lines = islice(layout.lines_below_headline(), _MAX_LINES_BEFORE)
    first = next((line for line in lines if len(line.split()) >= _MIN_WORDS), "")
    dateline = _DATELINE.match(first)
    return stated_date(dateline["date"], locale) if dateline else None
