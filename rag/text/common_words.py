"""Whether a word is a common English one: by the vocabulary of the network that reads (30,522 entries, the most
frequent words first), which lies in the project anyway."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_VOCABULARY = Path(__file__).parents[1] / "models" / "reader" / "weights" / "tokenizer.json"
_MIN_PART_LETTERS = 4
_MAX_PART_RANK = 8_000
"""Below it stand words; rarer entries are syllables, too ("rus", "pas")."""


def is_common(word: str) -> bool:
    """Whether the word, in small letters, is a common English one."""
    return word in _ranks()


def is_compound(begin: str, end: str) -> bool:
    """Whether a word that breaks off between two parts has a hyphen there by itself: "well-paid", not "rus-ted"."""
    ranks = _ranks()
    return (begin + end).lower() not in ranks and all(
        len(part) >= _MIN_PART_LETTERS and ranks.get(part.lower(), _MAX_PART_RANK) < _MAX_PART_RANK
        for part in (begin, end)
    )


@cache
def _ranks() -> dict[str, int]:
    ranks: dict[str, int] = json.loads(_VOCABULARY.read_text(encoding="utf-8"))["model"]["vocab"]
    return ranks
