"""What eight languages call months, weekdays and "last week", from dateparser's data; its door for questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rag.text.calendar_names import MONTHS, WEEKDAYS
from rag.text.search_terms import without_accents

_RELATIVE = {
    "0 day ago": "today", "1 day ago": "yesterday", "2 day ago": "the day before yesterday",
    "0 week ago": "this week", "1 week ago": "last week", "0 month ago": "this month", "1 month ago": "last month",
    "0 year ago": "this year", "1 year ago": "last year",
}  # fmt: skip
_UNITS = ("hour", "day", "week", "month", "year")
_LEAST_LETTERS = 4
_LEAST_LETTERS_OF_UNITS = 3


@dataclass(frozen=True, slots=True)
class CalendarLanguage:
    """Each name in small letters, with and without its accents -> its English one."""

    months: Mapping[str, str]
    weekdays: Mapping[str, str]
    periods: Mapping[str, str]
    units: Mapping[str, str]


@cache
def calendar_language(code: str) -> CalendarLanguage:
    """The names of a language; shortened ones are left out, which are words of other meanings."""
    from dateparser.languages.loader import default_loader

    info = default_loader.get_locale(code).info
    relative = info.get("relative-type", {})
    return CalendarLanguage(
        months=_known({month: _whole(info[month]) for month in MONTHS}),
        weekdays=_known({weekday: _whole(info[weekday]) for weekday in WEEKDAYS}),
        periods=_known({english: relative.get(said, ()) for said, english in _RELATIVE.items()}),
        units=_known({unit: [name for name in info[unit] if len(name) >= _LEAST_LETTERS_OF_UNITS] for unit in _UNITS}),
    )


def _known(names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    known: dict[str, str] = {}
    for english, own in names.items():
        for name in own:
            known |= dict.fromkeys((name.casefold(), without_accents(name.casefold())), english)
    return known


def _whole(names: Iterable[str]) -> list[str]:
    """The names that are not shortened: "lunes" and no "lun", "segunda-feira" and no "segunda"."""
    lower = [name.casefold() for name in names]
    long = [name for name in lower if len(name) >= _LEAST_LETTERS] or lower
    return [name for name in long if not any(other.startswith(f"{name}-") for other in long)]
