"""Compares answers with expected ones as the question-answering benchmarks do."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_WORD = re.compile(r"\w+")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalised(text: str) -> str:
    """Lower case, without ASCII punctuation and a, an, the; white space folded.

    `normalize_answer` of SQuAD's evaluate-v2.0.py (Rajpurkar, Jia and Liang 2018).
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(prediction: str, answers: Iterable[str]) -> float:
    """1 where the normalised prediction is one of the normalised answers, else 0 (SQuAD)."""
    said = normalised(prediction)
    return float(any(said == normalised(answer) for answer in answers))


def token_f1(prediction: str, answers: Iterable[str]) -> float:
    """The best F1 of the prediction's words with those of an answer, as multisets after normalising (SQuAD).

    2pr / (p + r) with p = shared / predicted and r = shared / expected; where either is empty, 1 if both are, else 0.
    """
    return max((_token_f1(normalised(prediction).split(), normalised(answer).split()) for answer in answers), default=0)


def _token_f1(predicted: Sequence[str], expected: Sequence[str]) -> float:
    if not predicted or not expected:
        return float(predicted == expected)
    shared = sum((Counter(predicted) & Counter(expected)).values())
    return 2 * shared / (len(predicted) + len(expected))


def words_of(text: str) -> list[str]:
    """The words and numbers of a text in lower case, without a, an, the; punctuation separates."""
    return [word for word in _WORD.findall(text.lower()) if not _ARTICLES.fullmatch(word)]


def holds(text: str, answer: str) -> bool:
    """Whether the answer's words stand in the text, one after the other; an answer without words stands in none."""
    wanted = words_of(answer)
    return bool(wanted) and f" {' '.join(wanted)} " in f" {' '.join(words_of(text))} "
