"""What the pointers of a follow-up question point to, by rules: "Why does it object?" -> "Why does China object?".

Only what an earlier question names is put in, and only where the grammar says which of its things is meant: an agent
for "does it object", a thing for "when was it signed", a person for "he". Otherwise the question stays as it is and is
searched for together with the earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.question.ellipsis import completed
from rag.text.country_names import TITLES, is_country, name_key
from rag.text.pronouns import OF_A_PERSON, OF_SEVERAL, PERSONAL
from rag.text.word_sets import CLAIM_STOP_WORDS, word_set

_CAPITALISED = r"[A-Z][\w'\u2019&-]*|[A-Z]\.(?:[A-Z]\.)+"
_NAME = re.compile(rf"(?:{_CAPITALISED})(?:\s+(?:(?:of|the|de|al|van|von|and the)\s+)*(?:{_CAPITALISED}))*")
_DETERMINED = re.compile(
    r"\b(?:the|an?|this|that|its|their|his|her)\s+((?:[\w'\u2019-]+\s+){0,3}?[\w'\u2019-]+?)"
    r"(?=\s+(?:of|in|on|at|for|from|to|by|with|about|after|before|during|between|and|or|is|are|was|were|be|been|will|would"
    r"|can|could|has|have|had|did|do|does|that|which|who|last|this|next|than|as|into|against|over|across|worth|so|not)\b"
    r"|\s*[?.!,;:]|\s*$)"
)
_SEVERAL = re.compile(
    r"\b(?:the|these|those|many|some|all|which|what)\s+((?:[\w'\u2019-]+\s+){0,2}?[a-z][\w-]*(?<!s)s)\b", re.IGNORECASE
)
_PREPOSITIONS = word_set("in at on from to into near across against by with for over about of between after before")
_ASKING = word_set(
    "who what when where why how which whose whom did does do is are was were has have had can could will"
)

_POSSESSIVE = word_set("its his their")
_INVERTED = word_set("did does do will would can could should has have had may might must")
_POINTER = re.compile(rf"\b({'|'.join(sorted(PERSONAL))})\b", re.IGNORECASE)

_LAST_VERBS = word_set(
    "take last cost end start begin open reopen close happen work mean say think want find pay win lose"
)
_GOES_ON = re.compile(r"\s+(?:in|on|at|of|between|that|which|who)\b")

# "was it signed", "will it take", "how long did it last": what happens to a thing, or what things do.
_OF_A_THING = re.compile(
    r"\b(?:is|was|are|were|be|been|being|has|have|had|will|would|can|could|should)\s+(?:it|they)\b"
    r"|\b(?:it|they)\s+(?:is|was|are|were|be|been|last|take|happen|cost|begin|start|end|mean|matter|work|cover|contain"
    r"|include|apply|affect|hit|open|close|reopen|say|come|fall|rise|help|change|spread|cause|weigh|measure)\b"
    r"|\b(?:about|of|to|for|against|in|from|with|behind|into|on|after|before)\s+(?:it|them)\b|\b(?:it|them)\W*$",
    re.IGNORECASE,
)
# Who does it and what it is done to are two: "What can it do about it?"; else it would be done to "itself".
_DOES_IT_TO_IT = re.compile(r"^(?P<ahead>.*?)\bit\b(?P<between>.+)\bit(?P<behind>\W*)$", re.IGNORECASE)
_WHAT_ABOUT = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?:(?:what|how)\s+about\s+)?(?P<other>.{2,60}?)(?:\s*,?\s*(?:too|then))?\W*$",
    re.IGNORECASE,
)
_ONE = re.compile(r"\s+ones?$", re.IGNORECASE)
_IS_WHAT_ABOUT = re.compile(r"^\W*(?:and|but|so|what\s+about|how\s+about)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mentions:
    """What a question mentions: people, other names that may act, described things and several of a kind."""

    people: tuple[str, ...]
    agents: tuple[str, ...]
    things: tuple[str, ...]
    several: tuple[str, ...]


def resolved(text: str, earlier: Sequence[str]) -> str:
    """The question with its pointers replaced by what the latest fitting earlier question mentions.

    `earlier` is oldest first. The text itself where nothing fits, or where it points to nothing.
    """
    if not earlier:
        return text
    if told := completed(text, earlier[-1]):
        return told
    if (other := _what_about(text)) is not None:
        return _asked_about(other, earlier) or text
    if _DOES_IT_TO_IT.search(text):
        return _doer_and_thing(text, earlier[-1])
    mentions = [_mentions(question) for question in reversed(earlier)]
    is_of_a_thing = _OF_A_THING.search(text) is not None

    def replacement(match: re.Match[str]) -> str:
        word = match.group().casefold()
        meant = next(filter(None, (_meant(word, found, is_of_a_thing=is_of_a_thing) for found in mentions)), "")
        if not meant:
            return match.group()
        is_possessive = word in _POSSESSIVE or (word == "her" and re.match(r"\s+\w", text[match.end() :]) is not None)
        return f"{meant}’s" if is_possessive else meant  # noqa: RUF001

    return _POINTER.sub(replacement, text)


def _doer_and_thing(text: str, earlier: str) -> str:
    """The question with the earlier one's agent as who does it, and its thing as what it is done to; as it is where
    that does not name both."""
    mentions = _mentions(earlier)
    found = _DOES_IT_TO_IT.search(text)
    if found is None or not (mentions.agents and mentions.things):
        return text
    return f"{found['ahead']}{mentions.agents[0]}{found['between']}{mentions.things[-1]}{found['behind']}"


def subject_of(questions: Sequence[str]) -> str:
    """What the latest of these questions (oldest first) is about, as far as its grammar tells: the thing that it
    describes, or whom it names; "" where none of them names anything."""
    for question in reversed(questions):
        found = _mentions(question)
        named = [*reversed(found.things), *found.agents, *found.people, *(name for name, _ in _names(question))]
        if named:
            return named[0]
    return ""


def _meant(word: str, mentions: _Mentions, *, is_of_a_thing: bool) -> str:
    if word in OF_A_PERSON:
        return next(iter(mentions.people), "")
    if word in OF_SEVERAL:
        return next(iter([*reversed(mentions.several), *filter(_is_country, mentions.agents)]), "")
    if is_of_a_thing and word not in _POSSESSIVE:
        return next(iter(reversed(mentions.things)), "")
    return next(iter([*mentions.agents, *reversed(mentions.things)]), "")


def _mentions(question: str) -> _Mentions:
    described = [(text, match.span()) for match in _DETERMINED.finditer(question) if (text := _thing(match))]
    # In "the CrowdStrike outage" a thing is named, not the company.
    named = [
        (name, start)
        for name, start in _names(question)
        if not any(begin <= start < end and not text.endswith(name) for text, (begin, end) in described)
    ]
    people = tuple(name for name, _ in named if _is_person(name, question))
    others = [(name, start) for name, start in named if name not in people]
    return _Mentions(
        people=people,
        agents=tuple(name for name, start in others if _word_before(question, start) not in _PREPOSITIONS),
        things=tuple(f"the {text}" for text, _ in described),
        several=tuple(
            f"the {match[1]}" for match in _SEVERAL.finditer(question) if CLAIM_STOP_WORDS.isdisjoint(match[1].split())
        ),
    )


def _thing(match: re.Match[str]) -> str:
    """What "the ..." describes, "" where that is a person or cannot be told from the verb behind it.

    Behind "will the" or "did the" a verb follows the noun, where no more is said of it: of two words the first is
    taken, of a name the name.
    """
    words = match[1].split()
    if any(word.casefold() in TITLES for word in words):
        return ""
    if _word_before(match.string, match.start()) in _INVERTED and not _GOES_ON.match(match.string, match.end()):
        names = [i for i, word in enumerate(words) if word[0].isupper()]
        words = words[: names[-1] + 1] if names else words[:1] if len(words) == 2 else []
        return " ".join(words) if any(word[0].islower() for word in words) else ""
    if (
        len(words) > 1
        and words[-1] in _LAST_VERBS
        and _INVERTED & set(match.string[: match.start()].casefold().split())
    ):
        words = words[:-1]
    return " ".join(words) if words[-1][0].islower() else ""


def _names(question: str) -> list[tuple[str, int]]:
    """Names with where they start; a question's first word is one only where a table knows it."""
    found: list[tuple[str, int]] = []
    for match in _NAME.finditer(question):
        name, start = match.group(), match.start()
        first = name.split()[0]
        if not question[:start].strip() and not _is_country(first):
            rest = name[len(first) :].lstrip()
            if first.casefold() not in _ASKING or not rest:
                continue
            name, start = rest, start + len(name) - len(rest)
        found.append((re.sub(r"['\u2019]s?$", "", name), start))
    return found


def _is_person(name: str, question: str) -> bool:
    """Whether a name is that of a person: two words or more, or one after a title; no country, nothing with "of"."""
    words = name.split()
    if _is_country(name) or any(word[0].islower() for word in words):
        return False
    before = _word_before(question, question.find(name))
    return before in TITLES or words[0].casefold() in TITLES or (len(words) > 1 and not any(w.isupper() for w in words))


def _is_country(name: str) -> bool:
    return is_country(name_key(name))


def _word_before(text: str, start: int) -> str:
    before = text[:start].split()
    return before[-1].casefold().strip("“\"'(") if before else ""


def _what_about(text: str) -> str | None:
    """What "What about Japan?" and "And Japan?" ask about; None for another question."""
    match = _WHAT_ABOUT.match(text) if _IS_WHAT_ABOUT.match(text) else None
    if match is None:
        return None
    other = re.sub(r"^(?:and|but|so)\s+", "", match["other"], flags=re.IGNORECASE).strip()
    words = other.split()
    if not words or len(words) > 4 or words[0].casefold() in _ASKING:
        return None
    return other


def _asked_about(other: str, earlier: Sequence[str]) -> str:
    """The first of the earlier questions that names something, with that name replaced; "" where none does.

    A country takes the place of a country where there is one.
    """
    if not _NAME.search(other):
        return ""
    is_country = _is_country(other.removeprefix("the "))
    for question in earlier:
        named = sorted(_names(question), key=lambda found: _is_country(found[0]) != is_country)
        for name, start in named[:1]:
            ahead, behind = question[:start], question[start + len(name) :]
            if _is_of_a_noun(ahead, behind):
                return ahead + _ONE.sub("", other).removeprefix("the ") + behind
            return "" if _ONE.search(other) else re.sub(r"\bthe\s+$", "", ahead, flags=re.IGNORECASE) + other + behind
    return ""


def _is_of_a_noun(ahead: str, behind: str) -> bool:
    """Whether a name says which of several, as in "the Indian election", and is not who does or is something."""
    words = ahead.casefold().split()
    is_determined = bool(words) and words[-1] in ("the", "a", "an")
    return is_determined and words[-2:-1] != [] and words[-2] not in _INVERTED and bool(re.match(r"\s+[a-z]", behind))
