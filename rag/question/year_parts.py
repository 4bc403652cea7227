"""The part of a year that a question names: a quarter, a half, a season, its first months, a third ("early 2024").

A quarter or half without a year is the last that has begun. Quarters are those of the calendar; a fiscal one is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from rag.text.number_words import CARDINALS, ORDINALS

YEAR = r"(?P<year>(?:1\d|20)\d\d|['\u2019]\d\d)\b"
PART = (
    r"(?P<part>early|mid|late|(?:the\s)?(?:beginning|start|middle|end|first\shalf|second\shalf)\sof"
    r"|(?:the\s)?(?P<week>first|second|third|fourth|last)\sweek\s(?:of|in))[\s-]"
)
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""A northern season -> the month in which it begins."""

_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4, "1st": 1, "2nd": 2, "3rd": 3}
_QUARTERS |= {"4th": 4, "opening": 1}
_HALVES = {"first": 1, "second": 2, "last": 2, "1st": 1, "2nd": 2}
_NOT_FISCAL = r"(?<!\bfiscal\s)(?<!\bfinancial\s)"
_QUARTER = rf"{_NOT_FISCAL}\b(?P<quarter>{'|'.join(_QUARTERS)})[\s-]quarter"
_HALF = rf"{_NOT_FISCAL}\b(?P<half>{'|'.join(_HALVES)})[\s-]half"
_TO = r"\s?(?:to|and|until|through|-)\s?(?:the\s)?"
_OF = r"\s?(?:of\s|in\s)?"
_THE_YEAR = r"\sof\s(?:the|this)\syear\b"
_WHEN = "|".join(
    rf"(?<=\b{word}\s)"
    for word in ["in", "for", "during", "since", "from", "between", "until", "before", "after", "by"]
)
_SOME_MONTHS = "|".join(word for word, number in CARDINALS.items() if 1 < number < 12)
_TWO_FIGURES = r"(?P<year>\d\d)\b"

FORMS = (
    rf"\b(?:{PART}(?:the\s)?)?(?P<season>{'|'.join(SEASONS)})\s(?:of\s)?{YEAR}(?:[/-](?:\d\d)?\d\d\b)?",
    rf"\b(?P<which>last|this)\s(?P<season>{'|'.join(SEASONS)})\b",
    rf"{_NOT_FISCAL}\bH(?P<half>[12])[\s/-]?{_OF}{YEAR}",
    rf"{_NOT_FISCAL}\b(?P<half>[12])H\s?{YEAR}",
    rf"{_NOT_FISCAL}(?:{_WHEN})(?P<half>[12])H{_TWO_FIGURES}",
    rf"{_HALF}\sof\s{YEAR}",
    rf"{_HALF}{_THE_YEAR}",
    rf"{_NOT_FISCAL}\bQ(?P<quarter>[1-4])\s?(?:-|to|and|through)\s?Q(?P<to_quarter>[1-4])[\s/-]?{_OF}{YEAR}",
    rf"{_NOT_FISCAL}\bQ(?P<quarter>[1-4])[\s/-]?{_OF}{YEAR}",
    r"\b(?P<year>(?:19|20)\d\d)[\s/-]?Q(?P<quarter>[1-4])\b",
    rf"{_NOT_FISCAL}\b(?P<quarter>[1-4])Q\s?{YEAR}",
    rf"{_NOT_FISCAL}(?:{_WHEN})(?P<quarter>[1-4])Q{_TWO_FIGURES}",
    rf"{_NOT_FISCAL}(?:{_WHEN})Q(?P<quarter>[1-4])\b(?!\s(?:of|in|fiscal)\b)",
    rf"{_NOT_FISCAL}\b(?P<quarter>{'|'.join(_QUARTERS)}){_TO}(?P<to_quarter>{'|'.join(_QUARTERS)})[\s-]quarters?\s?{_OF}{YEAR}",
    rf"{_QUARTER}\s?{_OF}{YEAR}",
    rf"{_QUARTER}{_THE_YEAR}",
    rf"\b(?P<end>first|last)\s(?P<months>[2-9]|1[01]|{_SOME_MONTHS})\smonths\sof\s{YEAR}",
)
"""The longest first."""

_KEYS = frozenset({"season", "half", "quarter", "months"})


def is_year_part(parts: Mapping[str, str]) -> bool:
    """Whether the named groups of a match are those of `FORMS`."""
    return not _KEYS.isdisjoint(parts)


def days_of_year_part(parts: Mapping[str, str], year: int, today: date) -> tuple[date, date]:
    """First and last day of what a match of `FORMS` names: in that year, or, where it is 0, the last that has begun."""
    if "season" in parts:
        first, last = _season(SEASONS[parts["season"].lower()], year, parts.get("which", "").lower(), today)
        return part_of(parts, first, last)
    if "months" in parts:
        number = int(parts["months"]) if parts["months"].isdigit() else CARDINALS[parts["months"].lower()]
        return _months(year, 1, number) if parts["end"].lower() == "first" else _months(year, 13 - number, number)
    if "half" in parts:
        begin, length = 6 * _number(parts["half"], _HALVES) - 5, 6
    else:
        begin, length = 3 * _number(parts["quarter"], _QUARTERS) - 2, 3
    year = year or (today.year if begin <= today.month else today.year - 1)
    first, last = _months(year, begin, length)
    return first, _months(year, 1, 3 * _number(parts["to_quarter"], _QUARTERS))[1] if "to_quarter" in parts else last


def part_of(parts: Mapping[str, str], first: date, last: date) -> tuple[date, date]:
    """The third, half or week that the group `part` of `PART` names of a span of days; all of it where it is absent."""
    if "week" in parts:
        if parts["week"].lower() == "last":
            return last - timedelta(days=6), last
        begin = first + timedelta(weeks=ORDINALS[parts["week"].lower()] - 1)
        return begin, begin + timedelta(days=6)
    name = parts.get("part", "").lower().removeprefix("the ")
    if not name:
        return first, last
    days = (last - first).days + 1
    shares = {"first": (0, 2), "second": (1, 2), "early": (0, 3), "beginning": (0, 3), "start": (0, 3)}
    shares |= {"mid": (1, 3), "middle": (1, 3), "late": (2, 3), "end": (2, 3)}
    number, of = shares[name.split()[0]]
    return first + timedelta(days=days * number // of), first + timedelta(days=days * (number + 1) // of - 1)


def later(year: int, month: int, months: int) -> tuple[int, int]:
    """The year and month that lie some months later."""
    months += year * 12 + month - 1
    return months // 12, months % 12 + 1


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(*later(year, month, 1), 1) - timedelta(days=1)


def _number(written: str, words: Mapping[str, int]) -> int:
    return int(written) if written.isdigit() else words[written.lower()]


def _months(year: int, month: int, length: int) -> tuple[date, date]:
    return date(year, month, 1), month_end(*later(year, month, length - 1))


def _season(month: int, year: int, which: str, today: date) -> tuple[date, date]:
    """A season that begins in `month`: of a year, this one, or the last that is over."""
    if not which:
        return _months(year, month, 3)
    seasons = [_months(y, month, 3) for y in range(today.year, today.year - 3, -1)]
    if which == "last":
        return next((first, last) for first, last in seasons if last < today)
    return next((first, last) for first, last in seasons if first <= today)
