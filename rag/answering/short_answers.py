"""The words of a quote that are the short answer: what the reader points at, made whole.

The reader's ends are those of word pieces ("301" of "1,301", "Narendra" of "Narendra Modi"). Figures are completed with
what bounds and measures them, names with their neighbours; what is not of the kind that was asked for is no answer.
"""

from __future__ import annotations

import re
from datetime import datetime

from rag.question.answer_type import AnswerType
from rag.text.event_dates import event_date
from rag.text.numbers import read_numbers
from rag.text.pronouns import POINTING_BACK
from rag.text.tokens import fold_claim, tokens
from rag.text.written_dates import DATE_FORMS

MOST_WORDS = 12

_AROUND = " ,;:.!?()[]\"-\u2013\u2014\u201c\u201d\u2018\u2019'"
_BOUND = re.compile(
    r"\b(?:(?:more|fewer|less|greater) than|at least|at most|up to|as many as|just (?:over|under)|over|under|about"
    r"|around|almost|nearly|some|roughly|approximately|an estimated|no (?:more|fewer|less) than)\s+$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"[\s-]?(?:hundred|thousand|million|billion|trillion|percent(?:age points)?|per cent|%|years?|months?|weeks?|days?"
    r"|hours?|minutes?|seconds?|dollars?|euros?|pounds?|grams?|kilograms?|tonnes?|tons?|kilomet(?:er|re)s?|km|miles?"
    r"|met(?:er|re)s?|feet|degrees?|seats?|votes?|people)\b",
    re.IGNORECASE,
)
_CAPITAL_BEFORE = re.compile(r"(?:[^\W\d_a-zà-ÿ][\w.'\u2019-]*\s)+$")
_CAPITAL_AFTER = re.compile(r"(?:\s[^\W\d_a-zà-ÿ][\w'\u2019-]*)+")
_MERIDIEM = re.compile(r"\b[ap]\.m$", re.IGNORECASE)
_HOUR = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\b|o'clock)|\b\d{1,2}:\d\d\b|\b(?:noon|midnight)\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b")


def short_answer(kind: AnswerType, text: str, start: int, end: int, published: datetime | None) -> str:
    """The short answer around the characters `start` to `end` of a quote; "" where there is none of its kind."""
    if not 0 <= start < end <= len(text):
        return ""
    start, end = _whole_words(text, start, end)
    if kind in ("number", "measure"):
        start, end = _whole_figure(text, start, end)
    elif kind in ("who", "where"):
        start, end = _whole_name(text, start, end)
    elif kind == "when":
        start, end = _whole_date(text, start, end)
    words = text[start:end].strip(_AROUND) if kind not in ("number", "measure") else text[start:end].strip(" ,;:.")
    if words.count("(") > words.count(")"):
        words = words[: words.rindex("(")].rstrip(_AROUND)
    if _MERIDIEM.search(words):
        words += "."
    return words if words and len(words.split()) <= MOST_WORDS and _is_of(kind, words, published) else ""


def figure_of(words: str) -> tuple[str, float] | None:
    """The one figure of a short answer as kind and value; None where there is none, or several."""
    numbers = read_numbers(fold_claim(words)).numbers
    is_one = len(numbers) == 1 and numbers[0].kind != "ordinal"
    return (numbers[0].kind, numbers[0].value) if is_one else None


def is_time_of_day(words: str) -> bool:
    """Whether a short answer says an hour, and not only a day."""
    return _HOUR.search(words) is not None


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not text[start].isalnum() and text[start] not in "$£€¥":
        start += 1
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _whole_figure(text: str, start: int, end: int) -> tuple[int, int]:
    stripped = end - (len(text[start:end]) - len(text[start:end].rstrip(',.;:!?)\u201d"')))
    if stripped == end and (unit := _UNIT.match(text, end)):
        return _bound(text, start), unit.end()
    return _bound(text, start), stripped


def _bound(text: str, start: int) -> int:
    before = _BOUND.search(text[:start])
    return before.start() if before else start


def _whole_name(text: str, start: int, end: int) -> tuple[int, int]:
    before = _CAPITAL_BEFORE.search(text[:start])
    if before:
        start = before.start()
    # Behind a comma or a stop another name begins.
    if text[end - 1].isalnum() and (after := _CAPITAL_AFTER.match(text, end)):
        end = after.end()
    return start, end


def _whole_date(text: str, start: int, end: int) -> tuple[int, int]:
    """The date that the words are a part of: "1965" of "March 18, 1965"."""
    for form in DATE_FORMS:
        for match in form.finditer(text):
            if match.start() <= start and end <= match.end() + 1:
                return match.span()
    return start, end


def _is_of(kind: AnswerType, words: str, published: datetime | None) -> bool:
    """Whether the words are of the kind that was asked for."""
    if kind in ("number", "measure"):
        return figure_of(words) is not None
    if kind == "when":
        day = published.date() if published else None
        return is_time_of_day(words) or _YEAR.search(words) is not None or event_date(words, day) is not None
    first = words.split(maxsplit=1)[0].casefold()
    is_named = any(token.is_capital and token.is_content for token in tokens(fold_claim(words)))
    return kind in ("who", "where") and first not in POINTING_BACK and is_named
