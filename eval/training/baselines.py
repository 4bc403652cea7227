"""What the trained models are held against: cosine of vectors, and a regression that sees the question alone."""

from __future__ import annotations

import itertools
import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from rag.models.embedder import Embedder
from rag.models.reader.reader import PassageLogits
from rag.models.reader.windows import ReadPassage

_BUCKETS = 4096
_EPOCHS, _RATE, _PENALTY = 20, 0.5, 1e-3


class CosineScorer:
    """Scores a sentence by the cosine of its vector and the question's."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def logits(self, pairs: Sequence[tuple[str, ReadPassage]]) -> list[PassageLogits]:
        """Cosines in the place of logits."""
        texts = list(dict.fromkeys(text for question, passage in pairs for text in (question, *passage.sentences)))
        known = dict(zip(texts, self._embedder.embed_passages(texts), strict=True))
        return [
            PassageLogits(sentences=tuple(float(known[question] @ known[s]) for s in passage.sentences), nothing=0.0)
            for question, passage in pairs
        ]


class QuestionAlone:
    """Logistic regression on a question's words, pairs of words and length: what style alone gives away."""

    def __init__(self, questions: Sequence[str], answerable: Sequence[bool]) -> None:
        rows, goal = _features(questions), np.array(answerable, dtype=np.float64)
        self._weights = np.zeros(rows.shape[1])
        for _ in range(_EPOCHS * 10):
            found = 1 / (1 + np.exp(-rows @ self._weights))
            self._weights -= _RATE * (rows.T @ (found - goal) / len(goal) + _PENALTY * self._weights)

    def scores(self, questions: Sequence[str]) -> list[float]:
        """Log-odds that each is answerable."""
        return [float(value) for value in _features(questions) @ self._weights]


def _features(questions: Sequence[str]) -> np.ndarray[Any, Any]:
    rows = np.zeros((len(questions), _BUCKETS + 1))
    for number, question in enumerate(questions):
        words = re.findall(r"\w+", question.lower())
        parts = Counter([*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))])
        for part in parts:
            # Not hash(): it differs from process to process.
            rows[number, zlib.crc32(part.encode()) % _BUCKETS] = 1.0
        rows[number, _BUCKETS] = math.log1p(len(words))
    return rows
