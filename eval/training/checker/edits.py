"""Small edits that turn a sentence's meaning: denied, made uncertain, made the opposite, names exchanged.

A sentence and its edited self differ in hardly a word and never support each other, whatever they are about. They teach
what hand-written twins are too few for: that one small word decides.
"""

from __future__ import annotations

import calendar
import random
import re

_AUXILIARY = re.compile(r"\b(?:is|are|was|were|will|would|can|could|should|has|have|had)\b(?! (?:not|been|to)\b)")
_DENIED = re.compile(r"\b(is|are|was|were|will|would|could|should|did|does|do|has|have|had) not ")
_CERTAIN = re.compile(r"\b(?P<word>will|is|are|was|were|has|have)\b(?! not\b)")
_UNCERTAIN = {
    "will": ("may", "might", "could"), "is": ("may be", "is reportedly"), "are": ("may be", "are allegedly"),
    "was": ("may have been", "was allegedly"), "were": ("may have been", "were reportedly"),
    "has": ("may have", "has reportedly"), "have": ("may have", "have reportedly"),
}  # fmt: skip
_ALLEGED = (
    "Critics claim that ",
    "According to unconfirmed reports, ",
    "It is alleged that ",
    "Rivals have claimed that ",
)
_CALENDAR = frozenset([*calendar.day_name, *calendar.month_name])
_NAME = re.compile(r"\b[A-Z][a-z]+(?:[ -][A-Z][a-z]+)*\b")

_OPPOSITES = """
before/after first/last more/less more/fewer most/least north/south northern/southern east/west eastern/western
increase/decrease increased/decreased increases/decreases increasing/decreasing rose/fell rise/fall rising/falling
raised/lowered raise/lower higher/lower high/low highest/lowest largest/smallest larger/smaller won/lost win/lose
winning/losing accepted/rejected accept/reject approved/rejected approve/reject supported/opposed support/oppose
supporting/opposing agreed/refused began/ended begin/end started/stopped start/stop opened/closed open/close
opening/closing arrested/released arrest/release allowed/banned allow/ban legal/illegal lawful/unlawful
confirmed/denied confirm/deny admitted/denied bought/sold buy/sell arrived/left joined/left appointed/dismissed
elected/ousted all/some every/some only/also always/sometimes never/often morning/evening older/younger
oldest/youngest early/late earlier/later man/woman men/women son/daughter father/mother brother/sister husband/wife
majority/minority maximum/minimum success/failure successful/unsuccessful succeeded/failed likely/unlikely
guilty/innocent convicted/acquitted alive/dead survived/died better/worse best/worst strong/weak stronger/weaker
import/export imports/exports above/below over/under inside/outside with/without public/private temporary/permanent
possible/impossible safe/dangerous positive/negative domestic/foreign former/current previous/next yesterday/tomorrow
million/billion hundreds/thousands both/neither
"""
"""Forms that stand for each other in news sentences and turn their meaning round."""


def turned_round(sentence: str, chance: random.Random) -> tuple[str, bool] | None:
    """The sentence with its meaning turned by one edit, and whether it fails the edited one as well; None where no edit
    fits. What is certain supports what may be so."""
    # An opposite and an exchange fit more rarely than a "not".
    order = chance.sample([_denied, _uncertain, *(2 * [_opposite]), *(2 * [_exchanged])], 6)
    for edit in order:
        found = edit(sentence, chance)
        if found is not None and found != sentence:
            return found, edit is not _uncertain
    return None


def _denied(sentence: str, chance: random.Random) -> str | None:
    if denied := _DENIED.search(sentence):
        return sentence[: denied.start()] + denied[1] + " " + sentence[denied.end() :]
    places = list(_AUXILIARY.finditer(sentence))
    if not places:
        return None
    place = chance.choice(places)
    return f"{sentence[: place.end()]} not{sentence[place.end() :]}"


def _uncertain(sentence: str, chance: random.Random) -> str | None:
    places = list(_CERTAIN.finditer(sentence))
    if places and chance.random() < 0.7:
        place = chance.choice(places)
        return sentence[: place.start()] + chance.choice(_UNCERTAIN[place["word"]]) + sentence[place.end() :]
    opener = sentence.split(" ", 1)[0]
    return (
        chance.choice(_ALLEGED) + (sentence[0].lower() if opener in ("The", "A", "An") else sentence[0]) + sentence[1:]
    )


def _opposite(sentence: str, chance: random.Random) -> str | None:
    places = [match for match in re.finditer(r"\b[a-z]+\b", sentence) if match.group() in _OTHERS]
    if not places:
        return None
    place = chance.choice(places)
    return sentence[: place.start()] + chance.choice(_OTHERS[place.group()]) + sentence[place.end() :]


def _exchanged(sentence: str, chance: random.Random) -> str | None:
    """Two names in each other's place."""
    names = [match for match in _NAME.finditer(sentence, 1) if not _CALENDAR.intersection(match.group().split())]
    if sentence[:1].isupper() and (opener := _NAME.match(sentence)) and " " in opener.group():
        names.insert(0, opener)
    pairs = [(one, other) for n, one in enumerate(names) for other in names[n + 1 :] if one.group() != other.group()]
    if not pairs:
        return None
    one, other = chance.choice(pairs)
    between = sentence[one.end() : other.start()]
    # "Smith and Jones" and "Paris, France" say the same the other way round, or nothing.
    if len(between.split()) < 2 and between.strip() in ("and", "or", ",", "&", ""):
        return None
    return sentence[: one.start()] + other.group() + between + one.group() + sentence[other.end() :]


def _others() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for pair in _OPPOSITES.split():
        one, other = pair.split("/")
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return {word: tuple(others) for word, others in found.items()}


_OTHERS = _others()
