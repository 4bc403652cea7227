"""The period that a question names: a day, a month, a range, a weekday, a season, or one side of these ("since May").

A date without a year is the last such date up to now, and a weekday the last such day. What lies ahead is no time of
publication, and "03/04/2024" may be two days: neither is a period.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from rag.question.year_parts import (
    FORMS,
    PART,
    SEASONS,
    YEAR,
    days_of_year_part,
    is_year_part,
    later,
    month_end,
    part_of,
)
from rag.text.calendar_names import MONTH_NUMBERS, MONTHS, SHORT_MONTHS, WEEKDAYS
from rag.text.event_dates import event_date
from rag.text.formatting import any_of, day_in_words, days_in_words
from rag.text.number_words import ORDINALS
from rag.text.relative_periods import REPORTED_WITHIN, Period, relative_period
from rag.text.search_terms import content_terms
from rag.wording import _

CLOCKS_DIFFER_BY = timedelta(hours=12)
"""A day is the outlet's own, which may have begun up to half a day before or after the day in UTC."""

Side = Literal["during", "since", "after", "until", "before"]

_LONG_AGO = date(1900, 1, 1)
_THIS_CENTURY = date(2099, 12, 31)
_MONTHS = "|".join((*MONTHS, *SHORT_MONTHS))
_MONTH = rf"(?P<month>{_MONTHS})\b\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_WEEKDAY = rf"(?:(?:{'|'.join(WEEKDAYS)}),?\s(?:the\s)?)?"
_WEEK_OF = r"(?P<week_of>(?:the\s)?week\s(?:of|beginning|starting|from)\s(?:the\s)?)"
_BEHIND = "|".join(rf"(?<=\b{word}\s)" for word in ["on", "since", "until", "before", "after", "from", "between", "by"])
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)(?:\b|T\d\d:\d\d\S{0,20}?(?=[?!,;]*(?:\s|$)))",
        r"\b(?P<first>\d{1,2})(?P<mark>[/.])(?P<second>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d)\b",
        rf"(?:{_BEHIND})(?P<first>\d{{1,2}})(?P<mark>[/.])(?P<second>\d{{1,2}})(?P=mark)(?P<year>\d\d)\b(?!\.\d)",
        rf"\b{_WEEKDAY}{_DAY}\s?(?:-|to|and|until|through)\s?(?P<last>[0-3]?\d)(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?:,?\s{YEAR})?",
        rf"\b{_WEEKDAY}{_MONTH}\s(?:the\s)?{_DAY}\s?(?:-|to|and|until|through)\s?(?P<last>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\s?[:%])"
        rf"(?!\s(?:{'|'.join(MONTHS)}))(?:,?\s{YEAR})?",
        rf"\b(?:{_WEEK_OF})?{_WEEKDAY}{_DAY}\s(?:of\s)?{_MONTH}(?:,?\s{YEAR})?",
        rf"\b(?:{_WEEK_OF})?{_WEEKDAY}{_MONTH}\s(?:the\s)?{_DAY}\b(?!\s?[:%])(?:,?\s{YEAR})?",
        rf"\bthe\s(?P<day_word>{'|'.join(ORDINALS)})\sof\s{_MONTH}(?:,?\s{YEAR})?",
        rf"(?:(?<=\bfrom\s)|(?<=\bbetween\s)|(?<=\bin\s)){_MONTH}\s?(?:to|and|until|through|-)\s?(?P<to_month>{_MONTHS})\b"
        rf"(?:,?\s{YEAR})?",
        rf"\b(?:{PART})?{_MONTH},?\s(?:of\s)?{YEAR}",
        rf"(?:\b{PART}|(?<=\bin\s)|(?<=\bsince\s)|(?<=\bfrom\s)|(?<=\bduring\s)|(?<=\bthroughout\s)"
        rf"|(?<=\buntil\s)|(?<=\bbefore\s)|(?<=\bafter\s)|(?<=\blast\s)){_MONTH}(?!\s(?:(?-i:[A-Z])|\d))",
        *FORMS,
        r"(?<=\bon\sthe\s)(?P<day>[0-3]?\d)(?:st|nd|rd|th)\b(?=\s?[?!.,;]|$)",
        rf"\b(?:the\s)?week\s(?P<week_number>\d{{1,2}})\s(?:of\s|in\s)?{YEAR}",
        rf"(?:(?<=\bfrom\s)|(?<=\bbetween\s)){YEAR}\s?(?:to|and|until|-)\s?(?P<to_year>(?:19|20)\d\d)\b",
        rf"\b(?:{PART}|(?<=\bin\s)|(?<=\bsince\s)|(?<=\bfrom\s)|(?<=\bduring\s)|(?<=\bthroughout\s)"
        rf"|(?<=\buntil\s)|(?<=\bbefore\s)|(?<=\bafter\s)){YEAR}(?!\s?[-/]\s?\d)",
    )
)
"""The longest first; what one has read is not read again by the next."""

_DAYS_OF_MONTHS = _FORMS[5:7]

_JOINED = re.compile(r"\s?(?:to|and|until|till|through|-|up to)\s?(?:the\s)?", re.IGNORECASE)
_SIDES: tuple[tuple[Side, re.Pattern[str]], ...] = (
    ("since", re.compile(r"\b(?:since|from)\s(?:the\s)?$", re.IGNORECASE)),
    ("after", re.compile(r"\bafter\s(?:the\s)?$", re.IGNORECASE)),
    ("before", re.compile(r"\b(?:before|prior\sto)\s(?:the\s)?$", re.IGNORECASE)),
    ("until", re.compile(r"\b(?:until|till|up\sto|by)\s(?:the\s)?$", re.IGNORECASE)),
)
_WORDS_BEFORE = re.compile(
    r"\b(?:on|in|during|throughout|over|between|from|since|after|before|until|by)\s(?:the\s)?$", re.I
)
_WEEKDAY_RANGE = re.compile(
    rf"\b(?:from|between)\s(?P<begin>{'|'.join(WEEKDAYS)})\s(?:to|and|until|through)\s(?P<end>{'|'.join(WEEKDAYS)})\b",
    re.IGNORECASE,
)
_WEEKEND = re.compile(r"\b(?:(?P<which>last|this)|over\sthe|at\sthe|on\sthe|during\sthe)\sweekend\b", re.IGNORECASE)
_OF_ANOTHER_YEAR = re.compile(
    r"\s(?:of|in)\s(?:the\s(?:previous|following|next|same)|that|each|every)\syear\b", re.IGNORECASE
)
_NO_DAY_BEFORE = re.compile(
    r"(?:(?<=[\w,]\s)(?-i:[A-Z])[\w'\u2019-]*|\b(?:that|every|each|an?|one|for|any|following|previous|same))\s$",
    re.IGNORECASE,
)
"""A capital in front is a name ("Super Tuesday"); "that Sunday" is a day of the story."""

_OF_AN_EVENT = re.compile(
    rf"(?<=\bthe\s)(?:(?:{_MONTHS})\b\.?\s[0-3]?\d|[0-3]?\d\s(?:{_MONTHS}))(?=\s(?P<word>[a-z]+)\b)", re.IGNORECASE
)
"""A day that tells which of several is meant ("the January 7 earthquake"), of whatever year."""

_YEAR_TOLD = re.compile(
    rf"(?P<date>\b(?:{_MONTHS}|quarter|half|Q[1-4]|H[12]|{'|'.join(SEASONS)}|early|late|mid|beginning|start|middle|end)\b\.?"
    r"(?:\s(?:the\s)?[0-3]?\d(?:st|nd|rd|th)?,?)?[\s-](?:of\s)?)(?P<which>last|this)\syear\b(?!['\u2019]s)",
    re.IGNORECASE,
)
"""The year of a date that is told from today ("in June of last year")."""

_OF_LAST_MONTH = re.compile(
    r"\b(?:the\s)?(?P<day>[0-3]?\d)(?:st|nd|rd|th)\sof\s(?P<which>last|this)\smonth\b(?!['\u2019]s)", re.IGNORECASE
)
_NAME_BEHIND = re.compile(r"\s[A-Z]")
_DAY_WORDS = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)}|today|yesterday)\b", re.IGNORECASE)
_EARLIER = re.compile(r"\bearlier\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Span:
    """Days from `first` to `last`, and where the text names them; `has_year` tells whether it says the year."""

    first: date
    last: date
    start: int
    end: int
    has_year: bool = True
    is_range: bool = False


def named_period(text: str, now: datetime) -> Period | None:
    """The period of publication that a question names, counted from `now`; None where it names none that is over or
    has begun."""
    text = _OF_AN_EVENT.sub(lambda day: " " * len(day[0]) if content_terms(day["word"]) else day[0], text)
    plain = text.translate({0x2013: "-", 0x2014: "-"})
    plain = _YEAR_TOLD.sub(lambda told: f"{told['date']}{now.year - (told['which'].lower() == 'last')}", plain)
    plain = _OF_LAST_MONTH.sub(lambda told: _in_month(told, now.date()), plain)
    if spans := sorted(_spans(plain, now.date()), key=lambda span: span.start):
        span = _joined(plain, spans)
        return _period(plain, span, now) if span else None
    return _relative(text, now) or _weekend(text, now) or _of_weekdays(text, now) or _of_a_day(text, now)


def unclear_date(text: str) -> str:
    """Say which two days a date of the question may be ("03/04/2024"), or that there is no such day ("31 June 2024");
    "" where it holds neither.
    """
    for match in (*_FORMS[1].finditer(text), *_FORMS[2].finditer(text)):
        days = _numeric_days(match, _THIS_CENTURY)
        if len(days) > 1:
            return _(
                "“{words}” may be {days}; write it as {one} or {other}.",
                words=match.group(),
                days=any_of([day_in_words(day) for day in days]),
                one=days[0],
                other=days[1],
            )
    for form in (_FORMS[0], *_DAYS_OF_MONTHS):
        for match in form.finditer(text):
            try:
                if match["year"]:
                    _days_of(match, date.max)
            except ValueError:
                return _("There is no “{words}”; correct the day.", words=match.group())
    return ""


def _spans(text: str, today: date) -> Iterator[_Span]:
    taken: list[tuple[int, int]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            if _OF_ANOTHER_YEAR.match(text, match.end()):
                continue
            try:
                days = _days_of(match, today)
            except ValueError:
                continue  # "31 June" is no day: it limits nothing
            if days and days[1] > _LONG_AGO:
                has_year = "year" in match.re.groupindex and bool(match["year"])
                is_range = bool({"last", "to_year", "to_month", "to_quarter"} & match.re.groupindex.keys())
                yield _Span(*days, match.start(), match.end(), has_year, is_range)


def _days_of(match: re.Match[str], today: date) -> tuple[date, date] | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    year = _year_of(parts.get("year", "0"), today)
    if "week_number" in parts:
        monday = date.fromisocalendar(year, int(parts["week_number"]), 1)
        return monday, monday + timedelta(days=6)
    if is_year_part(parts):
        return days_of_year_part(parts, year, today)
    if "first" in parts:
        days = _numeric_days(match, today)
        return (days[0], days[0]) if len(days) == 1 else None
    if "day" in parts and "month" not in parts and "number" not in parts:
        return _day_of_month(int(parts["day"]), today)
    if "month" not in parts and "number" not in parts:
        return part_of(parts, date(year, 1, 1), date(int(parts.get("to_year", year)), 12, 31))
    month = int(parts["number"]) if "number" in parts else MONTH_NUMBERS[parts["month"].lower().rstrip(".")]
    if "day" in parts or "day_word" in parts:
        day = int(parts["day"]) if "day" in parts else ORDINALS[parts["day_word"].lower()]
        year = year or _last_year_of(month, day, today)
        first = date(year, month, day)
        if "week_of" in parts:
            return first, first + timedelta(days=6)
        return first, date(year, month, int(parts["last"])) if "last" in parts else first
    last_month = MONTH_NUMBERS[parts["to_month"].lower()] if "to_month" in parts else month
    year = year or (today.year if last_month <= today.month else today.year - 1)
    first_year = year if month <= last_month else year - 1
    return part_of(parts, date(first_year, month, 1), month_end(year, last_month))


def _year_of(written: str, today: date) -> int:
    """The year that is meant; one of two figures ("'24") is the last such up to now."""
    if written.isdigit() and len(written) != 2:
        return int(written)
    year = today.year - today.year % 100 + int(written[-2:])
    return year if year <= today.year else year - 100


def _in_month(told: re.Match[str], today: date) -> str:
    """The day of a month that is told from today, written out."""
    year, month = later(today.year, today.month, -1 if told["which"].lower() == "last" else 0)
    return f"{int(told['day'])} {MONTHS[month - 1].capitalize()} {year}"


def _day_of_month(day: int, today: date) -> tuple[date, date]:
    """The last such day of a month ("the 19th"), up to today; raises ValueError where that month has none."""
    year, month = (today.year, today.month) if day <= today.day else later(today.year, today.month, -1)
    return date(year, month, day), date(year, month, day)


def _numeric_days(match: re.Match[str], today: date) -> list[date]:
    """The days that figures may mean; with full stops the day stands first."""
    first, second, year = int(match["first"]), int(match["second"]), _year_of(match["year"], today)
    orders = [(second, first)] if match["mark"] == "." else [(second, first), (first, second)]
    days = []
    for month, day in orders:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return list(dict.fromkeys(days))


def _joined(text: str, spans: Sequence[_Span]) -> _Span | None:
    """The one span that a question names: two of them as one from the first to the last, where words join them."""
    if not spans:
        return None
    if len(spans) == 1:
        return spans[0]
    first, second, *more = spans
    if more or first.is_range or second.is_range or not _JOINED.fullmatch(text[first.end : second.start]):
        return first if all((span.first, span.last) == (first.first, first.last) for span in spans) else None
    if second.has_year and not first.has_year:
        years = second.first.year - first.first.year
        first = replace(first, first=_moved(first.first, years), last=_moved(first.last, years))
    if first.first > second.last:
        first = replace(first, first=_moved(first.first, -1), last=_moved(first.last, -1))
    return _Span(first.first, second.last, first.start, second.end, is_range=True)


def _period(text: str, span: _Span, now: datetime) -> Period | None:
    """The moments of a span, or of the side of it that a word in front names."""
    front = text[: span.start]
    side: Side = next((side for side, words in _SIDES if words.search(front) and not span.is_range), "during")
    word = _WORDS_BEFORE.search(front)
    words = text[word.start() if word else span.start : span.end].strip()
    first, last = span.first, span.last
    today = now.date()
    if side == "since":
        last = today
    elif side == "after":
        first, last = last + timedelta(days=1), today
    elif side in ("until", "before"):
        first, last = _LONG_AGO, last if side == "until" else first - timedelta(days=1)
    return _moments(first, last, words, now)


def _moments(first: date, last: date, words: str, now: datetime) -> Period | None:
    last = min(last, now.date())
    if first > last:
        return None
    zone = now.tzinfo or UTC
    begin = datetime.combine(first, time(), zone) - CLOCKS_DIFFER_BY
    end = datetime.combine(last, time(), zone) + timedelta(days=1) + REPORTED_WITHIN
    said = _("until {day}", day=day_in_words(last)) if first == _LONG_AGO else days_in_words(first, last)
    return Period(after=begin, before=min(end, now), words=words, said=said)


def _relative(text: str, now: datetime) -> Period | None:
    """A period told by its distance from now ("last week"); up to now where "since" stands in front of it."""
    period = relative_period(text, now)
    if period and _SIDES[0][1].search(text[: text.find(period.words)]):
        return replace(period, before=now, said=days_in_words(period.after, now))
    return period


def _of_weekdays(text: str, now: datetime) -> Period | None:
    """From one weekday to another ("between Monday and Wednesday"), the last time that these have begun."""
    match = _WEEKDAY_RANGE.search(text)
    if match is None:
        return None
    today = now.date()
    begin, end = (WEEKDAYS.index(match[name].lower()) for name in ("begin", "end"))
    first = today - timedelta(days=(today.weekday() - begin) % 7)
    return _moments(first, first + timedelta(days=(end - begin) % 7), match.group(), now)


def _weekend(text: str, now: datetime) -> Period | None:
    match = _WEEKEND.search(text)
    if match is None:
        return None
    today = now.date()
    saturday = today - timedelta(days=(today.weekday() - 5) % 7)
    if (match["which"] or "").lower() == "last" and saturday + timedelta(days=1) >= today:
        saturday -= timedelta(weeks=1)
    return _moments(saturday, saturday + timedelta(days=1), match.group(), now)


def _of_a_day(text: str, now: datetime) -> Period | None:
    """The weekday, "today" or "two days ago" of a question; a weekday within a name ("Super Tuesday") is none."""
    named = _DAY_WORDS.search(text)
    if named and (_NO_DAY_BEFORE.search(text[: named.start()]) or _NAME_BEHIND.match(text, named.end())):
        return None
    if named and named.start() and named.group() in ("Today", "Yesterday"):
        return None
    found = event_date(text, now.date())
    if found is None or _EARLIER.search(found.words):
        return None
    place = text.find(found.words)
    span = _Span(found.first, found.last, place, place + len(found.words))
    return _period(text, span, now) if found.first <= now.date() else None


def _last_year_of(month: int, day: int, today: date) -> int:
    return today.year if (month, day) <= (today.month, today.day) else today.year - 1


def _moved(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
