"""Passages with their vectors as columns in memory, and exact search over them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.scope import Scope
from rag.storage.index_contract import Hit, IndexEntry, epoch_bounds

Vectors = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class VectorMatrix:
    """Passages as parallel columns.

    n ids, articles, outlets, tags of the article, dates (NaN where unknown) and an (n, d) float32 matrix.
    """

    passage_ids: list[str]
    article_ids: list[str]
    outlets: list[str]
    tags: list[tuple[str, ...]]
    published: NDArray[np.float64]
    matrix: Vectors

    @classmethod
    def empty(cls) -> VectorMatrix:
        """No passages."""
        return cls(
            passage_ids=[],
            article_ids=[],
            outlets=[],
            tags=[],
            published=np.empty(0),
            matrix=np.empty((0, 0), dtype=np.float32),
        )

    def take(self, rows: Sequence[int]) -> VectorMatrix:
        """Only these rows, in this order."""
        return VectorMatrix(
            passage_ids=[self.passage_ids[i] for i in rows],
            article_ids=[self.article_ids[i] for i in rows],
            outlets=[self.outlets[i] for i in rows],
            tags=[self.tags[i] for i in rows],
            published=self.published[list(rows)],
            matrix=self.matrix[list(rows)],
        )

    def extended(self, entries: Sequence[IndexEntry]) -> VectorMatrix:
        """These rows and one for each entry."""
        if not entries:
            return self
        published = [np.nan if entry.published is None else entry.published for entry in entries]
        fresh = np.stack([entry.vector for entry in entries]).astype(np.float32)
        return VectorMatrix(
            passage_ids=[*self.passage_ids, *(entry.passage_id for entry in entries)],
            article_ids=[*self.article_ids, *(entry.article_id for entry in entries)],
            outlets=[*self.outlets, *(entry.outlet for entry in entries)],
            tags=[*self.tags, *(entry.tags for entry in entries)],
            published=np.concatenate([self.published, np.array(published, dtype=np.float64)]),
            matrix=np.concatenate([self.matrix, fresh]) if len(self.matrix) else fresh,
        )

    def nearest(self, vector: Vectors, scope: Scope, limit: int) -> list[Hit]:
        """The rows within the scope whose vectors are nearest, best first; the score is the cosine."""
        if not self.passage_ids:
            return []
        scores = self.matrix @ np.asarray(vector, dtype=np.float32)
        allowed = np.flatnonzero(self.allowed(scope))
        best = allowed[np.argsort(-scores[allowed], kind="stable")[:limit]]
        return [Hit(passage_id=self.passage_ids[i], score=float(scores[i])) for i in best]

    def without(self, articles: Collection[str]) -> VectorMatrix:
        """These rows but for those of the articles."""
        kept = [i for i, article in enumerate(self.article_ids) if article not in articles]
        return self if len(kept) == len(self.article_ids) else self.take(kept)

    def allowed(self, scope: Scope) -> NDArray[np.bool_]:
        """Which rows lie within the scope."""
        after, before = epoch_bounds(scope)
        mask = np.ones(len(self.passage_ids), dtype=bool)
        # Comparisons with NaN are false, so that a bound leaves undated passages out.
        if after is not None:
            mask &= self.published >= after
        if before is not None:
            mask &= self.published <= before
        for held, wanted in ((self.outlets, scope.outlets), (self.article_ids, scope.articles)):
            if wanted:
                mask &= np.isin(np.array(held, dtype=object), list(wanted))
        if scope.tags:
            wanted_tags = set(scope.tags)
            mask &= np.fromiter((not wanted_tags.isdisjoint(own) for own in self.tags), dtype=bool, count=len(mask))
        return mask
