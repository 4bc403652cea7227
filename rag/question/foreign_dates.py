"""The period that a question names, whatever its language: "desde el 19 de junio de 2024", "в марте", "letzte Woche".

A date in one of eight languages is put into English where it stands, and read as one that was asked in English. Its
names are those of a library; only the words that give a date its side ("since") are ours, which no library has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from rag.question.calendar_languages import CalendarLanguage, calendar_language
from rag.question.foreign_spans import Span, spans_in
from rag.question.language import language_of
from rag.question.named_periods import named_period
from rag.text.relative_periods import Period

_SIDES = {
    "de": {"since": "seit|ab", "until": "bis", "before": "vor", "after": "nach"},
    "es": {"since": "desde|a partir", "until": "hasta", "before": "antes", "after": "después|despues|tras"},
    "fr": {"since": "depuis|dès", "until": "jusqu['’](?:au|en|à)", "before": "avant", "after": "après"},  # noqa: RUF001
    "it": {"since": "dal?|dall['’]", "until": "fino", "before": "prima", "after": "dopo"},  # noqa: RUF001
    "nl": {"since": "sinds|vanaf", "until": "tot", "before": "voor", "after": "na"},
    "pl": {"since": "od", "until": "do", "before": "przed", "after": "po"},
    "pt": {"since": "desde|a partir", "until": "até", "before": "antes", "after": "depois|após"},
    "ru": {"since": "с|со", "until": "по|до", "before": "перед", "after": "после"},  # noqa: RUF001
}
"""Of the languages that are read, what stands in front of a date."""

_CAPITALISED = "de"
"""The one of these languages that writes months and weekdays with a capital."""

_CYRILLIC = re.compile("[а-яё]{3}")  # noqa: RUF001
"""What few words leave open is Russian or a neighbour of it, whose months have other names."""

_SHORT_WORDS = r"(?:\w{1,3}(?:\s|['\u2019])\s?){0,2}"
"""Articles and prepositions between a word that counts and a date."""

_YEAR = r"(?P<{0}>(?:19|20)\d\d)\b"
_FIGURES = r"\b(?P<figures>[0-3]?\d[./][01]?\d[./](?:19|20)\d\d|(?:19|20)\d\d-[01]\d-[0-3]\d)\b"
_JOINED = re.compile(r"\s?(?:[-\u2013]|\w{1,3}(?:\s\w{2,3})?|fino\sal?)?\s?", re.IGNORECASE)


def period_in(text: str, now: datetime) -> Period | None:
    """The period of publication that a question names in its own language; None where it names none."""
    language = language_of(text) or ("ru" if _CYRILLIC.search(text) else "")
    if language in _SIDES and (period := _foreign_period(text, language, now)):
        return period
    return named_period(text, now)


def _foreign_period(text: str, language: str, now: datetime) -> Period | None:
    found = _dates_in(text, language)
    if not found:
        return None
    english, begin = _in_english(text, found, language)
    period = named_period(english, now) if english else None
    return replace(period, words=text[begin : found[-1].end].strip()) if period else None


def _in_english(text: str, found: Sequence[Span], language: str) -> tuple[str, int]:
    """The date, side or range, and where its words begin; "" where the dates are several."""
    first, last = found[0], found[-1]
    front = text[: first.start]
    if len(found) == 2 and _JOINED.fullmatch(text[first.end : last.start]):
        return f"from {first.english} to {last.english}", _begin(front)
    if len({one.english for one in found}) > 1:
        return "", 0
    for side, words in _SIDES[language].items():
        match = re.search(rf"(?<!\w)(?:{words})\s?{_SHORT_WORDS}$", front, re.IGNORECASE)
        if match and first.is_open:
            return f"{side} {first.english}", match.start()
    english = first.english
    return (f"in {english}" if english[0].isalpha() and english[0].isupper() else english), _begin(front)


def _begin(front: str) -> int:
    """Where the short words begin that belong to a date."""
    match = re.search(r"(?<!\w)(?:[a-zß-ÿ]{1,3}|\w{1,2})(?:\s|['\u2019])$", front)
    return match.start() if match else len(front)


def _dates_in(text: str, language: str) -> list[Span]:
    """The dates of a text in its order, none within another."""
    found: list[Span] = []
    for one in (*spans_in(text, language), *_written_dates(text, language)):
        if all(one.end <= other.start or other.end <= one.start for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _written_dates(text: str, language: str) -> Iterator[Span]:
    names = calendar_language(language)
    for match in _dates(language).finditer(text):
        bare = match["alone"] or match["weekday"]
        if bare and bare[0].isupper() and language != _CAPITALISED:
            continue  # "Plaza de Mayo"
        if english := _english_of(match, names):
            start = match.start("alone") if match["alone"] else match.start()
            yield Span(english, start, match.end(), is_open=not match["relative"])


def _english_of(match: re.Match[str], names: CalendarLanguage) -> str:
    if match["figures"]:
        return match["figures"]
    if match["relative"]:
        return names.periods[match["relative"].casefold()]
    if match["weekday"]:
        return f"on {_named(match['weekday'], names.weekdays).capitalize()}"
    month = _named(match["month"] or match["of_year"] or match["alone"], names.months).capitalize()
    days = "-".join(day for day in (match["day"], match["last"]) if day)
    return " ".join(part for part in (days, month, match["year"] or match["its_year"]) if part)


def _named(word: str, names: Mapping[str, str]) -> str:
    folded = word.casefold()
    return names.get(folded) or next(english for name, english in names.items() if name[:-1] == folded[:-1])


@cache
def _dates(language: str) -> re.Pattern[str]:
    names = calendar_language(language)
    month, weekday = _either(names.months, inflected=True), _either(names.weekdays, inflected=True)
    day = r"(?P<{0}>[0-3]?\d)(?!\d)(?:\.|º|ª|er|-?[eе]|-го)?"  # noqa: RUF001
    to = r"(?:\s?[-\u2013]\s?|\s\w{1,3}(?:\s\w{2,3})?\s)"
    of = r"\s(?:\w{2,3}\s)?"
    return re.compile(
        rf"{_FIGURES}"
        rf"|(?<![\w.,]){day.format('day')}(?:{to}{day.format('last')})?{of}(?P<month>{month})(?:,?{of}{_YEAR.format('year')})?"
        rf"|(?P<of_year>{month}){of}{_YEAR.format('its_year')}"
        rf"|(?P<relative>{_either(names.periods)})"
        rf"|\b\w{{1,4}}\s(?P<alone>{month})(?!\s(?-i:[A-ZА-Я])|,?{of}\d)"  # noqa: RUF001
        rf"|(?P<weekday>{weekday})(?!\s(?-i:[A-ZА-Я]))",  # noqa: RUF001
        re.IGNORECASE,
    )


def _either(names: Iterable[str], *, inflected: bool = False) -> str:
    """One of the names as a word; `inflected` with another last letter ("марта", "марте"), as cases have it."""
    forms = [re.escape(name[:-1]) + r"\w" if inflected else re.escape(name) for name in names]
    return rf"\b(?:{'|'.join(sorted(set(forms), key=len, reverse=True))})\b"
