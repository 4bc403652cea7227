"""Who says what a quote says, in the words of the article: "a trade economist in Hong Kong"."""

from __future__ import annotations

import re

from rag.text.pronouns import POINTING_BACK
from rag.text.sentences import split_sentences
from rag.text.word_sets import CLAIM_STOP_WORDS, word_set

_SPEAK = (
    r"(?:said|says|told|tells|argued|argues|added|adds|warned|warns|explained|explains|noted|notes|insisted|insists|"
    r"wrote|writes|tweeted|stated|states|pointed\sout|points\sout|concluded|remarked)"
)
_SAY = (
    rf"(?:{_SPEAK}|announced|claimed|claims|suggested|suggests|confirmed|commented|declared|acknowledged|denied|denies|"
    r"recalled|replied|asked)"
)
_THAT = rf"(?:{_SPEAK}(?!\s(?:to|of|for|by)\b)|{_SAY}(?=\sthat\b))"
"""With the speaker in front: "added to the doubt" and "announced a plan" are no speech."""

_WORD = r"[^\s,;:.?!\"“”()]+(?:\.(?=\s[^\W\d_])|\.(?:\w\.)+)?"
"""A word of a name or description; "Mr." and "U.S." keep their stops."""

_WHO = rf"(?:{_WORD}\s){{0,11}}{_WORD}"
_SHORTEST = rf"(?:{_WORD}\s){{0,11}}?{_WORD}"
_APPOSITION = rf"(?:,\s(?:an?|the|who|whose)\s{_WHO}(?=[,.;:]|$))?"
_ENDS = r"(?=\s?(?:[,;:?!\"“”]|\.(?!\s\d))|$)"
_CLOSED = r"[,?!.][\"”]"

_HAS = r"(?:\s(?:has|have|had|also|later|then))?"

_AFTER_QUOTATION = re.compile(
    # Behind a comma alone only "said" turns round: "the board, in a letter, announced a plan" has another subject.
    rf"(?:(?:{_CLOSED}|[\"”])\s{_SAY}|,\s(?:said|says))\s(?P<who>{_WHO}{_APPOSITION}){_ENDS}"
)
_AT_END = re.compile(rf"(?:{_CLOSED}|,)\s(?P<who>{_SHORTEST}){_HAS}\s{_THAT}\b(?!\sof\b)")
_AT_START = re.compile(rf"(?P<who>{_SHORTEST}(?:,\s(?:{_WORD}\s){{0,19}}{_WORD},)?){_HAS}\s{_THAT}\b(?=\s|:|,\s?[\"“])")
_ACCORDING = re.compile(rf"\baccording\sto\s(?P<who>{_WHO}){_ENDS}", re.IGNORECASE)

_WHERE = re.compile(r"(?:At|In|On|From|Outside|Inside)\s[^,.;:\"“”]{2,40},\s(?=[^\W\d_a-z])")
"""Where or when it is said, in front of the speaker: "At the White House, John Kirby said that"."""

_ENDS_WHO = re.compile(
    r"\s(?:on\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|late\s|earlier\s|this\s|last\s|in\sa\s|at\sa\s|"
    r"in\san\s|during\s|after\s|when\s|while\s|as\s|that\s|before\s|to\s(?:reporters|the\s)).*$",
    re.DOTALL,
)
_ABOUT_WHO = re.compile(r",\s(?:who|whose|which)\s.*$", re.DOTALL)
_OPENS_WHO = word_set("a an the one some several two three many most both")
_PASSIVE = word_set("is are was were be been being")
_VERBS = _PASSIVE | word_set("must will would shall should can could may might has have had")
"""In small letters, for "Theresa May" is somebody."""
_NOBODY = POINTING_BACK | word_set("it i we you who what which that there and but")


def speaker_of(quote: str) -> str:
    """The words that name who says it, exactly as they stand in the quote; "" where it is nobody but the reporter, or
    only a pronoun."""
    # Sentence by sentence: the end of one is no part of a name in the next.
    return next(filter(None, (_speaker_in(quote[one.start : one.end]) for one in split_sentences(quote))), "")


def _speaker_in(sentence: str) -> str:
    for pattern in (_AFTER_QUOTATION, _AT_END, _ACCORDING):
        for found in pattern.finditer(sentence):
            if who := _trimmed(found.group("who")):
                return who
    sentence = sentence.lstrip()
    where = _WHERE.match(sentence)
    opening = _AT_START.match(sentence[where.end() :] if where else sentence)
    return _trimmed(opening.group("who")) if opening else ""


def _trimmed(who: str) -> str:
    """The name or description without when and where it was said; "" where it is none."""
    who = _ABOUT_WHO.sub("", _ENDS_WHO.sub("", who)).strip(" ,")
    first, _, rest = who.partition(" ")
    opens, closes = first.casefold(), who.rpartition(" ")[2].casefold()
    is_somebody = bool(rest) if opens in _OPENS_WHO else first[:1].isupper() and opens not in CLAIM_STOP_WORDS
    if closes in _PASSIVE or _VERBS.intersection(who.split()):
        return ""
    return who if is_somebody and first.casefold() not in _NOBODY else ""
