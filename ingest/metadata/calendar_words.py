"""Names of months, weekdays and halves of the day in two hundred languages, from dateparser's data (CLDR and more).

Only its words are used. Its parser settles what several languages or zones read differently by an order of its own and
by what it read before; see docs/decisions.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Literal

from ingest.metadata.source_locale import SourceLocale
from rag.text.calendar_names import MONTH_NUMBERS, MONTHS, SHORT_MONTHS, WEEKDAYS

Kind = Literal["month", "weekday", "half", "filler"]
Named = tuple[Kind, str]
Languages = frozenset[str]
DayOrder = Literal["DMY", "MDY", "YMD"]

_HALVES = ("am", "pm")
_WITHOUT_A_MARK = str.maketrans("ıłøđ", "ilod")
"""Letters that Unicode does not take apart."""

_FILLERS = ("skip", "pertain", "year", "hour", "day", "in")
_MOST_WRITTEN = 45
"""dateparser sorts its languages by how much is written in them; what one of the first means goes before the others."""


def months_called(word: str, locale: SourceLocale) -> Mapping[int, Languages]:
    """Month number -> the languages that call it so; English and the source's own language decide where they can.

    Several numbers: the word is a month in each ("lis" is October in Croatian, November in Polish).
    """
    key: Named = ("month", folded(word))
    if numbers := _english().get(key):
        return dict.fromkeys(numbers, frozenset(("en",)))
    if locale.speaks in _languages() and (numbers := _words_of(locale.speaks).get(key)):
        return dict.fromkeys(numbers, frozenset((locale.speaks,)))
    found = _everywhere().get(key, {})
    widely = {number: spoken for number, spoken in found.items() if spoken & _widely_written()}
    return widely or found


def weekdays_called(word: str) -> frozenset[int]:
    """The weekdays (Monday is 0) that a word names in any language; empty where it names none."""
    key: Named = ("weekday", folded(word))
    return _english().get(key) or frozenset(_everywhere().get(key, {}))


def half_called(word: str) -> Literal["am", "pm"] | None:
    """The half of the day that a word names ("p.m.", "下午"), None where it names none."""
    key: Named = ("half", folded(word).replace(" ", ""))
    found = _english().get(key)
    # Capitals behind a time are a zone ("EST"), a single letter is a word of its own ("à").
    if found is None and (len(key[1]) > 1 or not key[1].isascii()) and not (word.isascii() and word.isupper()):
        found = frozenset(_everywhere().get(key, {}))
    if not found or len(found) > 1:
        return None
    return "pm" if 1 in found else "am"


def is_filler(word: str) -> bool:
    """Whether a word only joins the parts of a date in some language ("at", "um", "года", "Uhr", "klo")."""
    key: Named = ("filler", folded(word))
    return key in _english() or key in _everywhere()


def offset_called(zone: str) -> timedelta | None:
    """The offset that dateparser's list gives an abbreviation of a time zone, None for one that it does not hold."""
    return _zone_offsets().get(zone.upper())


def day_orders(locale: SourceLocale) -> frozenset[DayOrder]:
    """The orders in which the source may write a date in figures; more than one where that cannot be told."""
    language = locale.speaks
    if not language or language not in _languages():
        return frozenset(("DMY", "MDY"))
    orders = {order for country in locale.countries if (order := _order_of(language, country))}
    if not orders and language != "en":
        orders = {_order_of(language, "")}
    return frozenset(orders - {""}) or frozenset(("DMY", "MDY"))  # type: ignore[arg-type]


def folded(word: str) -> str:
    """The word in small letters, without full stops and accents: what is compared."""
    plain = word.casefold().replace(".", "").replace("\u2019", "'")
    if plain.isascii():
        return " ".join(plain.split())
    plain = unicodedata.normalize("NFKD", plain.translate(_WITHOUT_A_MARK))
    bare = "".join(c for c in plain if not (unicodedata.combining(c) and c < "\u0370"))
    return " ".join(unicodedata.normalize("NFC", bare).split())


@cache
def _english() -> Mapping[Named, frozenset[int]]:
    """The English words, known without the data of all languages: most dates hold no other."""
    found: dict[Named, frozenset[int]] = {("half", "am"): frozenset((0,)), ("half", "pm"): frozenset((1,))}
    for name in (*MONTHS, *SHORT_MONTHS):
        found[("month", name)] = frozenset((MONTH_NUMBERS[name],))
    for number, name in enumerate(WEEKDAYS):
        found |= {("weekday", said): frozenset((number,)) for said in (name, name[:3])}
    return found | {("filler", word): frozenset((0,)) for word in ("at", "on", "of", "the")}


@cache
def _words_of(language: str) -> Mapping[Named, frozenset[int]]:
    found: dict[Named, set[int]] = defaultdict(set)
    for kind, number, word in _named_in(language):
        found[(kind, folded(word))].add(number)
    return {key: frozenset(numbers) for key, numbers in found.items()}


@cache
def _everywhere() -> Mapping[Named, Mapping[int, Languages]]:
    found: dict[Named, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for language in _languages():
        for key, numbers in _words_of(language).items():
            for number in numbers:
                found[key][number].add(language)
    return {key: {number: frozenset(spoken) for number, spoken in by.items()} for key, by in found.items()}


def _named_in(language: str) -> Iterator[tuple[Kind, int, str]]:
    own, *of_regions = _info_of(language)
    for info in (own, *of_regions):
        for kind, names in (("month", MONTHS), ("weekday", WEEKDAYS), ("half", _HALVES)):
            for number, name in enumerate(names):
                for word in info.get(name, ()):
                    yield kind, number + (kind == "month"), word.replace(" ", "") if kind == "half" else word  # type: ignore[misc]
                    if language == "de" and "ä" in word:
                        yield kind, number + (kind == "month"), word.replace("ä", "ae")  # type: ignore[misc]
    for name in _FILLERS:
        for word in _texts(own.get(name)):
            if word.strip(" .")[:1].isalpha():
                yield "filler", 0, word


def _texts(words: object) -> Iterable[str]:
    return [word for word in words if isinstance(word, str)] if isinstance(words, list) else ()


def _info_of(language: str) -> list[Mapping[str, list[str]]]:
    """What dateparser knows of a language, and what its regions say differently ("حزيران" in Syria)."""
    from dateparser.data.languages_info import language_locale_dict
    from dateparser.languages.loader import default_loader

    locales = [f"{language}", *language_locale_dict[language]] if language == "ar" else [language]
    return [default_loader.get_locale(name).info for name in locales]


def _order_of(language: str, country: str) -> str:
    from dateparser.data.languages_info import language_locale_dict
    from dateparser.languages.loader import default_loader

    name = f"{language}-{country}"
    if country and name not in language_locale_dict[language]:
        # English is written in every country, and only its own ones say in which order.
        return "" if language == "en" else _order_of(language, "")
    return str(default_loader.get_locale(name if country else language).info.get("date_order") or "")


@cache
def _zone_offsets() -> Mapping[str, timedelta]:
    from dateparser.timezones import timezone_info_list

    names = (pair for block in timezone_info_list for pair in block["timezones"])
    return {name.upper(): timedelta(seconds=seconds) for name, seconds in names if name.isalpha()}


@cache
def _languages() -> frozenset[str]:
    from dateparser.data.languages_info import language_order

    return frozenset(language_order)


@cache
def _widely_written() -> Languages:
    from dateparser.data.languages_info import language_order

    return frozenset(language_order[:_MOST_WRITTEN])
