"""Which passages of the whole library lie nearest to a question: by meaning and by words, fused."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.training.news import Cut
from rag.models.embedder import Embedder

_WORD = re.compile(r"\w+")
_FUSION = 60
"""Cormack, Clarke and Buettcher, SIGIR 2009."""


class NearestPassages:
    """Orders passages for questions; `cache` keeps vectors between runs, by their texts."""

    def __init__(self, passages: Sequence[Cut], embedder: Embedder, cache: Path) -> None:
        self.passages = tuple(passages)
        self._embedder, self._cache = embedder, cache
        texts = [" ".join([cut.article.title, *(cut.article.sentences[i] for i in cut.numbers)]) for cut in passages]
        self._vectors = self._embedded(texts)
        self._words = _BM25([_WORD.findall(text.lower()) for text in texts])

    def rank(self, questions: Sequence[str], most: int) -> list[list[int]]:
        """Numbers of the nearest passages for each question, best first."""
        vectors = self._embedded(list(questions))
        return [self._ranked(text, vector, most) for text, vector in zip(questions, vectors, strict=True)]

    def _ranked(self, question: str, vector: np.ndarray[Any, Any], most: int) -> list[int]:
        scores = np.zeros(len(self.passages))
        for order in (np.argsort(-(self._vectors @ vector)), np.argsort(-self._words.scores(question))):
            for rank, number in enumerate(order[:100]):
                scores[number] += 1 / (_FUSION + rank)
        return [int(number) for number in np.argsort(-scores, kind="stable")[:most]]

    def _embedded(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        key = hashlib.sha256("\0".join([self._embedder.identity, *texts]).encode()).hexdigest()[:16]
        file = self._cache / f"vectors-{key}.npy"
        if file.exists():
            return np.asarray(np.load(file))
        vectors = self._embedder.embed_passages(texts)
        self._cache.mkdir(parents=True, exist_ok=True)
        np.save(file, vectors)
        return vectors


class _BM25:
    """Okapi BM25 (k1 1.2, b .75) with the non-negative idf of Lucene."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        average = sum(map(len, texts)) / max(1, len(texts))
        held = Counter(word for text in texts for word in set(text))
        self._rows: dict[str, list[tuple[int, float]]] = {}
        for number, text in enumerate(texts):
            for word, count in Counter(text).items():
                idf = math.log(1 + (len(texts) - held[word] + 0.5) / (held[word] + 0.5))
                weight = idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * len(text) / average))
                self._rows.setdefault(word, []).append((number, weight))
        self._size = len(texts)

    def scores(self, question: str) -> np.ndarray[Any, Any]:
        scores = np.zeros(self._size)
        for word in _WORD.findall(question.lower()):
            for number, weight in self._rows.get(word, ()):
                scores[number] += weight
        return scores
