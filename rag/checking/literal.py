"""What of a sentence must stand in its quotes to the letter: figures, dates, names, and words in quotation marks.

No judgement of meaning overrules these: a sentence fails by them however sure a network is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import pairwise

from rag.checking.number_support import missing_number
from rag.models.checker.rows import CitedQuote
from rag.text.calendar_names import MONTHS, WEEKDAYS
from rag.text.country_names import TITLES, is_word_as_well
from rag.text.event_dates import EventDate, event_dates
from rag.text.numbers import TextNumbers, read_numbers
from rag.text.tokens import Token, fold, fold_claim, tokens
from rag.text.written_dates import Day

_NAME_GAP = 2
"""Words that may stand between two parts of a name in a quote: "Vladimir Vladimirovich Putin", "China's foreign
ministry"."""

_LONGEST_MONTH, _SHORTEST_YEAR = 31, 365

_CALENDAR = frozenset([*WEEKDAYS, *MONTHS])

_QUOTED = re.compile(r'"([^"]+)"|(?<!\w)\'((?:[^\']|\'(?=\w)){2,400})\'(?!\w)')


@dataclass(frozen=True)
class ReadText:
    """A text as the literal checks read it, each reading made at first use."""

    text: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words and marks."""
        return tokens(fold_claim(self.text))

    @cached_property
    def numbers(self) -> TextNumbers:
        """Its figures and dates."""
        return read_numbers(fold_claim(self.text))

    def is_in_number(self, token: Token) -> bool:
        """Whether a word is part of a figure or date."""
        return any(start <= token.start and token.end <= end for start, end in self.numbers.spans)

    @cached_property
    def name_forms(self) -> frozenset[str]:
        """Every form of a word by which a name may be known, and the initials of names written out."""
        return frozenset(form for token in self.tokens for form in token.forms) | initials(self.tokens)


def literal_fault(text: str, quotes: Sequence[CitedQuote]) -> str:
    """What of the sentence the quotes do not have, in words for a reader; "" where they have all of it.

    A date may stand in a quote as a distance from its day of publication ("yesterday"); a name may stand in the
    sentence before the quote or in its article's title. "More than" before a figure is left to the judgement of
    meaning: of 5,531 pairs of claims to train with, a rule about it failed 71 supported and 66 unsupported ones.
    """
    claim = ReadText(text)
    said = [ReadText(quote.text) for quote in quotes]
    around = [ReadText(part) for quote in quotes for part in (quote.before, quote.title) if part]
    dates = [when for quote in quotes for when in _dates(quote)]
    days = [day for when in dates for day in _days(when)]
    return (
        says_nothing(claim)
        or missing_number(claim.numbers, tuple(one.numbers for one in said), days, bounds=False)
        or missing_name(claim, [*said, *around], weekdays=_weekdays(dates))
        or missing_quotation(text, [quote.text for quote in quotes])
    )


def says_nothing(claim: ReadText) -> str:
    """Why there is nothing to check; "" where there is."""
    if claim.text.rstrip().endswith("?"):
        return "a question states nothing"
    if not any(token.is_content and not claim.is_in_number(token) for token in claim.tokens):
        return "the sentence states nothing that could be checked"
    return ""


def _dates(quote: CitedQuote) -> Iterator[EventDate]:
    """Every date that a quote gives, those that it counts from its publication too; a weekday may be the last such day
    or the next."""
    for when in event_dates(quote.text, quote.published):
        yield when
        if when.words.casefold() in WEEKDAYS and quote.published is not None:
            step = timedelta(days=7 if when.first <= quote.published else -7)
            yield EventDate(first=when.first + step, last=when.last + step, words=when.words)


def _days(when: EventDate) -> Iterator[Day]:
    """A date as a claim may name it: of several days the first and the last one, too."""
    if (whole := _as_day(when)) is not None:
        yield whole
    elif (when.last - when.first).days < _LONGEST_MONTH:
        for one in (when.first, when.last):
            yield Day(one.year, one.month, one.day, when.words)


def _weekdays(dates: Sequence[EventDate]) -> frozenset[str]:
    """The names of the days that the quotes date something to."""
    ends = [one for when in dates if (when.last - when.first).days < _LONGEST_MONTH for one in (when.first, when.last)]
    return frozenset(WEEKDAYS[one.weekday()] for one in ends)


def _as_day(when: EventDate) -> Day | None:
    length = (when.last - when.first).days + 1
    if length == 1:
        return Day(when.first.year, when.first.month, when.first.day, when.words)
    if when.first.day == 1 and when.first.month == when.last.month and length <= _LONGEST_MONTH:
        return Day(when.first.year, when.first.month, 0, when.words)
    return Day(when.first.year, 0, 0, when.words) if length >= _SHORTEST_YEAR else None


def missing_name(
    claim: ReadText,
    known: Sequence[ReadText],
    *,
    weekdays: frozenset[str] = frozenset(),
    opens_with_name: Callable[[Token], bool] = lambda _: False,
) -> str:
    """Which name the quotes do not have, or do not have whole; "" where they have all.

    A sentence's first word is a name where it is a country or has a digit, where another word of the name follows it,
    or where `opens_with_name` says so. `weekdays` are days, in small letters, that the quotes give in other words.
    """
    forms = frozenset().union(*(one.name_forms for one in known))
    checked = [token for token in claim.tokens if not claim.is_in_number(token)]
    names = [token for token in checked if _is_checked_name(token)]
    pairs = _name_pairs(claim.tokens, names)
    of_two = {token.start for pair in pairs for token in pair}
    for token in names:
        is_sure = not token.opens or token.start in of_two or token.is_country or _is_code(token)
        if not (is_sure or opens_with_name(token)):
            continue
        if not wanted(token) & forms and token.text.casefold() not in weekdays:
            return f"the name {token.text!r} is not in the quotes"
    for token in checked:
        # A draft in small letters may mean the country: what it does not share with the quotes is not let through.
        if is_word_as_well(token.text) and not token.forms & forms:
            return f"the word {token.text!r} is not in the quotes"
    for first, second in pairs:
        if not _stand_together(first, second, [one.tokens for one in known]):
            return f"the quotes do not name {first.text + ' ' + second.text!r}"
    return ""


def wanted(token: Token) -> frozenset[str]:
    """What of a claim's word may stand in a quote: its forms, or the word itself as the initials of a name."""
    return token.forms | {token.text}


def _is_checked_name(token: Token) -> bool:
    if token.is_country:
        return True
    if not token.is_content or token.text.casefold() in TITLES:
        return False
    return _is_code(token) or token.is_capital


def _is_code(token: Token) -> bool:
    return any(c.isdigit() for c in token.text) and token.text[0].isalpha()


def _name_pairs(claim: Sequence[Token], names: Sequence[Token]) -> list[tuple[Token, Token]]:
    """Neighbouring words of one name; a possessive ends a name, and a day ("On Super Tuesday Warren won") does, too."""
    chosen = {token.start for token in names}
    return [
        (first, second)
        for first, second in pairwise(claim)
        if first.start in chosen and second.start in chosen and not _ends_name(first)
    ]


def _ends_name(token: Token) -> bool:
    return token.text.endswith("'s") or token.is_country or token.text.casefold() in _CALENDAR


def _stand_together(first: Token, second: Token, texts: Sequence[Sequence[Token]]) -> bool:
    for text in texts:
        for position, token in enumerate(text):
            near = text[position + 1 : position + 2 + _NAME_GAP]
            if token.forms & first.forms and any(other.forms & second.forms for other in near):
                return True
            # "State Department" is the Department of State.
            turned = token.forms & second.forms and near and near[0].text == "of"
            if turned and any(other.forms & first.forms for other in near[1:]):
                return True
    joined = {letters for text in texts for letters in initials(text)}
    return bool({first.text, second.text} & joined)


def initials(text: Sequence[Token]) -> frozenset[str]:
    """Initials of each run of capitalised words ("National Transportation Safety Board": NTSB), "of" allowed inside."""
    found: set[str] = set()
    run: list[str] = []
    for token in text:
        if token.is_word and token.is_capital:
            run.append(token.text[0])
            found.update("".join(run[start:]) for start in range(len(run) - 1))
        elif token.text not in ("of", "and", "for", "the", "-"):
            run = []
    return frozenset(found)


def missing_quotation(text: str, quotes: Sequence[str]) -> str:
    """Whether words in quotation marks stand in no quote, in words for a reader; "" where all do."""
    folded = [fold(quote) for quote in quotes]
    for match in _QUOTED.finditer(fold(text)):
        words = (match.group(1) or match.group(2)).strip().rstrip(".,;:!?").strip()
        is_one_word = match.group(2) is not None and " " not in words  # as likely an apostrophe
        if words and not is_one_word and not any(words in quote for quote in folded):
            return "words in quotation marks are not in the quotes"
    return ""
