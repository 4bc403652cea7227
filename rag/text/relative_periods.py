"""Periods that a question names in relation to the day it is asked ("last week"), and the days that it writes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from rag.text.formatting import days_in_words
from rag.text.number_words import CARDINALS
from rag.text.written_dates import DATE_FORMS, read_day
from rag.wording import _, ngettext

# What happened on the last day of a period stands in the next day's articles.
REPORTED_WITHIN = timedelta(days=1)

_UNITS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "fortnight": timedelta(weeks=2),
    "month": timedelta(days=30),
    "half year": timedelta(days=182),
    "year": timedelta(days=365),
    "decade": timedelta(days=3652),
}
_FEW = 3
_LONGEST = timedelta(days=365 * 1000)
_NUMBERS = {word: number for word, number in CARDINALS.items() if number} | {"couple of": 2, "few": _FEW}
_BACK = re.compile(
    r"\b(?:(?P<when>in|over|during|within|for|throughout)\s+(?P<the>(?:the|these)\s+)?|(?:the|these)\s+)(?:last|past)\s+"
    rf"(?:(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})[\s-]+)?"
    rf"(?P<unit>{'|'.join(_UNITS).replace(' ', '[ -]')})(?P<plural>s?)\b"
    r"(?!['\u2019]|\s+(?:of|before|until|up)\b)",
    re.IGNORECASE,
)
"""Not "the last two weeks of the war", which ended at another moment than now."""

_CALENDAR = re.compile(
    r"\b(?P<word>(?P<earlier>the\s+day\s+before\s+)?yesterday|(?P<which>last|this)\s+(?P<unit>week|month|year|(?<!\bto\slast\s)quarter(?!\s(?:of|century)\b)))\b"
    r"(?!['\u2019]s\b)",
    re.IGNORECASE,
)

_BEFORE_LAST = re.compile(r"\bthe\s+(?P<unit>week|month|year)\s+before\s+last\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """First and last moment of publication, both inclusive, and the words that named it.

    `said` is how it is read, where the moments reach beyond the days that are meant.
    """

    after: datetime
    before: datetime
    words: str
    said: str = ""

    def holds(self, published: datetime | None) -> bool:
        """Whether something published then is of this period; what is undated is not."""
        return published is not None and self.after <= published <= self.before

    def in_words(self) -> str:
        """`“last week” is read as 10 June 2024 to 17 June 2024`."""
        said = self.said or days_in_words(self.after, self.before)
        return _("“{words}” is read as {period}", words=self.words, period=said)


def distance_in_words(distance: timedelta) -> str:
    """A span of time in its largest whole unit that it fills twice: `2 days`, `3 weeks`, `23 months`, `2 years`.

    Months are of 30.44 days, years of 365.25; less than two days are hours.
    """
    hours = int(distance.total_seconds() // 3600)
    if hours >= 2 * 8766.0:
        return ngettext("{n} year", "{n} years", int(hours / 8766.0))
    if hours >= 2 * 730.5:
        return ngettext("{n} month", "{n} months", int(hours / 730.5))
    if hours >= 2 * 168.0:
        return ngettext("{n} week", "{n} weeks", int(hours / 168.0))
    if hours >= 2 * 24.0:
        return ngettext("{n} day", "{n} days", int(hours / 24.0))
    return ngettext("{n} hour", "{n} hours", hours)


def relative_period(text: str, now: datetime) -> Period | None:
    """The period that the text names by its distance from `now`; None where it names none.

    Days begin at midnight in the time zone of `now`, weeks on Monday. A period that is over is followed by a day in
    which it was still reported; none reaches beyond `now`.
    """
    if distance := _back(text):
        return Period(after=now - distance[0], before=now, words=distance[1])
    today = datetime.combine(now.date(), time.min, tzinfo=now.tzinfo)
    if match := _BEFORE_LAST.search(text):
        ended = _beginning(_beginning(today, match["unit"].lower()) - timedelta(days=1), match["unit"].lower())
        after = _beginning(ended - timedelta(days=1), match["unit"].lower())
        return Period(after=after, before=ended + REPORTED_WITHIN, words=match.group())
    if match := _CALENDAR.search(text):
        if match["earlier"]:
            begun = today - timedelta(days=2)
            return Period(after=begun, before=begun + timedelta(days=1) + REPORTED_WITHIN, words=match.group())
        if match["word"].lower() == "yesterday":
            return Period(after=today - timedelta(days=1), before=now, words=match.group())
        begun = _beginning(today, match["unit"].lower())
        if match["which"].lower() == "this":
            return Period(after=begun, before=now, words=match.group())
        after = _beginning(begun - timedelta(days=1), match["unit"].lower())
        return Period(after=after, before=min(now, begun + REPORTED_WITHIN), words=match.group())
    return None


def _back(text: str) -> tuple[timedelta, str] | None:
    """How far back from now a text goes ("in the last three days"), and its words."""
    for match in _BACK.finditer(text):
        number = (match["number"] or "").lower()
        # "The last year" is the one before this, "in the last year" the twelve months up to now.
        if number or match["plural"] or (match["when"] and match["the"]):
            times = int(number) if number.isdigit() else _NUMBERS.get(number, _FEW if match["plural"] else 1)
            return min(_UNITS[match["unit"].lower().replace("-", " ")] * times, _LONGEST), match.group()
    return None


def days_written_out(text: str) -> list[tuple[int, datetime]]:
    """The full dates of a text as (offset, first moment of that day without a time zone), in order of the text."""
    found: dict[int, datetime] = {}
    taken: list[tuple[int, int]] = []
    for form in DATE_FORMS:
        for match in form.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            day = read_day(match)
            if day.year and day.day:
                try:
                    found[match.start()] = datetime(day.year, day.month, day.day)
                except ValueError:
                    # "31 June" is no day: it limits nothing.
                    continue
    return sorted(found.items())


def _beginning(day: datetime, unit: str) -> datetime:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "quarter":
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)
