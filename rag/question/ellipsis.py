"""What a follow-up leaves out, taken from the question before it: "Why?" -> "Why did the bill fail?".

Four rules, each of the grammar alone: a bare "why", "where" or "since when" asks it of what a yes-or-no question said,
or in the place of the earlier question's own "when", or of what was asked for ("What did they sign?": "it");
"before that" and "after that" move the date of the earlier question; "in Wales" and "last year" take the place of its
place or date, or are added where it has none.
"""

from __future__ import annotations

import re

from rag.text.calendar_names import MONTHS
from rag.text.word_sets import word_set

_YES_OR_NO = word_set("did does do is are was were has have had can could will would should")
_BARE = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?P<asks>why|where|when|how|since when|until when|how long|how often)"
    r"(?:\s+(?:is|was)\s+(?:that|this|it))?\W*$",
    re.IGNORECASE,
)
_ASKED_HOW = re.compile(
    r"^\W*(?:and\s+)?(?:when|where|why|how|since when|until when|how long|how often)\s+"
    r"(?P<rest>(?:did|does|do|is|was|were|are|has|have|had|will|would|can|could|should)\s+.+?)\W*$",
    re.IGNORECASE,
)
_ASKED_FOR_AN_OBJECT = re.compile(
    r"^\W*(?:and\s+)?(?:what|whom?|which\s+\w+)\s+(?P<rest>(?:did|does|do|will|would|can|could)\s+(?!not\b).+\s(?P<last>\w+))\W*$",
    re.IGNORECASE,
)
_TAKES_NO_OBJECT = word_set("happen do say think mean cost want")
_MOVED = re.compile(r"^\W*(?:and\s+)?(?:when\s+)?(?P<way>before|after)\s+(?:that|then)\W*$", re.IGNORECASE)
_OTHER_DATE = re.compile(
    r"^\W*(?:and|but|what about|how about)\s+(?P<date>(?:last|this|next)\s+(?:year|month|week)|in\s+\d{4})\W*$",
    re.IGNORECASE,
)
_MONTHS = "|".join(month.capitalize() for month in MONTHS)
_IN_A_PLACE = rf"in\s+(?:the\s+)?(?!(?:{_MONTHS})\b)[A-Z][\w\u2019'-]*(?:\s+[A-Z][\w\u2019'-]*)*"
_OTHER_PLACE = re.compile(rf"^\W*(?i:and|but|what about|how about)\s+(?P<place>{_IN_A_PLACE})\W*$")
_PLACE = re.compile(rf"\b{_IN_A_PLACE}")
_DATE = re.compile(rf"\b(?:in|on|during)\s+(?P<when>(?:\d{{1,2}}\s+)?(?:(?:{_MONTHS})\s+)?\d{{4}})\b")


def completed(text: str, earlier: str) -> str:
    """The follow-up with what it leaves out put in from the question before it; "" where no rule fits."""
    if match := _BARE.match(text):
        return _asked_instead(match["asks"].capitalize(), earlier)
    if match := _MOVED.match(text):
        way = match["way"].lower()
        return _DATE.sub(lambda date: f"{way} {date['when']}", earlier, count=1) if _DATE.search(earlier) else ""
    if match := _OTHER_DATE.match(text):
        return _in_place_of(_DATE, match["date"], earlier)
    if match := _OTHER_PLACE.match(text):
        return _in_place_of(_PLACE, match["place"], earlier)
    return ""


def _asked_instead(asks: str, earlier: str) -> str:
    first, _, rest = earlier.strip().partition(" ")
    if first.lower() in _YES_OR_NO and rest:
        return f"{asks} {first.lower()} {rest}"
    if match := _ASKED_HOW.match(earlier):
        return f"{asks} {match['rest']}?"
    match = _ASKED_FOR_AN_OBJECT.match(earlier)
    if match is None or match["last"].lower() in _TAKES_NO_OBJECT:
        return ""
    return f"{asks} {match['rest']} it?"


def _in_place_of(old: re.Pattern[str], new: str, question: str) -> str:
    if old.search(question):
        return old.sub(lambda _: new, question, count=1)
    return f"{question.rstrip(' ?.!')} {new}?"
