"""Questions of why figures differ: what is counted, and how else it may be asked.

Articles explain a difference in words of their own ("The figures differ because ..."), and a question that names who
gives which figure finds those figures rather than the reason.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rag.text.search_terms import content_terms
from rag.types import Question

_WHY = re.compile(r"\b(?:why|how come|what explains|explain|reasons?)\b", re.IGNORECASE)
_APART = (
    r"(?:differ(?:s|ed|ent|ing)?|diverge|disagree|vary|(?:so\s)?far\sapart|not\s(?:the\ssame|agree|match)"
    r"|contradict\w*)"
)
_COUNTED = r"(?:death\s)?(?:tolls?|numbers?|figures?|counts?|totals?|tall(?:y|ies)|estimates?)"
_HOLDS_A_COUNT = re.compile(rf"\b{_COUNTED}\b", re.IGNORECASE)
_BEHIND = re.compile(
    rf"\b{_APART}\s(?:(?:on|about|over|as\sto)\s)?(?P<counted>(?:\S+\s){{0,3}}?{_COUNTED}\b[^?]*)", re.IGNORECASE
)
_IN_FRONT = re.compile(
    rf"\b(?:do|does|did|are|is|were|was|why)\s(?P<counted>(?!(?:do|does|did|are|is|were|was)\s)[^?]*?\b{_COUNTED}\b[^?]*?)"
    rf"\s(?:(?:do|does|did|are|is|were|was|so|be|not)\s)*{_APART}\b",
    re.IGNORECASE,
)
_COUNT_OF = re.compile(rf"^(?:the\s)?(?:two\s|both\s)?{_COUNTED}\s(?:of|for|in|from|on|about)\s", re.IGNORECASE)
_COUNT_BEHIND = re.compile(r"\s(?:tolls?|numbers?|figures?|counts?|totals?|tall(?:y|ies)|estimates?)$", re.IGNORECASE)
_DETERMINER = re.compile(r"^(?:the|these|those)\s", re.IGNORECASE)
_DEAD = re.compile(r"\b(?:deaths?|dead|died|killed|victims|casualties)\b(?:\s(?:in|of)\b)?", re.IGNORECASE)


def counted_differently(text: str) -> str:
    """What a question of why figures differ says is counted ("death tolls for the flood"); "" for any other."""
    if _WHY.search(text) is None or _HOLDS_A_COUNT.search(text) is None:
        return ""
    match = _IN_FRONT.search(text) or _BEHIND.search(text)
    return match["counted"].strip(" ,?.") if match else ""


def asked_otherwise(question: Question) -> tuple[Question, ...]:
    """The same question as articles would put it; empty where it is none of why figures differ, or does not say of
    what."""
    counted = counted_differently(question.complete)
    thing = _thing(counted)
    if not content_terms(_HOLDS_A_COUNT.sub("", thing)):
        return ()
    return tuple(
        replace(question, standalone=f"Why do the {count} {thing} differ?") for count in ("figures for", "counts of")
    )


def asked_for_figures(question: Question) -> Question | None:
    """The question for the figures themselves; None where it is none of why they differ."""
    counted = counted_differently(question.complete)
    if not counted:
        return None
    thing = _thing(counted)
    if _DEAD.search(counted):
        # What news count most; "how many the flood deaths" is no question that the reader was fitted on.
        asked = f"How many people died in {' '.join(_DEAD.sub(' ', thing).split())}?"
    else:
        asked = f"How many {_DETERMINER.sub('', thing)}?"
    return replace(question, standalone=asked)


def _thing(counted: str) -> str:
    """What is counted, without the words for counting in front or behind."""
    return _COUNT_BEHIND.sub("", _COUNT_OF.sub("", counted))
