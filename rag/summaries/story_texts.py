"""The articles of a scope as stories look at them: near copies once, each with what is compared of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.storage.library import Library
from rag.summaries.story_clustering import ArticleFeatures, sketches_of
from rag.types import ArticleRef

Progress = Callable[[str, int, int], None]
"""Told a stage ("reading", "telling"), how much of it is done and how much there is."""

_ARTICLES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class StoryText:
    """Articles that carry one text, the earliest first, and what is compared of it."""

    refs: tuple[ArticleRef, ...]
    sketch: ArticleFeatures

    @property
    def ref(self) -> ArticleRef:
        return self.refs[0]

    def holds(self, article_id: str) -> bool:
        """Whether the article carries it."""
        return any(ref.id == article_id for ref in self.refs)

    def is_known(self, known: frozenset[str]) -> bool:
        """Whether the reader has read it: another copy of a text is no news."""
        return any(ref.id in known for ref in self.refs)


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def story_texts(library: Library, refs: Sequence[ArticleRef], progress: Progress) -> list[StoryText]:
    """What the articles say, near copies once, oldest first."""
    carriers: dict[str, list[ArticleRef]] = {}
    for batch in _batches(refs):
        stories = library.archive.stories_of([ref.id for ref in batch])
        for ref in batch:
            carriers.setdefault(stories.get(ref.id, ref.id), []).append(ref)
    by_first = {}
    for members in carriers.values():
        in_order = tuple(sorted(members, key=age_of))
        by_first[in_order[0].id] = in_order
    firsts = sorted((members[0] for members in by_first.values()), key=age_of)
    texts = []
    for done, batch in enumerate(_batches(firsts), start=1):
        sketches = sketches_of(library, [ref.id for ref in batch])
        texts += [StoryText(by_first[ref.id], sketches[ref.id]) for ref in batch if ref.id in sketches]
        progress("reading", min(done * _ARTICLES_AT_ONCE, len(firsts)), len(firsts))
    return texts


def _batches(refs: Sequence[ArticleRef]) -> Iterator[Sequence[ArticleRef]]:
    for start in range(0, len(refs), _ARTICLES_AT_ONCE):
        yield refs[start : start + _ARTICLES_AT_ONCE]


def age_of(ref: ArticleRef) -> tuple[float, str]:
    """What orders articles from the oldest to the newest, undated ones last."""
    return (ref.believed.timestamp() if ref.believed else math.inf, ref.id)
