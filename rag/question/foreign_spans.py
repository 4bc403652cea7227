"""Spans of time and parts of a year in eight languages, as English says them: "den letzten drei Tagen", "T3 2024".

What a language calls hours, days, weeks, months and years is dateparser's. Neither it nor CLDR knows how a language
says "last", counts in words, or calls quarters, halves and seasons where they are inflected, so that those stand here.
"""

# ruff: noqa: RUF001  (letters of many languages)

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache

from rag.question.calendar_languages import calendar_language
from rag.text.search_terms import without_accents

_ORDINALS = ("first", "second", "third", "fourth", "last")
_SEASONS = ("spring", "summer", "autumn", "winter")


@dataclass(frozen=True, slots=True)
class Span:
    """What a text names, in English, and where it stands; `is_open` where a side ("since") may go with it."""

    english: str
    start: int
    end: int
    is_open: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    """What a language says, in patterns of whole words.

    `last` stands beside a plural, `past` and `this` beside one quarter or season. `numbers` begin with two, `ordinals`
    with the first and end with the last of four, `seasons` begin with spring; `of` stands before the year, and after
    `genitive` something follows of which it is the last days.
    """

    last: str
    past: str
    this: str
    numbers: str
    ordinals: str
    quarter: str
    half: str
    seasons: str
    of: str
    genitive: str = r"(?!)"


_WORDS: Mapping[str, _Words] = {
    "de": _Words(
        last=r"letzten|vergangenen",
        past=r"letzte[nrs]?|vergangene[nrs]?|vorige[nrs]?",
        this=r"diese[nrsm]?",
        numbers=r"zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        ordinals=r"erste[nrs]? zweite[nrs]? dritte[nrs]? vierte[nrs]? letzte[nrs]?",
        quarter=r"quartals?",
        half=r"hälfte|jahreshälfte|halbjahr(?:es)?",
        seasons=r"frühlings?|frühjahrs? sommers? herbst(?:es)? winters?",
        of=r"des jahres|von",
        genitive=r"des",
    ),
    "es": _Words(
        last=r"últim[oa]s|pasad[oa]s",
        past=r"pasad[oa]|últim[oa]",
        this=r"est[ea]",
        numbers=r"dos tres cuatro cinco seis siete ocho nueve diez once doce",
        ordinals=r"primer[oa]? segund[oa] tercer[oa]? cuart[oa] últim[oa]",
        quarter=r"trimestre",
        half=r"mitad|semestre",
        seasons=r"primavera verano otoño invierno",
        of=r"del? año|del?",
        genitive=r"del?",
    ),
    "fr": _Words(
        last=r"derni(?:er|ère)s|passée?s",
        past=r"derni(?:er|ère)|passée?",
        this=r"cette|cet|ce",
        numbers=r"deux trois quatre cinq six sept huit neuf dix onze douze",
        ordinals=r"premi(?:er|ère) deuxième|seconde? troisième quatrième derni(?:er|ère)",
        quarter=r"trimestre",
        half=r"moitié|semestre",
        seasons=r"printemps été automne hiver",
        of=r"de l['’]année|de",
        genitive=r"d(?:es|e|u)\b|d['’]",
    ),
    "it": _Words(
        last=r"ultim[ei]|scors[ei]|passat[ei]",
        past=r"scors[oa]|ultim[oa]|passat[oa]",
        this=r"quest[oa]?",
        numbers=r"due tre quattro cinque sei sette otto nove dieci undici dodici",
        ordinals=r"prim[oa] second[oa] terz[oa] quart[oa] ultim[oa]",
        quarter=r"trimestre",
        half=r"metà|semestre",
        seasons=r"primavera estate autunno inverno",
        of=r"dell['’]anno|del|di",
        genitive=r"di|del|dell[ao]|dei|degli|delle|dell['’]",
    ),
    "nl": _Words(
        last=r"afgelopen|laatste|voorbije",
        past=r"afgelopen|vorige?|laatste|voorbije",
        this=r"deze|dit",
        numbers=r"twee drie vier vijf zes zeven acht negen tien elf twaalf",
        ordinals=r"eerste tweede derde vierde laatste",
        quarter=r"kwartaal",
        half=r"helft|jaarhelft|halfjaar",
        seasons=r"lente|voorjaar zomer herfst|najaar winter",
        of=r"van(?: het jaar)?",
        genitive=r"van",
    ),
    "pl": _Words(
        last=r"ostatnich|ostatnie|minionych|ubiegłych",
        past=r"(?:zeszł|ubiegł|minion)(?:ego|ej|ym|ą)|ostatni(?:ego|ej|m|ą)",
        this=r"tego|tej|tym|tę|ten",
        numbers=r"dw(?:a|ie|óch|u) trzy|trzech cztery|czterech pięć|pięciu sześć|sześciu siedem|siedmiu osiem|ośmiu"
        r" dziewięć|dziewięciu dziesięć|dziesięciu jedenaście|jedenastu dwanaście|dwunastu",
        ordinals=r"pierwsz\w{1,3}|i drugi\w{0,3}|drugą|ii trzeci\w{0,3}|iii czwart\w{1,3}|iv ostatni\w{0,3}",
        quarter=r"kwartał\w{0,2}|kwartale",
        half=r"połow\w{1,2}|półrocz\w{1,2}",
        seasons=r"wiosn\w{1,2}|wiośnie lat[oa]|latem|lecie jesie(?:ń|ni|nią) zim\w{1,2}",
        of=r"roku",
    ),
    "pt": _Words(
        last=r"últim[oa]s|passad[oa]s",
        past=r"passad[oa]|últim[oa]",
        this=r"n?est[ea]",
        numbers=r"dois|duas três quatro cinco seis sete oito nove dez onze doze",
        ordinals=r"primeir[oa] segund[oa] terceir[oa] quart[oa] últim[oa]",
        quarter=r"trimestre",
        half=r"metade|semestre",
        seasons=r"primavera verão outono inverno",
        of=r"d[eo] ano de|d[eo]",
        genitive=r"d[aeo]s?",
    ),
    "ru": _Words(
        last=r"последни[ех]|прошедши[ех]|минувши[ех]",
        past=r"прошл(?:ым|ой|ого|ом|ую)|минувш(?:им|ей|его|ем)|последн(?:ем|ий|его)",
        this=r"эт(?:им|ой|ого|ом|у|от)",
        numbers=r"дв(?:а|е|ух) три|тр[её]х четыре|четыр[её]х пять|пяти шесть|шести семь|семи восемь|восьми"
        r" девять|девяти десять|десяти одиннадцать|одиннадцати двенадцать|двенадцати",
        ordinals=r"перв\w{1,3}|i втор\w{1,3}|ii трет\w{1,4}|iii четв[её]рт\w{1,3}|iv последн\w{1,3}",
        quarter=r"квартал\w{0,2}",
        half=r"половин\w{1,2}|полугоди\w{1,2}",
        seasons=r"весн\w{1,2} лет(?:о|а|ом) осен\w{1,2} зим\w{1,2}",
        of=r"года",
    ),
}


def spans_in(text: str, language: str) -> Iterator[Span]:
    """The spans of time and parts of a year that a text names in a language, those with a year first."""
    folded = _folded(text)
    for kind, pattern in _patterns(language).items():
        for match in pattern.finditer(folded):
            english, is_open = _in_english(kind, match, _words(language), language)
            yield Span(english, match.start(), match.end(), is_open)


def _in_english(kind: str, match: re.Match[str], words: _Words, language: str) -> tuple[str, bool]:
    if kind == "back":
        number = match["number"] or match["before"]
        times = int(number) if number.isdigit() else _place(number, words.numbers) + 2
        return f"in the last {times} {_units(language)[match['unit']]}s", False
    if kind in ("short", "shorter"):
        sign = "Q" if match["sign"] in "qt" else "H"
        return f"{sign}{match['figure']} {match['year']}", True
    if kind == "season":
        return f"{_SEASONS[_place(match['season'], words.seasons)]} {match['year']}", True
    if kind in ("beside", "behind"):
        which = "this" if kind == "beside" and match["this"] else "last"
        noun = "quarter" if match["quarter"] else _SEASONS[_place(match["season"], words.seasons)]
        return f"{which} {noun}", noun != "quarter"
    through = f"{_ordinal(match['begin'], words)} to " if match["begin"] else ""
    part = "quarter" if match["quarter"] else "half"
    return f"{through}{_ordinal(match['ordinal'], words)} {part} of {match['year']}", True


def _ordinal(written: str, words: _Words) -> str:
    return _ORDINALS[int(written[0]) - 1 if written[0].isdigit() else _place(written, words.ordinals)]


def _place(word: str, patterns: str) -> int:
    """Which of the patterns a word is."""
    return next(place for place, one in enumerate(patterns.split()) if re.fullmatch(one, word))


@cache
def _words(language: str) -> _Words:
    return _Words(**{name: _folded(patterns) for name, patterns in asdict(_WORDS[language]).items()})


@cache
def _units(language: str) -> Mapping[str, str]:
    """Each name of an hour, a day, a week, a month and a year, folded -> its English one; no shortened ones."""
    units = calendar_language(language).units
    return {_folded(name): english for name, english in units.items()}


@cache
def _patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    words = _words(language)
    units = "|".join(sorted(map(re.escape, _units(language)), key=len, reverse=True))
    number = rf"\d{{1,3}}|{_any(words.numbers)}"
    season = rf"(?P<season>{_any(words.seasons)})"
    quarter = rf"(?P<quarter>{words.quarter})"
    nth = rf"[1-4](?:[.°]|-?\w{{1,3}})?|{_any(words.ordinals)}"
    year = rf"(?:\s(?:{words.of}))*\s?(?P<year>(?:19|20)\d\d)\b"
    beside = r"(?:\s|['’]\s?)"
    forms = {
        "short": r"\b(?P<sign>[qths])(?P<figure>[1-4])[\s/-]?(?P<year>(?:19|20)\d\d)\b",
        "shorter": r"\b(?P<figure>[1-4])(?P<sign>[qths])\s?(?P<year>(?:19|20)\d\d)\b",
        "part": rf"\b(?:(?P<begin>{nth})\s(?:\w{{1,3}}\s){{1,2}})?(?P<ordinal>{nth})\s(?:{quarter}|{words.half}){year}",
        "season": rf"\b{season}{year}",
        "back": rf"\b(?:(?P<before>{number})\s(?:{words.last})|(?:{words.last})\s(?P<number>{number}))"
        rf"\s(?P<unit>{units})\b"
        rf"(?!\s(?:{words.genitive})(?:\s|(?<=['’])))",
        "beside": rf"\b(?:(?P<this>{words.this})|{words.past}){beside}(?:{quarter}|{season})\b",
        "behind": rf"\b(?:{quarter}|{season})\s(?:{words.past})\b",
    }
    return {kind: re.compile(form) for kind, form in forms.items()}


def _any(words: str) -> str:
    return words.replace(" ", "|")


def _folded(text: str) -> str:
    """The text in small letters without accents, as long as before."""
    return "".join(without_accents(letter)[:1] or letter for letter in text)
