"""How long a reader wants something: "in two sentences", "only one quote"."""

from __future__ import annotations

import re

from rag.text.number_words import CARDINALS

_WISHED = re.compile(
    rf"\b(?P<number>\d{{1,2}}|{'|'.join(sorted(CARDINALS))}|a single|half a)\s+"
    r"(?:(?:short|simple|brief)\s+)?(?:sentences?|lines?|quotes?|bullet(?:\s?point)?s?)\b",
    re.IGNORECASE,
)
_ONE = ("a single", "half a")


def wished_sentences(text: str) -> int:
    """How many sentences the reader names; 0 where none."""
    match = _WISHED.search(text)
    if match is None:
        return 0
    number = match["number"].casefold()
    return 1 if number in _ONE else int(number) if number.isdigit() else CARDINALS[number]
