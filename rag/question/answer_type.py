"""What kind of answer a question asks for, and whether a sentence could be one."""

from __future__ import annotations

import re
from typing import Literal

from rag.text.calendar_names import MONTHS, SHORT_MONTHS, WEEKDAYS
from rag.text.number_words import CARDINALS
from rag.text.search_terms import content_terms

AnswerType = Literal["why", "who", "when", "where", "number", "measure", "other"]

_ASKED: tuple[tuple[AnswerType, re.Pattern[str]], ...] = (
    (
        "why",
        re.compile(
            r"\b(why|how come|what (?:\w+ )?(?:reasons?|causes?|caused|led to|prompted|makes|made (?!up))|pourquoi|"
            r"reasons? (?:for|why|that)|what (?:went|goes|is|was) wrong|"
            # What stands between is the subject, and is asked about.
            r"what(?= (?:[\w'\u2019]+ ){0,5}"
            r"(?:objections?|concerns?|fears?|worries|misgivings|motives?|afraid|worried)\b))\b",
            re.I,
        ),
    ),
    ("measure", re.compile(r"\bhow (?:long|old|far|big|large|high|tall|fast|often|heavy|wide|deep)\b", re.I)),
    (
        "number",
        re.compile(
            r"\b(how (?:many|much)|what (?:share|percentage|percent|number|proportion|rate|price|sum|amount)|"
            r"by how much|combien|death toll)\b",
            re.I,
        ),
    ),
    (
        "when",
        re.compile(
            r"\b(when|what (?:date|day|year|month|time)|which (?:date|day|year|month)|since when|quand)\b",
            re.I,
        ),
    ),
    (
        "where",
        re.compile(
            r"\b(where|"
            r"(?:what|which) (?:city|country|town|place|region|province|state|village|river|port|airport)|où)\b",
            re.I,
        ),
    ),
    ("who", re.compile(r"\b(who|whom|whose|qui)\b", re.I)),
)

_MONTH = rf"(?:{'|'.join((*MONTHS, *SHORT_MONTHS))})"
_HAPPENED = re.compile(r"\bwhat (?:else )?(?:happen(?:s|ed)|is happening|took place|is known)\b", re.I)
_TIME = re.compile(
    rf"\b(?:\d{{1,2}} {_MONTH}|{_MONTH}\.? \d{{1,4}}|(?:19|20)\d\d|"
    rf"{'|'.join(WEEKDAYS)}|yesterday|today|tomorrow|"
    r"(?:last|next|this|earlier|later) (?:week|month|year|night|spring|summer|autumn|fall|winter)|"
    r"\d+ (?:days?|weeks?|months?|years?|hours?) (?:ago|later|earlier)|"
    r"\d{1,2}(?::\d\d)? ?(?:a\.m\.|p\.m\.|am|pm|gmt|utc)|\d{1,2}:\d\d)",
    re.I,
)
_NUMBER = re.compile(
    # "One" is a pronoun as often as a number.
    rf"\d|\b(?:(?:{'|'.join(word for word, value in CARDINALS.items() if value > 1)})(?:-\w+)?|"
    r"dozens?|hundreds?|thousands?|millions?|billions?|half|third|quarter|twice|percent)\b",
    re.I,
)
_MEASURE = re.compile(
    rf"(?:{_NUMBER.pattern})[\w.,]*(?: \w+)?[ -]"
    r"(?:millimet|centimet|met(?:er|re)|kilomet|km\b|m\b|cm\b|feet|foot|ft\b|inch|yard|mile|"
    r"second|minute|hour|day|week|month|year|decade|"
    r"gram|kilo|kg\b|ton|pound|litre|liter|acre|hectare|square|times|percent|%|knots|mph)|"
    r"\b(?:an?|half an?) (?:second|minute|hour|day|week|month|year|decade|mile)\b",
    re.I,
)
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|as a result|in order to|so that|thanks to|therefore|"
    r"reasons?|caused?|causing|led to|leads to|prompted|blamed?|attributed|amid|"
    r"fear(?:s|ed|ing)?|worr(?:y|ied|ies)|concern(?:s|ed)?|risk(?:s|ing)?|threat(?:en|ens|ened)?|"
    r"motivat|explain(?:s|ed)?|why|argu(?:e|ed|es|ing)|mean(?:s|t|ing)|would|could|"
    r"to (?:avoid|prevent|protect|make|keep|help|stop|show|win|get))\b",
    re.I,
)
_NAME = re.compile(r"(?<=[a-z,;:\u2014\u2013\-] )(?:[A-Z][\w'\u2019.-]*)")
_PLACE = re.compile(r"\b(?:in|at|near|from|to|outside|off|across|on|over|into) (?:the )?(?:[a-z]+ ){0,2}[A-Z]")


def answer_type(question: str) -> AnswerType:
    """What the question asks for; "other" for what, which, how and everything else."""
    # The wording that comes first decides: "who said when ..." asks for a person.
    found = [
        (match.start(), order, kind) for order, (kind, asked) in enumerate(_ASKED) if (match := asked.search(question))
    ]
    return min(found)[2] if found else "other"


def without_asking(question: str) -> str:
    """The question without the words that only ask ("what caused", "how many"): no answer repeats them."""
    for _, asked in _ASKED:
        question = asked.sub(" ", question)
    return _HAPPENED.sub(" ", question)


def could_be(kind: AnswerType, sentence: str, question: str) -> bool:
    """Whether the sentence holds something of the kind that is asked for; always true for "other"."""
    match kind:
        case "why":
            return bool(_REASON.search(sentence))
        case "when":
            return bool(_TIME.search(sentence))
        case "number":
            # The year in a sentence is no answer to "how many".
            return bool(_NUMBER.search(_TIME.sub(" ", sentence)))
        case "measure":
            return bool(_MEASURE.search(sentence))
        case "where":
            return bool(_PLACE.search(sentence))
        case "who":
            known = set(content_terms(question))
            return any(set(content_terms(name)) - known for name in _NAME.findall(f". {sentence}"))
        case "other":
            return True
