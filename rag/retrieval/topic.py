"""Which articles are about a topic: what retrieval finds, as far as it really speaks of the topic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from rag.retrieval.retrieve import retrieve
from rag.scope import Scope
from rag.storage.library import Library
from rag.text.search_terms import content_terms
from rag.types import Evidence, Passage, Question

MOST_PASSAGES = 120
"""Words and vectors find at most 60 passages each."""

ABOUT_COSINE = 0.45
"""A passage that has not most of the topic's words is about it from this cosine between the two on."""


PASSAGES_ON_A_WORD = 3
"""A topic of one word is what an article is about where its title or so many of its passages hold it, or all that it
has: one mention of "war" is a turn of phrase."""


def evidence_about(library: Library, question: Question, *, now: datetime) -> tuple[Evidence, ...]:
    """The passages about the question's text within its limits, best first; empty where nothing speaks of it.

    Retrieval always finds something; here only passages count that hold more than half of the topic's words, with the
    article's title, or are near it in meaning.
    """
    found = retrieve(library, question, limit=MOST_PASSAGES, now=now)
    if not found:
        return ()
    topic = frozenset(content_terms(question.text))
    vector = library.embedder.embed_question(question.text)
    vectors = library.archive.vectors_of([one.passage.id for one in found])

    def is_about(passage: Passage) -> bool:
        held = topic & frozenset(content_terms(f"{passage.article.title} {passage.text}"))
        if len(held) > len(topic) // 2:
            return True
        return passage.id in vectors and float(vectors[passage.id] @ vector) >= ABOUT_COSINE

    return tuple(one for one in found if is_about(one.passage))


def ranks_about(library: Library, topic: str, *, scope: Scope, now: datetime) -> dict[str, int]:
    """Article id -> its rank for the topic, those alone that speak of it.

    "companies, shares, chips" are three topics: an article counts by the one that it is nearest to.
    """
    ranks: dict[str, int] = {}
    for part in filter(None, map(str.strip, topic.split(","))):
        found = evidence_about(library, Question(text=part, scope=scope), now=now)
        ranked = article_ranks(found)
        terms = frozenset(content_terms(part))
        if len(terms) == 1:
            wanted = library.embedder.embed_question(part)
            ranked = {name: rank for name, rank in ranked.items() if _is_on_a_word(library, name, terms, wanted)}
        for name, rank in ranked.items():
            ranks[name] = min(rank, ranks.get(name, rank))
    return ranks


def _is_on_a_word(library: Library, name: str, terms: frozenset[str], wanted: NDArray[np.float32]) -> bool:
    passages = library.archive.passages(name)
    if not passages or terms & frozenset(content_terms(passages[0].article.title)):
        return True
    held = sum(bool(terms & frozenset(content_terms(passage.text))) for passage in passages)
    if held >= min(PASSAGES_ON_A_WORD, len(passages)):
        return True
    vectors = library.archive.vectors_of([passage.id for passage in passages])
    return any(float(vector @ wanted) >= ABOUT_COSINE for vector in vectors.values())


def article_ranks(evidence: Sequence[Evidence]) -> dict[str, int]:
    """Article id -> the rank of its best passage; a copy has the rank of what it copies."""
    ranks: dict[str, int] = {}
    for one in evidence:
        for ref in (one.passage.article, *one.copies):
            ranks.setdefault(ref.id, one.rank)
    return ranks
