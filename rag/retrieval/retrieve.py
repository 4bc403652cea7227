"""From a question to evidence: words and vectors, fused; wire copies folded into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from rag.models.reranker import RERANKED
from rag.question.follow_up import may_stand_alone
from rag.question.search_plan import asks_for_the_present, sub_questions
from rag.retrieval.asking_last import asking_last
from rag.retrieval.copies import SyndicatedCopies, differ
from rag.retrieval.reading_order import best_first
from rag.storage.index_contract import Hit, indexed_text
from rag.storage.library import Library
from rag.text.search_terms import content_terms
from rag.types import ArticleRef, Evidence, Passage, Question

Vectors = NDArray[np.float32]

# Cormack, Clarke and Buettcher (SIGIR 2009) use 60. With 10 a passage that one index puts first is not lost behind many
# that both put somewhere; on RealTime QA (development half) MRR@10 is .664 (.663 with 60), article@10 .850 (.836).
FUSION_K = 10

# Hits taken from each index; more than this changed nothing on the development half of RealTime QA.
HITS_PER_INDEX = 60

# Fuses what a question and its sub-questions find; a low one lets the best of each stand in front, so that no part is
# missing. On MultiHop-RAG (development half) all_evidence@10 is .752, .766, .775, .771 with 0, 2, 5, 20; it is .592
# without sub-questions.
PARTS_K = 5

# Of a sub-question's hits, so many join the evidence.
HITS_PER_PART = 20

# Among so many of the best passages the newest are moved up where the question asks for the present.
CONSIDERED_FOR_RECENCY = 20

# Two passages of one story are copies where they share this much of their terms (Jaccard).
COPY_OVERLAP = 0.6


def retrieve(library: Library, question: Question, *, limit: int, now: datetime | None = None) -> tuple[Evidence, ...]:
    """The best evidence for a question: at most `limit` passages, ranks from 1.

    "Last week" counts from `now`, by default this moment.
    Empty where nothing matches the question's own limits.
    """
    fused = _ranked(library, question)
    if may_stand_alone(question):
        fused = fuse([fused, _ranked(library, replace(question, context=""))])
    parts = sub_questions(question, library.archive.outlets(), now or datetime.now(UTC))
    if parts:
        found_by_part = [_ranked(library, part)[:HITS_PER_PART] for part in parts]
        fused = fuse([fused, *found_by_part], k=PARTS_K)
    # An index may still name passages that were removed a moment ago: the archive decides what exists.
    passages = library.archive.passages_by_id([hit.passage_id for hit in fused])
    fused = _reranked(library, question, fused, passages)
    if asks_for_the_present(question.complete):
        fused = _newest_moved_up(fused, passages)
    found = [(passages[hit.passage_id], hit.score) for hit in fused if hit.passage_id in passages]
    return _folded(library, question, found, limit)


def retrieve_for_all(
    library: Library, questions: Sequence[Question], *, limit: int, now: datetime | None = None
) -> tuple[Evidence, ...]:
    """The best evidence for questions that mean the same, of each in turn, in the order in which the reader believes
    that it answers the first of them."""
    found = [retrieve(library, question, limit=limit, now=now) for question in questions]
    if len(found) == 1:
        return best_first(library, questions[0], found[0], now=now)
    in_turn: dict[str, Evidence] = {}
    for pieces in zip_longest(*found):
        for piece in pieces:
            if piece is not None:
                in_turn.setdefault(piece.passage.id, piece)
    kept = list(in_turn.values())[:limit]
    ranked = [replace(piece, rank=rank) for rank, piece in enumerate(kept, start=1)]
    return best_first(library, questions[0], ranked, now=now)


def _ranked(library: Library, question: Question) -> list[Hit]:
    """What words and vectors find within the question's limits, fused."""
    vector = library.embedder.embed_question(standalone_text(question))
    if question.scope.articles:
        return _of_articles(library, question, vector)
    words = library.search_words(question, HITS_PER_INDEX)
    vectors = library.search_vectors(question, vector, HITS_PER_INDEX)
    return fuse([words, vectors])


def _of_articles(library: Library, question: Question, vector: Vectors) -> list[Hit]:
    """Every passage of the named articles within the other limits, by words in common and by cosine, fused.

    A story has few passages: they are compared one by one, and no index is asked.
    """
    passages = [passage for ref in library.archive.refs(question.scope) for passage in library.archive.passages(ref.id)]
    vectors = library.archive.vectors_of([passage.id for passage in passages])
    rare = library.rarity(set(content_terms(standalone_text(question))))
    by_words = {
        passage.id: sum(rare.get(term, 0.0) for term in set(content_terms(indexed_text(passage))))
        for passage in passages
    }
    by_vector = {passage.id: float(vectors[passage.id] @ vector) for passage in passages if passage.id in vectors}
    return fuse([_best(by_words), _best(by_vector)])


def _best(scores: Mapping[str, float]) -> list[Hit]:
    ordered = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Hit(passage_id=name, score=score) for name, score in ordered if score > 0][:HITS_PER_INDEX]


def _reranked(library: Library, question: Question, hits: Sequence[Hit], passages: Mapping[str, Passage]) -> list[Hit]:
    """The first hits in the order of the cross-encoder, where one is set; the others behind them as they were."""
    if library.reranker is None:
        return list(hits)
    first = [hit for hit in hits if hit.passage_id in passages][:RERANKED]
    texts = [indexed_text(passages[hit.passage_id]) for hit in first]
    scores = library.reranker.scores(standalone_text(question), texts) if first else []
    order = sorted(range(len(first)), key=lambda i: (-scores[i], i))
    # The fused scores stay with the ranks: they fall from hit to hit, as everything behind expects.
    moved = [Hit(passage_id=first[i].passage_id, score=hit.score) for i, hit in zip(order, first, strict=True)]
    taken = {hit.passage_id for hit in first}
    return [*moved, *(hit for hit in hits if hit.passage_id not in taken)]


def _newest_moved_up(hits: Sequence[Hit], passages: Mapping[str, Passage]) -> list[Hit]:
    """The best hits fused with their own order by age, newest first; an undated one is the oldest."""
    best = [hit for hit in hits if hit.passage_id in passages][:CONSIDERED_FOR_RECENCY]

    def published(hit: Hit) -> float:
        moment = passages[hit.passage_id].article.believed
        return moment.timestamp() if moment else float("-inf")

    by_age = sorted(best, key=published, reverse=True)
    ages = {hit.passage_id: age for age, hit in enumerate(by_age)}
    # Two orders that are each other's reverse tie everywhere: then the newer one stands first.
    moved = sorted(fuse([best, by_age]), key=lambda hit: (-round(hit.score, 9), ages[hit.passage_id]))
    return [*moved, *(hit for hit in hits if hit.passage_id not in ages)]


def standalone_text(question: Question) -> str:
    """The question with the conversation's context in front, as it is searched for."""
    return f"{question.context} {question.complete}".strip()


def fuse(rankings: Sequence[Sequence[Hit]], *, k: int = FUSION_K) -> list[Hit]:
    """Reciprocal rank fusion: score(d) = sum over rankings of 1 / (k + rank of d); best first, ties by id."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking, start=1):
            scores[hit.passage_id] = scores.get(hit.passage_id, 0.0) + 1.0 / (k + rank)
    ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [Hit(passage_id=name, score=score) for name, score in ordered]


def _folded(
    library: Library, question: Question, found: Sequence[tuple[Passage, float]], limit: int
) -> tuple[Evidence, ...]:
    """Keep the best copy of each text and name the other articles that carry it; what only asks comes last.

    A correction comes in place of what it corrects.
    """
    stories = library.archive.stories_of([passage.article.id for passage, _ in found])
    members = library.archive.story_members(sorted(set(stories.values())))
    carriers = SyndicatedCopies(library.archive, question.scope)
    kept: list[Evidence] = []
    kept_terms: list[tuple[str, frozenset[str]]] = []
    for passage, score in asking_last(library.archive, question, found):
        story = stories.get(passage.article.id, passage.article.id)
        terms = frozenset(content_terms(passage.text))
        siblings = members.get(story, [])
        twins = _twins(story, terms, kept_terms) if len(siblings) > 1 else []
        corrected = next((i for i in twins if _supersedes(passage.article, kept[i].passage.article)), None)
        if corrected is not None:
            copies = carriers.of_passage(passage, siblings)
            kept[corrected] = replace(kept[corrected], passage=passage, copies=copies)
            kept_terms[corrected] = (story, terms)
        elif not any(_says_the_same(passage, kept[i].passage) for i in twins):
            copies = carriers.of_passage(passage, siblings) if len(siblings) > 1 else ()
            kept.append(Evidence(passage=passage, score=score, rank=len(kept) + 1, copies=copies))
            kept_terms.append((story, terms))
        if len(kept) == limit:
            break
    return tuple(kept)


def _twins(story: str, terms: frozenset[str], kept: Sequence[tuple[str, frozenset[str]]]) -> list[int]:
    """The numbers of the kept passages with about the same words in the same story."""
    return [i for i, (s, t) in enumerate(kept) if s == story and _overlap(terms, t) >= COPY_OVERLAP]


def _says_the_same(passage: Passage, other: Passage) -> bool:
    """Whether the one may be left out for the other: it was corrected by it, or is a copy that differs in nothing."""
    return _supersedes(other.article, passage.article) or not differ(passage.text, other.text)


def _supersedes(article: ArticleRef, other: ArticleRef) -> bool:
    """Whether an outlet published the one after the other: then the first is a correction or an update of it."""
    if not article.outlet or article.outlet != other.outlet or article.believed is None or other.believed is None:
        return False
    return article.believed > other.believed


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    union = one | other
    return len(one & other) / len(union) if union else 0.0
