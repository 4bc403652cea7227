"""Where independent outlets differ: another figure for the same thing, or one denies what the other says.

A reader is told so with both quotes side by side. Wrongly telling them would be worse than leaving one out, so
everything that might explain the difference counts as no disagreement: rounding, "at least", another day, another
place, another name, a plan against a fact, a later article of the same outlet, a copy of the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Literal

from rag.checking.polarity import INTENTION, contradiction, has_negation, stances
from rag.text.calendar_names import MONTHS, WEEKDAYS
from rag.text.country_names import TITLES
from rag.text.names import is_name
from rag.text.numbers import read_numbers
from rag.text.quantities import Quantity, content_stems, quantities
from rag.text.standalone import needs_before
from rag.text.tokens import fold, fold_claim, tokens
from rag.text.word_sets import word_set
from rag.types import Citation

Kind = Literal["figure", "statement"]
_Claim = tuple[str, int, str]
"""Article, where its quote begins, and the figure as written."""

MOST_APART = timedelta(hours=48)
"""What was published further apart may be an update: tolls and prices move."""

SHARED_WORDS = 0.5
"""Share of the shorter sentence's content words that the other must have for two figures to be of one thing."""

SAME_STATEMENT = 0.6
"""Share of both sentences' content words (Jaccard) from which they make the same statement, or its denial."""

_LEAST_SHARED = 2
_LONGEST = 600
_ATTRIBUTION = re.compile(
    r"(?:,?\s*\baccording\sto\b[^,;.]*|,\s*[^,;.\"]{0,80}\b(?:said|says|told|reported|announced|added|confirmed)\b[^,;.]*"
    r"|^[^,;.\"]{0,60}?\b(?:said|says|reported|announced|confirmed)\s(?:on\s\w+day\s)?(?:that\s)?"
    r"(?=(?:at|about|the|\d|an?|more|some|[a-z]+)\b))",
)
_RELATIVE_TIME = re.compile(
    r"\b(?:last|this|next|previous|past|first|second|third|fourth)\s(?:night|week|month|year|quarter|season|decade|half)"
    r"|\b(?:year|month|week|decade)s?\s(?:ago|earlier|before)|\b(?:since|by|in|until)\s(?:19|20)\d\d|\bso\sfar\sthis\s\w+",
    re.IGNORECASE,
)
_NOT_A_DENIAL = re.compile(r"\b(?:no|not)\s(?:less|fewer|more|later|only|just)(?:\sthan)?\b", re.IGNORECASE)
_IS_TO = re.compile(r"\b(?:is|are|was|were)\sto\b", re.IGNORECASE)

_DAYS = frozenset((*WEEKDAYS, "yesterday", "today", "tomorrow"))
_PLACE_BEFORE = word_set("in at near from of for outside")


@dataclass(frozen=True, kw_only=True, slots=True)
class Disagreement:
    """Two quotes that cannot both be so. `values` are the two figures as written; empty strings for statements."""

    kind: Kind
    one: Citation
    other: Citation
    values: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What of a sentence must agree before its claim can be held against another's."""

    words: frozenset[str]
    names: frozenset[str]
    places: frozenset[str]
    weekdays: frozenset[str]
    times: frozenset[str]
    certainty: int


def disagreements(quotes: Sequence[Citation]) -> tuple[Disagreement, ...]:
    """The pairs of quotes on which independent outlets differ, in the order of the quotes; each difference once.

    Quotes without an outlet are left out: nothing tells whether they are independent. Of one outlet's articles only
    the latest word on a thing counts.
    """
    candidates = [quote for quote in quotes if quote.article.outlet and _may_differ(quote)]
    outdated = _outdated(candidates)
    shown: dict[frozenset[object], Disagreement] = {}
    for one, other in combinations(candidates, 2):
        for pair in _between(one, other):
            if outdated & {_key(pair.one, pair.values[0]), _key(pair.other, pair.values[1])}:
                continue
            # One text in several papers is one source, and a claim made twice by one outlet is one claim.
            texts = frozenset(fold(quote.quote) for quote in (pair.one, pair.other))
            claims = frozenset(
                (quote.article.outlet.casefold(), value or fold(quote.quote))
                for quote, value in zip((pair.one, pair.other), pair.values, strict=True)
            )
            if texts not in shown and claims not in shown:
                shown[texts] = shown[claims] = pair
    return tuple(dict.fromkeys(shown.values()))


def revisions(earlier: Sequence[Citation], later: Sequence[Citation]) -> tuple[Disagreement, ...]:
    """The figures that an outlet gave before and gives otherwise later, of the same thing, each change once."""
    shown: dict[tuple[str, str], Disagreement] = {}
    for one in filter(_may_differ, earlier):
        for other in filter(_may_differ, later):
            if not one.article.outlet or one.article.outlet.casefold() != other.article.outlet.casefold():
                continue
            for before, after in _differing_figures(one.quote, other.quote):
                pair = Disagreement(kind="figure", one=one, other=other, values=(before.text, after.text))
                shown.setdefault(pair.values, pair)
    return tuple(shown.values())


def _may_differ(quote: Citation) -> bool:
    """Whether a sentence says enough by itself to be held against another."""
    is_short = len(quote.quote) <= _LONGEST
    return is_short and not needs_before(quote.quote) and len(_reading(quote.quote).words) >= _LEAST_SHARED


def _key(quote: Citation, value: str) -> _Claim:
    return quote.article.id, quote.start, value


def _outdated(quotes: Sequence[Citation]) -> set[_Claim]:
    """The figures that the same outlet gave otherwise in a later article."""
    found: set[_Claim] = set()
    dated = [(quote.article.believed, quote) for quote in quotes if quote.article.believed is not None]
    in_order = [quote for _, quote in sorted(dated, key=lambda pair: pair[0])]
    for earlier, later in combinations(in_order, 2):
        is_one_outlet = earlier.article.outlet.casefold() == later.article.outlet.casefold()
        if is_one_outlet and earlier.article.believed != later.article.believed:
            found |= {_key(earlier, figure.text) for figure, _ in _differing_figures(earlier.quote, later.quote)}
    return found


def _between(one: Citation, other: Citation) -> Iterator[Disagreement]:
    if not _are_independent(one, other):
        return
    differing = list(_differing_figures(one.quote, other.quote))
    for mine, theirs in differing:
        yield Disagreement(kind="figure", one=one, other=other, values=(mine.text, theirs.text))
    if not differing and _is_denied(one.quote, other.quote):
        yield Disagreement(kind="statement", one=one, other=other)


def _are_independent(one: Citation, other: Citation) -> bool:
    """Whether the quotes come from two outlets, of one time, and neither article carries the other's text."""
    if one.article.outlet.casefold() == other.article.outlet.casefold():
        return False
    first, second = one.article.believed, other.article.believed
    if first is not None and second is not None and abs(first - second) > MOST_APART:
        return False
    ours = {one.article.id, *(copy.id for copy in one.copies)}
    theirs = {other.article.id, *(copy.id for copy in other.copies)}
    return not ours & theirs


def _differing_figures(one: str, other: str) -> Iterator[tuple[Quantity, Quantity]]:
    """The figures of two sentences that are of the same thing and cannot both be so."""
    mine, theirs = quantities(one), quantities(other)
    if not mine or not theirs or not _speak_of_the_same(one, other):
        return
    shared = _reading(one).words & _reading(other).words
    for ours in mine:
        # A count says what it counts; a bare "3%" only its whole sentence.
        if ours.kind != "number" and _likeness(one, other) < SAME_STATEMENT:
            continue
        rivals = [figure for figure in theirs if ours.is_same_thing(figure)]
        siblings = [figure for figure in mine if ours.is_same_thing(figure)]
        if not rivals or any(a.meets(b) for a in siblings for b in rivals) or _gives_both(mine, theirs, ours, rivals):
            continue
        current = [figure for figure in rivals if not figure.is_former]
        is_one_happening = len(shared - ours.claim) >= _LEAST_SHARED
        if current and is_one_happening and not ours.is_former and len(siblings) == len(rivals) == 1:
            yield ours, current[0]


def _gives_both(
    mine: Sequence[Quantity], theirs: Sequence[Quantity], ours: Quantity, rivals: Sequence[Quantity]
) -> bool:
    """Whether one of the sentences has the other's figure too, of whatever: "22, then lowered to 16" knows of both."""
    known = any(figure.is_value_of(rival) for figure in mine for rival in rivals)
    return known or any(figure.is_value_of(ours) for figure in theirs)


def _speak_of_the_same(one: str, other: str) -> bool:
    """Whether nothing but the figure tells the two apart: names, places, days, periods and certainty agree."""
    mine, theirs = _reading(one), _reading(other)
    shared = mine.words & theirs.words
    if len(shared) < max(_LEAST_SHARED, SHARED_WORDS * min(len(mine.words), len(theirs.words))):
        return False
    return not _are_told_apart(one, other)


def _are_told_apart(one: str, other: str) -> bool:
    mine, theirs = _reading(one), _reading(other)
    if (mine.names - theirs.names and theirs.names - mine.names) or _disjoint(mine.places, theirs.places):
        return True
    if _disjoint(mine.weekdays, theirs.weekdays) or mine.times != theirs.times:
        return True
    return mine.certainty != theirs.certainty or _other_days(one, other)


def _likeness(one: str, other: str) -> float:
    mine, theirs = _reading(one).words, _reading(other).words
    return len(mine & theirs) / max(1, len(mine | theirs))


def _disjoint(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)


def _other_days(one: str, other: str) -> bool:
    mine, theirs = read_numbers(fold_claim(one)).days, read_numbers(fold_claim(other)).days
    return bool(mine and theirs) and not any(a.covers(b) or b.covers(a) for a in mine for b in theirs)


def _is_denied(one: str, other: str) -> bool:
    """Whether nearly the same sentence is affirmed by the one and denied by the other."""
    shared = _reading(one).words & _reading(other).words
    if len(shared) <= _LEAST_SHARED or _likeness(one, other) < SAME_STATEMENT or _are_told_apart(one, other):
        return False
    first, second = (tokens(_NOT_A_DENIAL.sub(" ", fold_claim(quote))) for quote in (one, other))
    if has_negation(first) and has_negation(second):
        return False
    if {figure.text for figure in quantities(one)} != {figure.text for figure in quantities(other)}:
        return False
    return bool(contradiction(first, [second]) and contradiction(second, [first]))


@lru_cache(maxsize=4096)
def _reading(quote: str) -> _Reading:
    folded = fold_claim(quote)
    stated = _ATTRIBUTION.sub(" ", folded)
    words = tokens(stated)
    names = [token for token in words if is_name(token) and token.text.casefold() not in _DAYS | {*MONTHS}]
    places = [
        token.key for before, token in pairwise(words) if before.text.casefold() in _PLACE_BEFORE and token in names
    ]
    days = frozenset(token.text.casefold() for token in words) & _DAYS
    return _Reading(
        words=content_stems(tokens(_ATTRIBUTION.sub(" ", _without_figures(folded)))) - _DAYS,
        names=frozenset(token.key for token in names if token.text.casefold() not in TITLES),
        places=frozenset(places),
        weekdays=days - {"today", "yesterday", "tomorrow"},
        times=frozenset(" ".join(match.group().casefold().split()) for match in _RELATIVE_TIME.finditer(stated)),
        certainty=min(
            [stance.certainty for stance in stances(words)] + [INTENTION] * bool(_IS_TO.search(stated)), default=0
        ),
    )


def _without_figures(folded: str) -> str:
    masked = list(folded)
    for start, end in read_numbers(folded).spans:
        masked[start:end] = " " * (end - start)
    return "".join(masked)
