"""An utterance as numbers that say what is wanted and little of what it is about.

Three blocks, each of length 1: character n-grams inside words, which forgive typing errors; n-grams of the words that
requests are made of, every other word being one and the same blank; and the embedder's vector.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

CHARACTER_BUCKETS = 1 << 15
WORD_BUCKETS = 1 << 13
BUCKETS = CHARACTER_BUCKETS + WORD_BUCKETS

CHARACTER_GRAMS = range(2, 6)
WORD_GRAMS = range(1, 5)

_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_BLANK, _NUMBER, _BEGIN, _END = "\u2423", "0", "^", "$"

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Counted:
    """The buckets that an utterance falls into, each once, with 1 + ln of how often."""

    buckets: NDArray[np.int64]
    values: Floats


def counted(text: str, known: Collection[str]) -> Counted:
    """The n-grams of a text by hashing (Weinberger et al. 2009); `known` are the words of requests."""
    characters = Counter(_bucket(gram) % CHARACTER_BUCKETS for gram in _character_grams(text))
    words = Counter(CHARACTER_BUCKETS + _bucket(gram) % WORD_BUCKETS for gram in _word_grams(text, known))
    buckets = np.array([*characters, *words], dtype=np.int64)
    counts = np.array([*characters.values(), *words.values()], dtype=np.float32)
    return Counted(buckets, 1 + np.log(counts))


def weighted(found: Counted, rarity: Floats) -> Floats:
    """The values times the rarity of their buckets, each of the two blocks of length 1."""
    values = found.values * rarity[found.buckets]
    for block in (found.buckets < CHARACTER_BUCKETS, found.buckets >= CHARACTER_BUCKETS):
        values[block] /= max(float(np.linalg.norm(values[block])), 1e-9)
    return np.asarray(values, dtype=np.float32)


def words_of(text: str) -> list[str]:
    """Words, numbers and marks in lower case."""
    return _WORD.findall(_folded(text))


def _folded(text: str) -> str:
    return text.casefold().replace("\u2019", "'")


def _character_grams(text: str) -> Iterable[str]:
    for word in _folded(text).split():
        padded = f" {word} "
        yield from chain.from_iterable(
            (padded[i : i + size] for i in range(max(1, len(padded) - size + 1))) for size in CHARACTER_GRAMS
        )


def _word_grams(text: str, known: Collection[str]) -> Iterable[str]:
    shape = [_BEGIN]
    for word in words_of(text):
        kept = _NUMBER if word.isdigit() else word if word in known else _BLANK
        if kept != _BLANK or shape[-1] != _BLANK:
            shape.append(kept)
    shape.append(_END)
    for size in WORD_GRAMS:
        yield from (" ".join(gram) for gram in _windows(shape, size))


def _windows(items: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (items[i : i + size] for i in range(len(items) - size + 1))


def _bucket(gram: str) -> int:
    return zlib.crc32(gram.encode())
