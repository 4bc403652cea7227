"""Planning a search by rules: the outlets, days and parts that a question names become sub-questions with limits.

"Did The Verge report what TechCrunch reported on 6 November 2023?" is searched for as it stands, among the articles of
The Verge, and among those that TechCrunch published on that day. What the sub-questions find joins the evidence, so
that every part of a comparison is present; they never take anything away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from rag.question.foreign_dates import period_in
from rag.question.named_periods import CLOCKS_DIFFER_BY
from rag.text.relative_periods import Period, days_written_out
from rag.text.search_terms import content_terms
from rag.types import Question

# A clause with fewer words of meaning than this says too little to be searched for on its own.
CLAUSE_FROM_TERMS = 3

# Each sub-question costs an embedding and two searches: about 25 ms.
MAX_SUB_QUESTIONS = 5

_CLAUSES = re.compile(
    r"\s*(?:[,;]\s*(?:(?:while|whereas|but|and|did|does|was|were|is|are|has|have|do)\b)?"
    r"|\b(?:while|whereas|versus|compared (?:to|with))\b"
    r"|\b(?:and|than|but) (?=(?:the|an?|another|that|those|its|in|did|from|subsequent|later)\b))\s*"
)
_COMPARED = re.compile(r"\s*,?\s*\b(?:while|whereas|versus|vs\.?|compared (?:to|with))\s+", re.IGNORECASE)
_LEADING_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
_POSSESSIVE_END = re.compile(r"^['\u2019]s?(?!\w)")
_SECTION = re.compile(r"\s+[-|\u2013\u2014]\s+")
_OF_THE_PRESENT = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|currently|right now|so far|at the moment|at present|up to now)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mention:
    """Outlets that a name in the question may stand for, and where it stands."""

    outlets: tuple[str, ...]
    start: int
    end: int


def asks_for_the_present(text: str) -> bool:
    """Whether the newest articles are meant ("the latest", "currently")."""
    return _OF_THE_PRESENT.search(text) is not None


def sub_questions(question: Question, outlets: Sequence[str], now: datetime) -> tuple[Question, ...]:
    """What is searched for beside the question itself: one for each outlet that it names, else one for each side; and
    the question within the period that it names ("last week", "in May 2024"; counted from `now`).

    `outlets` are those of the library. Limits that the reader set stay in force: a sub-question outside them is left
    out. Empty where the question has one part only, at most `MAX_SUB_QUESTIONS` otherwise.
    """
    text = question.complete
    mentions = _mentions(text, outlets)
    parts = _of_outlets(question, mentions) if mentions else _of_sides(question)
    period = period_of(question, now, outlets)
    # A day in an outlet's clause limits that outlet's part already.
    if period is not None and not (mentions and days_written_out(text)):
        within = replace(question.scope, after=period.after, before=period.before)
        parts.insert(0, replace(question, scope=within))
    return tuple(dict.fromkeys(parts))[:MAX_SUB_QUESTIONS]


def period_of(question: Question, now: datetime, outlets: Sequence[str] = ()) -> Period | None:
    """The period that the question names ("last week", "on 19 June"); None where it names none or the reader set dates.

    A weekday in the name of one of the `outlets` is none.
    """
    if question.scope.after or question.scope.before:
        return None
    text = question.complete
    for mention in _mentions(text, outlets):
        text = f"{text[: mention.start]}{' ' * (mention.end - mention.start)}{text[mention.end :]}"
    return period_in(text, now)


def outlet_questions(question: Question, outlets: Sequence[str]) -> tuple[Question, ...]:
    """One question for each outlet of the library that the question names, limited to it and to the day it names."""
    mentions = _mentions(question.complete, outlets)
    return tuple(dict.fromkeys(_of_outlets(question, mentions))) if mentions else ()


def outlets_in(text: str, outlets: Sequence[str]) -> list[str]:
    """The library's outlets that a text names, in its order, each once."""
    return list(dict.fromkeys(name for mention in _mentions(text, outlets) for name in mention.outlets))


def without_outlets(text: str, outlets: Sequence[str]) -> str:
    """The text without the outlets' names, and without what a possessive leaves of them."""
    for mention in reversed(_mentions(text, outlets)):
        text = f"{text[: mention.start]} {re.sub(_POSSESSIVE_END, '', text[mention.end :])}"
    return " ".join(text.split())


def _of_outlets(question: Question, mentions: Sequence[_Mention]) -> list[Question]:
    text = question.complete
    days = days_written_out(text)
    found = []
    for mention, (start, end) in zip(mentions, _clauses(text, mentions), strict=True):
        clause = text[start:end].strip(" ,;?.")
        rest = clause.replace(text[mention.start : mention.end], " ")
        wanted = rest if len(set(content_terms(rest))) >= CLAUSE_FROM_TERMS else text
        day = next((moment for place, moment in days if start <= place < end), None)
        found.append(_limited(question, wanted, mention.outlets, day))
    return [part for part in found if part is not None]


def _of_sides(question: Question) -> list[Question]:
    sides = [side.strip(" ,;?.") for side in _COMPARED.split(question.complete)]
    if len(sides) < 2 or any(len(set(content_terms(side))) < CLAUSE_FROM_TERMS for side in sides):
        return []
    return [replace(question, text=side, standalone="") for side in sides]


def _limited(question: Question, text: str, outlets: tuple[str, ...], day: datetime | None) -> Question | None:
    """The sub-question within the reader's limits; None where they leave nothing."""
    scope = question.scope
    allowed = tuple(name for name in outlets if not scope.outlets or name in scope.outlets)
    if not allowed:
        return None
    after, before = scope.after, scope.before
    if day is not None:
        begun = day.replace(tzinfo=UTC)
        first, last = begun - CLOCKS_DIFFER_BY, begun + timedelta(days=1) + CLOCKS_DIFFER_BY
        after, before = max(first, after or first), min(last, before or last)
        if after > before:
            return None
    within = replace(scope, outlets=allowed, after=after, before=before)
    return replace(question, text=text, standalone="", scope=within)


def _clauses(text: str, mentions: Sequence[_Mention]) -> list[tuple[int, int]]:
    """For each mention the stretch of the text that is about it: up to the last break before the next mention."""
    edges = [0]
    for one, other in pairwise(mentions):
        breaks = [match.end() for match in _CLAUSES.finditer(text, one.end, other.start)]
        edges.append(breaks[-1] if breaks else edges[-1])
    ends = [next((edge for edge in edges[i + 1 :] if edge > edges[i]), len(text)) for i in range(len(edges))]
    return list(zip(edges, ends, strict=True))


def _mentions(text: str, outlets: Sequence[str]) -> list[_Mention]:
    """The library's outlets that the text names, in order; the longest name wins where two overlap."""
    names: dict[str, list[str]] = {}
    for outlet in outlets:
        for name in {outlet, _SECTION.split(outlet)[0]}:
            bare = _LEADING_ARTICLE.sub("", name)
            if bare[:1].isupper():
                names.setdefault(bare, []).append(outlet)
    found: list[_Mention] = []
    for name in sorted(names, key=lambda name: (-len(name), name)):
        # "Time Warner" and "Fortune 500" are no outlets: a name goes on where a capital or a figure follows.
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?![\w&-]|\s+[A-Z0-9])", text):
            if all(match.end() <= other.start or other.end <= match.start() for other in found):
                found.append(_Mention(outlets=tuple(names[name]), start=match.start(), end=match.end()))
    return sorted(found, key=lambda mention: mention.start)
