"""Numbers and dates of a text as values that can be compared: 25 million is 25,000,000 and 19 June 2024 is 2024-06-19.

A figure has a value, a kind (number, percent, money, ordinal, a measure) and the word it counts; a claim's figure is
held against the figures of the quotes by all three.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.text.number_words import CARDINALS, ORDINALS
from rag.text.tokens import stem
from rag.text.word_sets import CLAIM_STOP_WORDS, word_set
from rag.text.written_dates import DATE_FORMS, RANGE_FROM_DAY, RANGE_TO_DAY, Day, read_day

_SCALES = {
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "lakh": 1e5,
    "crore": 1e7,
    "million": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}
_VAGUE = ("dozens", "scores", "hundreds", "thousands", "millions", "billions", "trillions")
_FRACTIONS = {
    "half": 0.5,
    "third": 1 / 3,
    "thirds": 1 / 3,
    "quarter": 0.25,
    "quarters": 0.25,
    "fifth": 0.2,
    "fifths": 0.2,
}
_UNITS = {
    "percentage_point": r"(?:percentage|%|per\s?cent)[\s-]points?", "percent": r"%|per\s?cent|pct",
    "usd": r"(?:us\s)?dollars?|usd", "eur": r"euros?|eur", "gbp": r"pounds?|gbp|sterling", "jpy": r"yen|jpy",
    "cny": r"yuan|renminbi|rmb", "rub": r"roubles?|rubles?", "inr": r"rupees?",
    "cent": r"cents?|pence", "km": r"kilomet(?:re|er)s?|kms?", "mile": r"miles?|mph",
    "metre": r"met(?:re|er)s?", "cm": r"centimet(?:re|er)s?|cm", "foot": r"feet|foot|ft", "inch": r"inch(?:es)?",
    "kg": r"kilogram(?:me)?s?|kilos?|kg", "tonne": r"tonnes?|tons?", "gram": r"gram(?:me)?s?",
    "litre": r"lit(?:re|er)s?", "barrel": r"barrels?", "degree": r"degrees?|°", "second": r"seconds?",
    "minute": r"minutes?|mins?", "hour": r"hours?|hrs?", "day": r"days?", "week": r"weeks?", "month": r"months?",
    "year": r"years?", "decade": r"decades?", "century": r"centur(?:y|ies)", "point": r"points?", "vote": r"votes?",
    "seat": r"seats?",
}  # fmt: skip
_SPANS_OF_TIME = frozenset(("minute", "hour", "day", "week", "month", "year", "decade", "century"))
_COUNTED_AT_A_GLANCE = 10
_CURRENCIES = {"$": "usd", "us$": "usd", "£": "gbp", "€": "eur", "¥": "jpy", "₹": "inr"}
_OVER = (
    r"more\sthan|over|above|at\sleast|a\sminimum\sof|exceed(?:s|ed|ing)?|(?:no|not)\s(?:fewer|less)\sthan|upwards?\sof"
    r"|greater\sthan|in\sexcess\sof"
)
_UNDER = (
    r"(?:no|not)\smore\sthan|a\smaximum\sof|less\sthan|fewer\sthan|under|below|up\sto|at\smost|as\s(?:much|many)\sas"
)

_SMALL_WORD = "|".join([*sorted(CARDINALS, key=len, reverse=True)])
_SCALE_WORD = "dozen|hundred|thousand|million|billion|trillion|lakh|crore"
_NUMBER_WORDS = (
    rf"(?:(?:{_SMALL_WORD}|an?(?=\s(?:{_SCALE_WORD})\b))(?:(?:\s|-|\sand\s)(?:{_SMALL_WORD}|hundred|thousand))*)"
)
_FIGURE = re.compile(
    rf"""(?:\b(?:(?P<under>{_UNDER})|(?P<over>{_OVER}))\s+(?:about\s+|an?\s+estimated\s+)?)?
    (?P<currency>(?:\bUS|\bHK|\bA|\bC)?\$|[£€¥₹])?\s?
    (?:(?<![\w.,])(?P<sign>-|minus\s))?
    (?:(?<![^\W\d_])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)?)
       (?:(?P<ordinal>st|nd|rd|th)\b|(?P<decade>(?<=0)'?s)\b|:00\b)?
      |\b(?P<words>{_NUMBER_WORDS}|{_SCALE_WORD})\b)
    (?:(?:\s?-\s?|\s)?(?P<scale>{_SCALE_WORD}|mn|bn|tn|m|k)\b)?
    (?:(?:\s?-\s?|\s)?(?:(?:{"|".join(f"(?P<u_{name}>{pattern})" for name, pattern in _UNITS.items())})(?![^\W_])))?""",
    re.IGNORECASE | re.VERBOSE,
)
_FRACTION = re.compile(
    rf"\b(?:(?P<count>an?|one|two|three|four)[\s-])?(?P<fraction>{'|'.join(_FRACTIONS)})\b"
    r"(?=\s(?:of|the|a|its|their|all)\b)|\b(?:nearly|almost|about|over|roughly|than)\s(?P<about>half)\b(?!-|\s(?:past|time|hour)\b)",
    re.IGNORECASE,
)
_HALF_A_DOZEN = re.compile(r"\bhalf\sa\sdozen\b|\bhalf-dozen\b", re.IGNORECASE)
_OF_A_NAME = re.compile(r"(?<=[A-Z]-)\d+\b")
"""As in "COVID-19" and "F-16"."""

_LOOSE = re.compile(
    rf"\b(?P<vague>{'|'.join(_VAGUE)})\b"
    # "At first" counts nothing.
    rf"|(?<!\bat\s)\b(?P<ordinal>{'|'.join(sorted(ORDINALS, key=len, reverse=True))})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """One number: `kind` is number, percent, ordinal, decade, a vague plural, a currency or a measure; `heads` are
    stems of the words it counts.

    `required` is False for "one", which is a pronoun as often as a number; `in_a_word` says that it is written as a
    word and at most ten ("the two countries", "first"): a text may count what another lists.
    """

    value: float
    kind: str
    bound: str
    heads: frozenset[str]
    text: str
    required: bool = True
    in_a_word: bool = False


@dataclass(frozen=True, slots=True)
class TextNumbers:
    """All numbers and dates of one text; `spans` are the characters that they fill."""

    numbers: tuple[Number, ...]
    days: tuple[Day, ...]
    spans: tuple[tuple[int, int], ...]


@lru_cache(maxsize=4096)
def read_numbers(folded: str) -> TextNumbers:
    """Read a text that `rag.text.tokens.fold_claim` returned."""
    masked = folded
    days: list[Day] = []
    numbers: list[Number] = []
    spans: list[tuple[int, int]] = []
    for form in DATE_FORMS:
        matches = list(form.finditer(masked))
        days += map(read_day, matches)
        spans += (match.span() for match in matches)
        for span, day in [found for match in matches for found in _other_ends(match, masked)]:
            days.append(day)
            spans.append(span)
        masked = _masked_at(masked, spans)
    masked = _OF_A_NAME.sub(_masked, masked)
    masked = _HALF_A_DOZEN.sub(lambda match: "six".ljust(len(match.group())), masked)
    for form, read in ((_FRACTION, _fraction), (_FIGURE, _figure), (_LOOSE, _loose)):
        matches = list(form.finditer(masked))
        masked = form.sub(_masked, masked)
        for match in matches:
            numbers.append(read(match, masked))
            spans.append(match.span())
    return TextNumbers(tuple(numbers), tuple(days), tuple(spans))


def _other_ends(match: re.Match[str], text: str) -> Iterator[tuple[tuple[int, int], Day]]:
    """The first day of "24 to 26 May" and the last one of "May 24 to 26", each with its place."""
    day = read_day(match)
    if not day.day or day.text[:4].isdigit():
        return
    if day.text[0].isdigit():
        start = max(0, match.start() - 12)
        found, offset = RANGE_FROM_DAY.search(text[start : match.start()]), start
    else:
        found, offset = RANGE_TO_DAY.match(text, match.end()), 0
    if found is not None:
        span = found.start("day") + offset, found.end("day") + offset
        yield span, replace(day, day=int(found["day"]), text=text[span[0] : span[1]])


def _masked_at(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "#" * (end - start) + text[end:]
    return text


def _masked(match: re.Match[str]) -> str:
    return "#" * len(match.group())


def _figure(match: re.Match[str], masked: str) -> Number:
    parts = match.groupdict()
    value = _digits(parts["digits"]) if parts["digits"] else _words(parts["words"])
    value *= _SCALES[parts["scale"].lower()] if parts["scale"] else 1
    value = -value if parts["sign"] else value
    kind = next((name for name in _UNITS if parts[f"u_{name}"]), "number")
    if parts["currency"]:
        kind = _CURRENCIES.get(parts["currency"].lower(), parts["currency"].lower())
    elif parts["ordinal"]:
        kind = "ordinal"
    elif parts["decade"]:
        kind = "decade"
    words = (parts["words"] or "").lower()
    # "Over seven years" says for how long, not at least how long.
    is_over = parts["over"] and not (kind in _SPANS_OF_TIME and parts["over"].lower() == "over")
    return Number(
        value,
        kind,
        "over" if is_over else "under" if parts["under"] else "",
        _heads(masked, match.span()),
        match.group().strip(" -"),
        required=not (words == "one" and kind == "number" and not parts["scale"]),
        in_a_word=bool(words) and value <= _COUNTED_AT_A_GLANCE and kind == "number",
    )


def _digits(digits: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        return float(digits.replace(",", ""))
    return float(digits.replace(",", "."))


def _words(words: str) -> float:
    total, group = 0.0, 0.0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in ("a", "an"):
            group = 1
        elif word in CARDINALS:
            group += CARDINALS[word]
        elif word == "thousand":
            total, group = total + (group or 1) * 1000, 0
        elif word in _SCALES:
            group = (group or 1) * _SCALES[word]
    return total + group


def _loose(match: re.Match[str], masked: str) -> Number:
    word = match.group().lower()
    if match["vague"]:
        return Number(0, word, "", frozenset(), match.group())
    value = ORDINALS[word]
    in_a_word = value <= _COUNTED_AT_A_GLANCE
    return Number(value, "ordinal", "", _heads(masked, match.span()), match.group(), in_a_word=in_a_word)


def _fraction(match: re.Match[str], masked: str) -> Number:
    count = CARDINALS.get((match["count"] or "one").lower(), 1)
    share = _FRACTIONS[(match["fraction"] or match["about"]).lower()]
    return Number(100 * count * share, "percent", "", frozenset(), match.group())


_GENERIC = word_set("""
    people person peopl other others more men women man woman case cases total least new about around nearly almost some
    """)
_BREAK = re.compile(r"[.;:!?()\"#]|,(?!\d)|\b(?:and|or|but|while)\b", re.IGNORECASE)


def _heads(masked: str, span: tuple[int, int]) -> frozenset[str]:
    """Stems of the nearest content word on either side, within the figure's own stretch of the sentence; figures are
    masked by #."""
    after = _BREAK.split(masked[span[1] : span[1] + 60])[0].split()[:4]
    before = _BREAK.split(masked[max(0, span[0] - 40) : span[0]])[-1].split()[::-1][:3]
    return frozenset(head for words in (after, before) if (head := _first_content(words)))


def _first_content(words: Iterable[str]) -> str:
    for word in words:
        bare = word.strip("'-,").casefold()
        if bare and bare not in CLAIM_STOP_WORDS and bare not in _GENERIC and stem(bare) not in _GENERIC:
            return stem(bare)
    return ""
