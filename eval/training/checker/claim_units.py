"""What one step of the checker's training is made of, and the changes by which written claims yield more of it."""

from __future__ import annotations

import calendar
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.training.checker.claims import Twins
from eval.training.checker.edits import turned_round
from rag.text.sentences import split_sentences

_NAME = re.compile(r"\b[A-Z][a-z]+(?:[ -][A-Z][a-z]+)*\b")
_NUMBER = re.compile(r"\b\d+\b")
_NOT_NAMES = frozenset(
    word.capitalize()
    for word in re.findall(
        r"\w+",
        """the a an he she it they we in on at for but and after before as this that these those there his her its their
        according yesterday today earlier last speaking when while since with from by of to if""",
    )
)
"""Words that begin a sentence in capitals without being a name."""

_CALENDAR = frozenset([*calendar.day_name, *calendar.month_name])


CONTEXT_LEFT_OUT = 0.12
"""Share of pairs without the sentence before: what decides stands in the cited ones, and a network that also judges
without the rest leans on it less."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A claim against evidence that supports it and evidence that does not; `weight` of its part of the loss."""

    twins: Twins
    weight: float = 1.0


class ClaimUnits:
    """Draws pairs: as they were written, with other names, and made of the evidence alone."""

    def __init__(self, twins: Sequence[Twins]) -> None:
        self._by_article: dict[str, list[Twins]] = {}
        names: dict[int, set[str]] = {}
        for one in twins:
            self._by_article.setdefault(one.article, []).append(one)
            for name in _names(one.claim):
                names.setdefault(len(name.split()), set()).add(name)
        self._names = {words: sorted(found) for words, found in names.items()}

    def draw(self, one: Twins, chance: random.Random) -> list[Pair]:
        """The pair itself, and now and then another that follows from it."""
        written = self.renamed(one, chance) if chance.random() < 0.35 else one
        if chance.random() < CONTEXT_LEFT_OUT:
            written = replace(written, context="")
        pairs = [Pair(twins=written)]
        dice = chance.random()
        if dice < 0.12:
            # What fails the claim cannot say all that supports it: if it did, it would support the claim, too.
            pairs.append(Pair(twins=replace(written, claim=written.supporting), weight=0.5))
        elif dice < 0.27 and (broken := self.broken(written, chance)):
            pairs.append(Pair(twins=broken, weight=0.5))
        elif dice < 0.35 and (miscited := self.miscited(one, chance)):
            pairs.append(Pair(twins=miscited, weight=0.5))
        elif dice < 0.65 and (turned := self.turned(written, chance)):
            pairs.append(Pair(twins=turned, weight=0.5))
        return pairs

    def renamed(self, one: Twins, chance: random.Random) -> Twins:
        """A name that claim and evidence share becomes another one in all of them: the labels stay."""
        # Days and months are read against the day of publication: another one would change the label.
        shared = [
            name
            for name in _names(one.claim)
            if name in one.supporting and name in one.failing and not _CALENDAR.intersection(name.split())
        ]
        if not shared:
            return one
        old = chance.choice(shared)
        new = chance.choice(self._names[len(old.split())])
        if any(word in one.claim + one.supporting + one.failing for word in new.split()):
            return one
        texts = (one.claim, one.context, one.supporting, one.failing)
        claim, context, supporting, failing = (re.sub(rf"\b{re.escape(old)}\b", new, text) for text in texts)
        return replace(one, claim=claim, context=context, supporting=supporting, failing=failing)

    def broken(self, one: Twins, chance: random.Random) -> Twins | None:
        """The supporting evidence with one shared number or name made another: it no longer supports the claim."""
        numbers = [n for n in _NUMBER.findall(one.claim) if re.search(rf"\b{n}\b", one.supporting)]
        names = [name for name in _names(one.claim) if one.supporting.count(name) == 1]
        options = numbers + names
        if not options:
            return None
        old = chance.choice(options)
        if old in numbers:
            new = _other_number(old, chance)
        else:
            # The first name of a sentence is often no name.
            others = [name for name in _names(one.supporting)[1:] if name not in old and old not in name]
            new = chance.choice(others or self._names[len(old.split())])
        if new == old or new in one.claim:
            return None
        return replace(one, failing=re.sub(rf"\b{re.escape(old)}\b", new, one.supporting))

    def turned(self, one: Twins, chance: random.Random) -> Twins | None:
        """One sentence of the evidence as the claim, or that sentence turned round, against both."""
        said = one.supporting if chance.random() < 0.5 else one.failing
        sentence = chance.choice([said[span.start : span.end] for span in split_sentences(said)] or [said])
        found = turned_round(sentence, chance)
        if found is None:
            return None
        edited, both_ways = found
        if both_ways and chance.random() < 0.5:
            sentence, edited = edited, sentence
        alone = chance.random() < 0.5 or sentence not in said
        failing = edited if alone else said.replace(sentence, edited)
        return replace(one, claim=sentence, supporting=sentence if alone else said, failing=failing)

    def miscited(self, one: Twins, chance: random.Random) -> Twins | None:
        """The evidence of another claim of the same article in the failing one's place."""
        others = [o for o in self._by_article[one.article] if o.supporting != one.supporting and o.as_written]
        others = [o for o in others if o.supporting not in one.supporting and one.supporting not in o.supporting]
        if not others or not one.as_written:
            return None
        other = chance.choice(others)
        return replace(one, failing=other.supporting)


def _names(text: str) -> list[str]:
    return [name for name in _NAME.findall(text) if name.split()[0] not in _NOT_NAMES]


def _other_number(old: str, chance: random.Random) -> str:
    value = int(old)
    if len(old) == 4 and 1900 <= value <= 2100:
        return str(value + chance.choice((-2, -1, 1, 2)))
    return str(max(0, value + chance.choice((-2, -1, 1, 2, 5, value, 10))))
