"""ROUGE: how many of a reference's words, pairs of words and words in order a summary has.

Lin, ROUGE: A Package for Automatic Evaluation of Summaries (2004), sections 2 and 3: F of precision and recall with
equal weight, over lower-case words and numbers, without stemming. ROUGE-L takes both texts as one sequence each
(section 3.1). Scores are only comparable with those of the same words and the same lengths.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Rouge:
    """F values, 0..1."""

    rouge_1: float
    rouge_2: float
    rouge_l: float


def rouge(summary: str, reference: str) -> Rouge:
    """ROUGE-1, ROUGE-2 and ROUGE-L of a summary against one reference; 0 where either has no words."""
    ours, theirs = words_of(summary), words_of(reference)
    common = longest_common_subsequence(ours, theirs)
    return Rouge(
        _n_gram_f(ours, theirs, 1),
        _n_gram_f(ours, theirs, 2),
        _f(common, total_ours=len(ours), total_theirs=len(theirs)),
    )


def words_of(text: str) -> list[str]:
    """Runs of letters a to z and digits, in lower case."""
    return _WORD.findall(text.lower())


def longest_common_subsequence(one: list[str], other: list[str]) -> int:
    """Length of the longest sequence of words that both have in this order.

    One row of bits a word: Hyyro, Bit-parallel LCS-length computation revisited (2004).
    """
    places: dict[str, int] = {}
    for position, word in enumerate(one):
        places[word] = places.get(word, 0) | (1 << position)
    every = (1 << len(one)) - 1
    row = every
    for word in other:
        matched = row & places.get(word, 0)
        row = ((row + matched) | (row - matched)) & every
    return len(one) - row.bit_count()


def _n_gram_f(ours: list[str], theirs: list[str], n: int) -> float:
    first, second = _n_grams(ours, n), _n_grams(theirs, n)
    shared = sum((first & second).values())
    return _f(shared, total_ours=first.total(), total_theirs=second.total())


def _n_grams(words: list[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(words[start:] for start in range(n)), strict=False))


def _f(shared: int, *, total_ours: int, total_theirs: int) -> float:
    return 2 * shared / (total_ours + total_theirs) if shared else 0.0
