"""Reasons and points that an article counts out: "The first is ...", "The second reason is ...", "Finally, ..."."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.number_words import ORDINALS

_LAST = ("last", "final")
_ITEM = re.compile(
    rf"(?:the\s|a\s|one\s)?(?P<place>{'|'.join([*ORDINALS, *_LAST])}|finally)(?:ly)?"
    r"(?:,|:|(?:\s[\w-]+)?\s(?:is|was|are|were|comes|lies|concerns)\b)",
    re.IGNORECASE,
)
ANNOUNCED_WITHIN = 4
"""Sentences, headings counted, within which an enumeration follows the sentence that announces it."""


def enumeration_at(sentences: Sequence[str], number: int) -> list[int]:
    """The numbers of the sentences that begin the items of the enumeration to which a sentence belongs, or which it
    announces; empty where there is none. An enumeration counts in order and has two items at least.

    A sentence belongs to the item before it.
    """
    items = _items(sentences)
    if len(items) < 2:
        return []
    is_announced = items[0] - ANNOUNCED_WITHIN <= number < items[0]
    return items if is_announced or items[0] <= number <= items[-1] + 1 else []


def _items(sentences: Sequence[str]) -> list[int]:
    """The longest run of items from a first one on."""
    found: list[int] = []
    expected = 1
    for number, sentence in enumerate(sentences):
        item = _ITEM.match(sentence)
        if item is None:
            continue
        place = item["place"].casefold()
        value = ORDINALS.get(place, 0)
        if value == 1:
            found, expected = [number], 2
        elif found and value == expected:
            found.append(number)
            expected += 1
        elif found and not value:
            found.append(number)
            break
    return found
