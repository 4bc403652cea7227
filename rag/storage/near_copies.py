"""How far two texts are copies: the exact overlap of their runs of five words."""

from __future__ import annotations

import re
from itertools import islice

WORDS_IN_GRAM = 5
MIN_JACCARD = 0.5
MIN_CONTAINMENT = 0.8
MIN_SHARED_GRAMS = 60

_MAX_WORDS = 20_000
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+")


def grams_of(text: str) -> frozenset[str]:
    """Return the text's runs of five words, case and punctuation left out; of a shorter text, the whole.

    Only the first 20,000 words count, so that a file of any size can be compared.
    """
    words = [found.group() for found in islice(_TOKEN.finditer(text.casefold()), _MAX_WORDS)]
    if len(words) < WORDS_IN_GRAM:
        return frozenset([" ".join(words)] if words else [])
    return frozenset(" ".join(words[begin : begin + WORDS_IN_GRAM]) for begin in range(len(words) - WORDS_IN_GRAM + 1))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how far two texts are copies, whole or shortened, from 0 (they are not) to 1."""
    shared = len(one & other)
    if not shared:
        return 0.0
    jaccard = shared / len(one | other)
    contained = shared / min(len(one), len(other))
    is_copy = jaccard >= MIN_JACCARD or (contained >= MIN_CONTAINMENT and shared >= MIN_SHARED_GRAMS)
    return max(jaccard, contained) if is_copy else 0.0
