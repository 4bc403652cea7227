"""What a sentence counts or measures: each figure with the values it allows, the thing counted and the words around it.

Two figures speak of the same thing where kind, thing and the words beside them agree; they agree where their ranges
meet. A range allows for rounding as it is written ("25 million" is 24.51 to 25.49 million), for "about" and for "at
least". Rules only: whatever they cannot tell counts as another thing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from rag.text.names import is_name
from rag.text.numbers import Number, read_numbers
from rag.text.tokens import Token, fold_claim, tokens
from rag.text.word_sets import word_set

_NOT_COMPARED = word_set("""
    ordinal decade dozens scores hundreds thousands millions billions trillions
    """)
_HEDGE = re.compile(
    r"\b(?:about|around|some|nearly|almost|roughly|approximately|close\sto|just\s(?:over|under)|an?\sestimated"
    r"|estimated(?:\sat)?)\s*$",
    re.IGNORECASE,
)
_HEDGED_SHARE = 0.1
""""About 1,200" may be anything within a tenth of it, as writers use the word."""

_ROUNDED_FROM = 100
"""From here on zeros at the end may be rounding; below, a count is a count."""

_FORMER = re.compile(
    r"\b(?:from|compared\s(?:with|to)|against|versus|instead\sof|not|earlier|previous(?:ly)?|initial(?:ly)?|former(?:ly)?"
    r"|revised|original(?:ly)?)(?:\s(?:an?|the|its|their|toll|figure|estimate|count|number|of|at|put)){0,4}\s*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:-|to|and)\s*", re.IGNORECASE)
_RANGE_OPENS = re.compile(r"\b(?:between|from)\s*$", re.IGNORECASE)
_AGE_BEFORE = re.compile(r"(?:\baged?\s*|[^\W\d_],\s*)$", re.IGNORECASE)
_GLUED = re.compile(r"[\w:/]-?$|[-:/]$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLAUSE_END = re.compile(r"[.;:!?()\"]|,(?!\d)|\s(?:and|or|but|while|as|which|who|when|after|before)\s", re.IGNORECASE)
_BY = re.compile(r"\bby\s(?:about\s|nearly\s|almost\s|some\s)?$", re.IGNORECASE)

_SYNONYMS = {
    form: key
    for key, forms in {
        "die": "kill dead fatal death victim casualti",
        "injur": "wound hurt",
        "quak": "earthquak",
        "jail": "imprison prison",
        "fire": "blaze wildfir",
        "said": "report",
        "citi": "town",
    }.items()
    for form in forms.split()
}
PERSONS = word_set("peopl person other more die injur civilian resident")
_CHANGES = word_set("""
    rise fall increas drop climb declin jump grow up down gain lose decreas cut rais reach total least
    more less year day week month percent
    """)
_NEAR = 2
"""Content words looked at on either side of a figure."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a sentence: `low` to `high` are the values that it allows.

    `things` are the nouns counted, `events` what was done to them, `near` the content words beside the figure, all as
    stems; `verb` is the word right before it ("freed 14 hostages"), if one is there. `is_change` marks "by 3%";
    `is_former` a value that the sentence itself gives as the old one.
    """

    text: str
    kind: str
    low: float
    high: float
    things: frozenset[str]
    events: frozenset[str]
    near: frozenset[str]
    verb: str
    is_change: bool
    is_former: bool

    def meets(self, other: Quantity) -> bool:
        """Whether both may be true of one thing."""
        return self.low <= other.high and other.low <= self.high

    @property
    def claim(self) -> frozenset[str]:
        """Words that say what is counted: they are no sign that two sentences are about one happening."""
        return self.things | self.events | PERSONS

    def is_value_of(self, other: Quantity) -> bool:
        """Whether both are one number of one kind, whatever it counts."""
        return self.kind == other.kind and (self.low, self.high) == (other.low, other.high)

    def is_same_thing(self, other: Quantity) -> bool:
        """Whether both count or measure the same, as far as the words beside them tell."""
        if self.kind != other.kind or self.is_change != other.is_change:
            return False
        if self.events and other.events and not self.events & other.events:
            return False
        if self.verb and other.verb and self.verb != other.verb and not self.events & other.events:
            return False
        if self.kind == "number":
            if self.things or other.things:
                return bool(self.things & other.things) and bool((self.near & other.near) - self.things)
            return bool(self.events & other.events)
        return bool((self.near & other.near) - _CHANGES)


@lru_cache(maxsize=4096)
def quantities(sentence: str) -> tuple[Quantity, ...]:
    """The figures of a sentence that can be held against another's, in its order; years, scores, ages, ordinals and
    dates are left out."""
    folded = fold_claim(sentence)
    text_numbers = read_numbers(folded)
    spans = [_without_space(folded, span) for span in text_numbers.spans[len(text_numbers.days) :]]
    placed = sorted(zip(spans, text_numbers.numbers, strict=True), key=lambda pair: pair[0])
    found: list[Quantity] = []
    skipped = -1
    for position, (span, figure) in enumerate(placed):
        if position == skipped or not _can_be_compared(figure, span, folded):
            continue
        low, high = _range(figure, span, folded)
        if position + 1 < len(placed) and _is_range(folded, span, placed[position + 1][0]):
            skipped = position + 1
            low = _lower_end(figure, placed[skipped][1])
            span, figure = (span[0], placed[skipped][0][1]), placed[skipped][1]
            high = figure.value
        found.append(_measured(figure, span, folded, low, high))
    return tuple(found)


def _lower_end(figure: Number, upper: Number) -> float:
    """Where a range begins: "2 to 3 million" begins at two million."""
    written = _written_value(upper)
    is_bare = _written_value(figure) == figure.value
    return min(figure.value * upper.value / written if is_bare and written else figure.value, upper.value)


def content_stems(tokens_of_sentence: tuple[Token, ...]) -> frozenset[str]:
    """Stems of the words that carry meaning, synonyms of news use brought to one; no figures."""
    return frozenset(
        _synonym(token.stem) for token in tokens_of_sentence if token.is_content and token.text[0].isalpha()
    )


def _synonym(stem: str) -> str:
    return _SYNONYMS.get(stem, stem)


def _without_space(folded: str, span: tuple[int, int]) -> tuple[int, int]:
    text = folded[slice(*span)]
    return span[0] + len(text) - len(text.lstrip()), span[1] - len(text) + len(text.rstrip())


def _can_be_compared(figure: Number, span: tuple[int, int], folded: str) -> bool:
    before, after = folded[: span[0]], folded[span[1] :]
    text = folded[slice(*span)].strip()
    if not figure.required or figure.kind in _NOT_COMPARED:
        return False
    if figure.kind == "number" and _YEAR.fullmatch(text):
        return False
    if re.match(r"[-:/]\d|\w", after) or _GLUED.search(before):
        return False
    is_age = figure.kind in ("year", "number") and (
        re.match(r"[\s-]*old\b", after) or (_AGE_BEFORE.search(before) and re.match(r"\s*[,.)]", after))
    )
    return not is_age


def _range(figure: Number, span: tuple[int, int], folded: str) -> tuple[float, float]:
    """The values that a figure as written allows."""
    slack = 0.49 * _unit(figure)
    if _HEDGE.search(folded[: span[0]]) or "about" in figure.text or "dozen" in figure.text:
        slack = max(slack, _HEDGED_SHARE * abs(figure.value))
    if figure.bound == "over":
        return figure.value - slack, math.inf
    if figure.bound == "under":
        return -math.inf, figure.value + slack
    return figure.value - slack, figure.value + slack


def _unit(figure: Number) -> float:
    """The step to which the figure is written: 0.1 million for "1.2 million", a hundred at most a tenth for 1,200."""
    digits = re.search(r"\d[\d.,]*", figure.text)
    written = _written_value(figure)
    scale = figure.value / written if written else 1.0
    decimals = re.search(r"\.(\d+)", digits.group()) if digits else None
    if decimals:
        return abs(scale) * float(10 ** -len(decimals.group(1)))
    if abs(scale) > 1 or figure.kind != "number":
        return float(abs(scale))
    if abs(figure.value) < _ROUNDED_FROM:
        return 0.0
    whole = str(int(abs(figure.value)))
    zeros = len(whole) - len(whole.rstrip("0"))
    return min(float(10**zeros), abs(figure.value) / 10) if zeros else 0.0


def _written_value(figure: Number) -> float:
    """The number as its digits stand, without "million"."""
    digits = re.search(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", figure.text)
    return float(digits.group().replace(",", "")) if digits else abs(figure.value)


def _is_range(folded: str, span: tuple[int, int], following: tuple[int, int]) -> bool:
    """Recognise "10 to 20", "10-20" and "between 10 and 20"; "from 10 to 20" is a change."""
    between = folded[span[1] : following[0]]
    if not _BETWEEN.fullmatch(between):
        return False
    opens = _RANGE_OPENS.search(folded[: span[0]])
    if between.strip().lower() == "and":
        return opens is not None and opens.group().strip().lower() == "between"
    return opens is None


def _measured(figure: Number, span: tuple[int, int], folded: str, low: float, high: float) -> Quantity:
    start = max((match.end() for match in _CLAUSE_END.finditer(folded, 0, span[0])), default=0)
    ends = _CLAUSE_END.search(folded, span[1])
    end = ends.start() if ends else len(folded)
    all_tokens = tokens(folded)
    before = [token for token in all_tokens if start <= token.start and token.end <= span[0]]
    after = [token for token in all_tokens if span[1] <= token.start and token.end <= end]
    group = _noun_group(after)
    beside = [token for token in before if _tells(token)][-_NEAR:]
    beside += [token for token in after if _tells(token)][: _NEAR + len(group)]
    events = frozenset(_synonym(token.stem) for token in beside if _is_event(token))
    # "Thirteen Israelis" are counted apart from other dead.
    peoples = frozenset(token.key for token in group if token.is_country)
    things = frozenset(_synonym(token.stem) for token in group if not _is_event(token)) - PERSONS | peoples
    return Quantity(
        text=folded[slice(*span)].strip(" -"),
        kind=figure.kind,
        low=low,
        high=high,
        things=things,
        events=events,
        near=frozenset(_synonym(token.stem) for token in beside) - PERSONS | events,
        verb=_synonym(before[-1].stem) if before and _tells(before[-1]) and not is_name(before[-1]) else "",
        is_change=_BY.search(folded[: span[0]]) is not None,
        is_former=_FORMER.search(folded[: span[0]]) is not None,
    )


def _tells(token: Token) -> bool:
    return token.is_content and token.text[0].isalpha()


def _noun_group(after: list[Token]) -> list[Token]:
    """The words that follow a figure up to the next function word; "of its" may stand between."""
    words = after
    while words and words[0].text.casefold() in ("of", "the", "its", "their", "his", "her", "those", "these"):
        words = words[1:]
    group: list[Token] = []
    for token in words[:3]:
        if not _tells(token) or (is_name(token) and not token.is_country):
            break
        group.append(token)
    return group


def _is_event(token: Token) -> bool:
    """Whether a word looks like what was done or happened: "killed", "missing", "dead"."""
    word = token.text.casefold()
    return _synonym(token.stem) in ("die", "injur") or (len(word) > 4 and word.endswith(("ed", "ing")))
