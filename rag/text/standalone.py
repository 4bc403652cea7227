"""Whether a sentence can be quoted on its own: it says something, and needs no sentence before it."""

# ruff: noqa: RUF001  (quotation marks of many kinds are what is read here)

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.calendar_names import MONTHS, WEEKDAYS
from rag.text.names import is_name
from rag.text.number_words import NUMBER_WORDS
from rag.text.pronouns import POINTING_BACK, SUBJECTS
from rag.text.tokens import Token, fold_claim, tokens
from rag.text.word_sets import word_set

# "Yes." is a sentence, but nothing that a reader could check against a question.
MIN_LETTERS = 8

_LETTER = re.compile(r"[^\W\d_]")
_ENDS_A_SENTENCE = re.compile(r"[.!?:;\u2026\u3002\uff01\uff1f\u0964\u061f][\"'\u201d\u2019\u00bb)\]]*$")


def can_be_quoted(text: str) -> bool:
    """Whether a span says something on its own: headings ("What changes now") and remnants of layout do not."""
    return bool(_ENDS_A_SENTENCE.search(text)) and len(_LETTER.findall(text)) >= MIN_LETTERS


_CONNECTIVES = word_set("""
    however but and so yet then also moreover furthermore meanwhile instead nevertheless nonetheless therefore thus
    besides additionally consequently otherwise still or nor hence likewise similarly conversely
    """)
_ALTERNATIVES = word_set("or nor otherwise likewise similarly conversely")
_NAMED_WITHIN = 6
_TIMES = word_set("week year month morning afternoon evening spring summer autumn winter weekend")
_WHEN = word_set("""
    yesterday today tonight tomorrow earlier later last next recently previously afterwards years months weeks days
    hours moments shortly soon when while as because
    """) | {*WEEKDAYS, *MONTHS}
_SUBJECT = rf"(?:{'|'.join(sorted(SUBJECTS))})"
_SAID_BY = re.compile(
    rf"[\"”’']\s*{_SUBJECT}\s+(?:said|says|added|told|wrote|continued|explained|noted|asked|insisted|joked)\b"
    rf"|[\"”’']\s*(?:said|added|says|wrote|continued|explained|noted)\s+{_SUBJECT}\b"
    rf"|,\s*{_SUBJECT}\s+(?:said|says|added|told|wrote|continued|explained|noted)\b",
    re.IGNORECASE,
)
_HANGING_QUOTE = re.compile(r"^[\"“‘]")
_OPENING, _CLOSING = "“", "”"


def needs_before(text: str) -> bool:
    """Whether the sentence leans on the one before: it opens with a pronoun or "However", ends with "he said", or is
    the middle of a quotation whose speaker stands elsewhere."""
    found = tokens(fold_claim(text))
    words = [token for token in found if token.is_word]
    if not words:
        return True
    first = words[0].text.casefold().split("'")[0]
    if first in _CONNECTIVES:
        # "However, Beijing protested" can be read alone, "However, it protested" cannot.
        rest = words[1:]
        if not rest or not any(is_name(token) for token in rest[:_NAMED_WITHIN]) or first in _ALTERNATIVES:
            return True
        first = rest[0].text.casefold().split("'")[0]
    if first in POINTING_BACK and not _is_date(words):
        return True
    return bool(_SAID_BY.search(text)) or _is_open_quotation(text) or _has_pronoun_before_name(words)


def _is_date(words: Sequence[Token]) -> bool:
    """Whether the sentence opens with "This week": the day of publication says which."""
    second = words[1].text.casefold() if len(words) > 1 else ""
    return words[0].text.casefold() == "this" and second in _TIMES


def _has_pronoun_before_name(words: Sequence[Token]) -> bool:
    """Whether "he", "she" or "they" is the subject of a sentence that has named nobody before it."""
    for token in words[:8]:
        if is_name(token) or (token.opens and _may_be_name(token)):
            return False
        if token.text.casefold() in SUBJECTS:
            return True
    return False


def _may_be_name(token: Token) -> bool:
    """Whether a sentence's first word may be somebody's name: "Eight months later" and "Yesterday" are not."""
    word = token.text.casefold()
    return token.is_capital and token.is_content and word not in NUMBER_WORDS and word not in _WHEN


def _is_open_quotation(text: str) -> bool:
    """A quotation that begins or ends elsewhere, or that names no speaker."""
    if text.count(_OPENING) != text.count(_CLOSING) or text.count('"') % 2:
        return True
    inner = text.strip()
    return bool(_HANGING_QUOTE.match(inner)) and inner.rstrip(".!")[-1:] in ('"', "”") and _one_quotation(inner)


def _one_quotation(text: str) -> bool:
    return text.count('"') == 2 or (text.count(_OPENING) == 1 and text.count(_CLOSING) == 1)
