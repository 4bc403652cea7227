"""The dates that a page shows below its headline: of publication, and of an update.

A caption's, a standfirst's or another story's date is none of them. Of several the earliest is that of publication,
whatever the language of the labels beside them: nothing is updated before it is published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from ingest.metadata.dates import DatedLine, DateReading, UnreadableDate, dated_line, read_date
from ingest.metadata.people import LABEL
from ingest.metadata.source_locale import SourceLocale
from ingest.readers.html.layout import Layout

YEARS = range(1990, 2100)
_UPDATED = re.compile(r"updat|aktualisiert", re.IGNORECASE)
_MAX_LINES = 40
_MAX_DATE_LINE = 80
_MAX_LABEL = 30
_PROSE = 250
_LONG_LINES = 2
"""A standfirst and a caption may stand above the date."""

_TOGETHER = 4
"""The dates of publication and update stand in one line, or in lines so near to each other."""

_LONG_WORD = 4
_A_DAY = timedelta(days=1)
_DAY_ALONE = re.compile(r"\b([^\W\d_]{3,10}\.?\s\d{1,2}|\d{1,2}\.?\s[^\W\d_]{3,10}\.?)(?![\w:])")
_SENTENCE_END = re.compile(r"[.!?\u2026]\s*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownDates:
    """What readers see, None where nothing says so; `marked_up` is what the `time` element of publication declares."""

    published: DateReading | None = None
    updated: DateReading | None = None
    marked_up: DateReading | None = None


@dataclass(frozen=True, slots=True)
class _Shown:
    place: int
    is_update: bool
    reading: DateReading
    marked_up: DateReading | None
    is_read: bool


def shown_dates(layout: Layout, locale: SourceLocale) -> ShownDates:
    """Return the dates in the short lines below the headline; raises `AmbiguousDate` where one may be two days."""
    found: list[_Shown] = []
    told: list[_Shown] = []
    label = ""
    for place, owner, line in _lines_below(layout):
        dated = dated_line(line, locale)
        dates = [one for one in dated.dates if one[1].moment.year in YEARS]
        marked_up = _marked_up(owner, locale) if len(dates) < 2 else None
        is_read = bool(dates)
        if marked_up and not dates:
            dates, is_read = _of_its_year(line, marked_up, locale)
        if not dates:
            label = line
            continue
        if found and place - found[0].place > _TOGETHER:
            break
        if _is_prose(line, dated) or (_has_other_words(line, dated) and layout.is_below_picture(owner)):
            continue
        into = found if len(_small_words(dated)) <= 1 else told
        for before, reading in dates:
            is_update = _UPDATED.search(before or (label if len(label) < _MAX_LABEL else "")) is not None
            into.append(_Shown(place, is_update, reading, marked_up, is_read))
    found = found or told[:1]
    published = min((one for one in found if not one.is_update), key=_age, default=None)
    return ShownDates(
        published=published.reading if published and published.is_read else None,
        updated=next((one.reading for one in found if one.is_update), None),
        marked_up=published.marked_up if published else None,
    )


def _of_its_year(line: str, marked_up: DateReading, locale: SourceLocale) -> tuple[list[tuple[str, DateReading]], bool]:
    """Read a line that tells a day without its year ("Posted Nov 18, 8:19 PM") in that of its `time` element, as far as
    it can be read so; what the element says, where it cannot.
    """
    for year in (marked_up.moment.year, marked_up.moment.year - 1):
        dated = dated_line(_DAY_ALONE.sub(rf"\1, {year}", line, count=1), locale)
        near = [one for one in dated.dates if abs(one[1].moment.date() - marked_up.moment.date()) <= _A_DAY]
        if near:
            return near, True
    return [("", marked_up)], False


def _age(shown: _Shown) -> tuple[date, bool, datetime]:
    reading = shown.reading
    return reading.moment.date(), reading.precision == "day", reading.moment


def _lines_below(layout: Layout) -> Iterator[tuple[int, Any, str]]:
    """Yield the short lines between the headline and the article's prose, each with its place and element."""
    long = 0
    for place, (owner, line) in enumerate(islice(layout.pieces_below_headline(), _MAX_LINES)):
        long += len(line) > _PROSE
        if long > _LONG_LINES:
            return
        if len(line) <= _MAX_DATE_LINE:
            yield place, owner, line


def _is_prose(line: str, dated: DatedLine) -> bool:
    """Whether a line tells of a day, as a standfirst does; some languages end a date with a full stop."""
    return _SENTENCE_END.search(line) is not None and len(dated.other_words) > 1


def _small_words(dated: DatedLine) -> list[str]:
    return [word for word in dated.other_words if word.islower() and len(word) >= _LONG_WORD]


def _has_other_words(line: str, dated: DatedLine) -> bool:
    return bool(dated.other_words) and LABEL.match(line) is None


def _marked_up(owner: Any, locale: SourceLocale) -> DateReading | None:
    """Return what the `time` element around a line says for programs."""
    for element in (owner, *islice(owner.iterancestors(), 2)):
        if element.tag == "time" and element.get("datetime"):
            try:
                reading = read_date(element.get("datetime")[:_MAX_DATE_LINE], locale)
            except UnreadableDate:
                return None
            return reading if reading.moment.year in YEARS else None
    return None
