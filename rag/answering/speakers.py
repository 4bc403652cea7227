"""Who says what a quote says, in the words of the article: "a trade economist in Hong Kong"."""

from __future__ import annotations

import re

from rag.text.pronouns import POINTING_BACK
from rag.text.word_sets import word_set

_SAY = (
    r"(?:said|says|told|tells|argued|argues|added|adds|announced|warned|warns|explained|explains|noted|notes|insisted|"
    r"insists|wrote|writes|tweeted|stated|states|claimed|claims|suggested|suggests|confirmed|pointed\sout|points\sout|"
    r"concluded|remarked|commented|declared|acknowledged|denied|denies|recalled|replied|asked)"
)
_WORD = r"[^\s,;:.?!\"“”()]+(?:\.(?=\s[^\W\d_])|\.(?:\w\.)+)?"
"""A word of a name or description; "Mr." and "U.S." keep their stops."""

_WHO = rf"(?:{_WORD}\s){{0,11}}{_WORD}"
_SHORTEST = rf"(?:{_WORD}\s){{0,11}}?{_WORD}"
_APPOSITION = rf"(?:,\s(?:an?|the|who|whose)\s{_WHO}(?=[,.;:]|$))?"
_ENDS = r"(?=\s?[,.;:?!\"“”]|$)"
_CLOSED = r"[,?!.][\"”]"

_HAS = r"(?:\s(?:has|have|had|also|later|then))?"

_AFTER_QUOTATION = re.compile(rf"(?:{_CLOSED}|[\"”]|,)\s{_SAY}\s(?P<who>{_WHO}{_APPOSITION}){_ENDS}")
_AT_END = re.compile(rf"(?:{_CLOSED}|,)\s(?P<who>{_SHORTEST}){_HAS}\s{_SAY}\b(?!\sof\b)")
_AT_START = re.compile(rf"(?P<who>{_SHORTEST}(?:,\s(?:{_WORD}\s){{0,19}}{_WORD},)?){_HAS}\s{_SAY}\b(?=\s|:|,\s?[\"“])")
_ACCORDING = re.compile(rf"\baccording\sto\s(?P<who>{_WHO}){_ENDS}", re.IGNORECASE)

_ENDS_WHO = re.compile(
    r"\s(?:on\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|late\s|earlier\s|this\s|last\s|in\sa\s|at\sa\s|"
    r"in\san\s|during\s|after\s|when\s|while\s|as\s|that\s|before\s|to\s(?:reporters|the\s)).*$",
    re.DOTALL,
)
_OPENS_WHO = word_set("a an the one some several two three many most both")
_NOBODY = POINTING_BACK | word_set("it i we you who what which that there and but")


def speaker_of(quote: str) -> str:
    """The words that name who says it, exactly as they stand in the quote; "" where it is nobody but the reporter, or
    only a pronoun."""
    for pattern in (_AFTER_QUOTATION, _AT_END, _ACCORDING):
        for found in pattern.finditer(quote):
            if who := _trimmed(found.group("who")):
                return who
    opening = _AT_START.match(quote.lstrip())
    return _trimmed(opening.group("who")) if opening else ""


def _trimmed(who: str) -> str:
    """The name or description without when and where it was said; "" where it is none."""
    who = _ENDS_WHO.sub("", who).strip(" ,")
    first, _, rest = who.partition(" ")
    is_somebody = bool(rest) if first.casefold() in _OPENS_WHO else first[:1].isupper()
    return who if is_somebody and first.casefold() not in _NOBODY else ""
