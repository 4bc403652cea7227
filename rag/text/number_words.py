"""Words that count or order: "twelve", "twelfth"."""

from __future__ import annotations

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_IRREGULAR_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    "twentieth": 20,
}

CARDINALS = {word: value for value, word in enumerate(_ONES)} | {word: 10 * (i + 2) for i, word in enumerate(_TENS)}
"""Word -> value, zero to nineteen and the tens to ninety."""

ORDINALS = _IRREGULAR_ORDINALS | {f"{_ONES[i]}th": i for i in range(4, 20) if i not in (5, 8, 9, 12)}
"""Word -> place, first to twentieth."""

NUMBER_WORDS = frozenset([*CARDINALS, *ORDINALS])
"""All of them: what counts or orders names nobody."""
