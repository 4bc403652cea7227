"""Sides of a comparison that are no outlets ("the union and the operator on pay"): what is quoted for each names it.

What retrieval finds for two sides of one story is mostly the same: a quote stands for the side that it names, once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from rag.retrieval.topic import evidence_about
from rag.storage.library import Library
from rag.summaries.extractive import select_summary
from rag.summaries.summarise import Sources
from rag.summaries.summary_types import Length
from rag.text.search_terms import content_terms
from rag.types import Citation, Question

SENTENCES_A_SIDE = 2
ARTICLES_A_SIDE = 3


@dataclass(frozen=True, slots=True)
class Side:
    """A side of a comparison with what is quoted for it; no quotes where nothing here tells of it."""

    name: str
    quotes: tuple[Citation, ...]


def sides_named(library: Library, asked: Sequence[tuple[str, Question]], *, now: datetime) -> list[Side]:
    """The sides of these names, each with what is searched for it, and the quotes that name them.

    A sentence is quoted for one side alone.
    """
    every = [frozenset(content_terms(name)) for name, _ in asked]
    shown: set[tuple[str, int]] = set()
    sides = []
    for number, (name, question) in enumerate(asked):
        others = frozenset().union(*(terms for place, terms in enumerate(every) if place != number))
        quotes = _naming(library, question, every[number] - others or every[number], shown, now)
        shown |= {(quote.article.id, quote.start) for quote in quotes}
        sides.append(Side(name, quotes))
    return sides


def _naming(
    library: Library, question: Question, own: frozenset[str], shown: Collection[tuple[str, int]], now: datetime
) -> tuple[Citation, ...]:
    """What the nearest articles say in sentences that name a side by most of its `own` words."""
    found = evidence_about(library, question, now=now)
    ids = list(dict.fromkeys(one.passage.article.id for one in found))[:ARTICLES_A_SIDE]
    if not ids:
        return ()
    sources = Sources.read(library, ids)
    kept = [
        2 * len(own.intersection(content_terms(one.text))) > len(own)
        and (one.passage.article.id, one.span.start) not in shown
        for article in sources.sentences
        for one in article
    ]
    if not any(kept):
        return ()
    naming = sources.only(kept)
    picked = select_summary(
        naming.sentences,
        naming.vectors,
        length=Length(sentences=SENTENCES_A_SIDE),
        about=library.embedder.embed_question(question.text),
    )
    return tuple(Citation.of(one.passage, one.span, marker=place) for place, one in enumerate(picked, start=1))
