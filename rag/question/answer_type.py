"""What kind of answer a question asks for."""

from __future__ import annotations

import re
from typing import Literal

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

_HAPPENED = re.compile(r"\bwhat (?:else )?(?:happen(?:s|ed)|is happening|took place|is known)\b", re.I)


def answer_type(question: str) -> AnswerType:
    """What the question asks for; "other" for what, which, how and everything else."""
    # The wording that comes first decides: "who said when ..." asks for a person.
    found = [
        (match.start(), order, kind) for order, (kind, asked) in enumerate(_ASKED) if (match := asked.search(question))
    ]
    return min(found)[2] if found else "other"


_YES_NO = re.compile(
    r"^(?:and |but |so )?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must)"
    r"(?:n['\u2019]t)?\b",
    re.I,
)
_HOW = re.compile(
    r"\bhow\b(?!\s(?:many|much|long|old|far|big|large|high|tall|fast|often|heavy|wide|deep|come)\b)", re.I
)
_SEVERAL = re.compile(
    r"\b(?:which|what)\s(?:\w+\s){0,2}\w{3,}s\s(?:are|were|have|had|did|do|will|would|can|could|should|may|might|must)\b"
    r"|\bwhich\s(?:of\s(?:the|these|those)\s)?[a-z]{3,}(?<![sui])s\b"
    r"|\b(?:which|what)\s(?:are|were)\sthe\s|\bwho(?:\sall)?\s(?:are|were)\sthe\b|\bwhom?\sall\b|\bnames\sof\b"
    r"|\b(?:list|name|all)\s(?:the|of|all)\b|\breasons\b",
    re.I,
)

Form = Literal["fact", "reasons", "way", "several", "other"]
"""What an answer looks like: a short one, reasons, how it was done, things that are listed, or anything else."""


def answer_form(question: str) -> Form:
    """How an answer to the question is told."""
    kind = answer_type(question)
    if kind == "why":
        return "reasons"
    if kind in ("when", "where", "number", "measure") or is_yes_no(question):
        return "fact"
    if _SEVERAL.search(question):
        return "several"
    if kind == "who":
        return "fact"
    return "way" if _HOW.search(question) else "other"


def is_yes_no(question: str) -> bool:
    """Whether "yes" or "no" answers the question."""
    return _YES_NO.search(question) is not None


def without_asking(question: str) -> str:
    """The question without the words that only ask ("what caused", "how many"): no answer repeats them."""
    for _, asked in _ASKED:
        question = asked.sub(" ", question)
    return _HAPPENED.sub(" ", question)
