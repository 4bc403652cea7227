"""Other ways to find passages and sentences, scored on the same questions in the same run as Newsdesk.

For passages: BM25 alone (the word index of the library, asked with the question as it stands), vectors alone (the
vectors of the same passages, searched exactly), and the plain LangChain pipeline over the same articles. For the
sentences of a known context: BM25 alone and the cosine of sentence and question alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.errors import CaseError
from eval.metrics.estimates import Cases, Estimate, difference, estimated
from eval.reference_systems import trafilatura_alone
from eval.runs.results import Beside
from rag.types import Evidence, Question

if TYPE_CHECKING:
    from rag.desk import Desk
    from rag.models.embedder import Embedder
    from rag.storage.index_contract import Hit
    from rag.storage.library import Library

BM25 = "BM25 alone"
VECTORS = "vectors alone"
LANGCHAIN = "plain LangChain"

SETS = {
    "realtimeqa": (BM25, VECTORS, LANGCHAIN),
    "multihop-rag": (BM25, VECTORS, LANGCHAIN),
    "squad2": (BM25, VECTORS),
    "wikinews-qa": (BM25, VECTORS, LANGCHAIN),
    "html-metadata": (trafilatura_alone.NAME,),
    "article-extraction": (trafilatura_alone.NAME,),
}
"""The sets that have something to set beside Newsdesk, with what that is."""

K1 = 1.2
B = 0.75

Search = Callable[[str], Sequence[Evidence]]
Scores = Mapping[str, float | None]


def chosen(set_name: str, *, langchain: bool) -> tuple[str, ...]:
    """The baselines of a set; `CaseError` for a set that has none."""
    if set_name not in SETS:
        raise CaseError(f"--baselines is not for the set {set_name!r}; choose one of: {', '.join(SETS)}")
    return tuple(name for name in SETS[set_name] if langchain or name != LANGCHAIN)


@contextmanager
def searches(
    names: Sequence[str], desk: Desk, *, set_name: str, limit: int, keep: Path | None = None
) -> Iterator[dict[str, Search]]:
    """For each baseline the function from a question to its best `limit` passages, over what the desk's library holds.

    Nothing is folded: every passage stands for its own article only.
    """
    with ExitStack() as open_while_used:
        found: dict[str, Search] = {}
        if BM25 in names:
            found[BM25] = _by_words(desk.library, limit)
        if VECTORS in names:
            found[VECTORS] = _by_vectors(desk.library, limit)
        if LANGCHAIN in names:
            from eval.reference_systems import langchain_retrieval

            articles = [desk.article(ref.id) for ref in desk.articles()]
            pipeline = open_while_used.enter_context(langchain_retrieval.opened(articles, set_name=set_name, keep=keep))
            found[LANGCHAIN] = lambda question: pipeline.search(question, limit)
        yield found


def found_by(
    searches: Mapping[str, Search], question: str, score: Callable[[Sequence[Evidence]], Scores]
) -> dict[str, Any]:
    """`{"baselines": {name: scores}}` for a case's row; {} where there is no baseline."""
    return {"baselines": {name: score(search(question)) for name, search in searches.items()}} if searches else {}


def beside(estimates: Mapping[str, Estimate], cases: Cases) -> dict[str, Beside]:
    """Each baseline's figures, from what the cases hold under "baselines" (its name -> scores), with the differences.

    A difference is Newsdesk's figure less the baseline's, with the interval of paired draws.
    """
    found = {}
    for name in dict.fromkeys(name for case in cases for name in case.get("baselines", {})):
        theirs = [{**case, "scores": case["baselines"][name]} for case in cases]
        metrics = estimated(estimates, theirs)
        changes = {metric: difference(estimates[metric], theirs, cases) for metric in metrics}
        found[name] = Beside(
            metrics=metrics,
            differences={metric: change for metric, change in changes.items() if change is not None},
        )
    return found


class SentenceBM25:
    """BM25 of a sentence for a question, with the sentences of a whole set as the collection.

    score(q, s) = sum over the terms t of q of idf(t) tf (k1 + 1) / (tf + k1 (1 - b + b |s| / mean |s|)) with idf(t) =
    ln(1 + (N - n + 0.5) / (n + 0.5)): Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond
    (2009), with the idf of Lucene, which is never negative. Terms are the product's own (`rag.text.search_terms`).
    """

    def __init__(self, collection: Iterable[str]) -> None:
        from rag.text.search_terms import content_terms

        self._terms = content_terms
        lengths, holding = [], Counter[str]()
        for sentence in collection:
            terms = content_terms(sentence)
            lengths.append(len(terms))
            holding.update(set(terms))
        self._total = len(lengths)
        self._mean_length = sum(lengths) / len(lengths) if sum(lengths) else 1.0
        self._holding = holding

    def score(self, question: str, sentence: str) -> float:
        """Higher is better; 0 where they share no term."""
        terms = self._terms(sentence)
        counts = Counter(terms)
        norm = K1 * (1 - B + B * len(terms) / self._mean_length)
        return sum(
            self._idf(term) * counts[term] * (K1 + 1) / (counts[term] + norm)
            for term in sorted(set(self._terms(question)) & counts.keys())
        )

    def _idf(self, term: str) -> float:
        holding = self._holding[term]
        return math.log(1 + (self._total - holding + 0.5) / (holding + 0.5))


def ranked_by_words(index: SentenceBM25, question: str, sentences: Sequence[str]) -> list[tuple[str, float]]:
    """The sentences with their BM25, best first; ties in the order given."""
    return sorted(((text, index.score(question, text)) for text in sentences), key=lambda found: -found[1])


def ranked_by_vectors(embedder: Embedder, question: str, sentences: Sequence[str]) -> list[tuple[str, float]]:
    """The sentences with their cosine to the question, best first; ties in the order given."""
    if not sentences:
        return []
    cosines = embedder.embed_passages(sentences) @ embedder.embed_question(question)
    return sorted(zip(sentences, map(float, cosines), strict=True), key=lambda found: -found[1])


def _by_words(library: Library, limit: int) -> Search:
    return lambda question: _evidence(library, library.search_words(Question(text=question), limit))


def _by_vectors(library: Library, limit: int) -> Search:
    from rag.scope import Scope
    from rag.storage.indexes.vectors import ExactIndex

    index = ExactIndex.over(library.archive)

    def search(question: str) -> Sequence[Evidence]:
        return _evidence(library, index.search(library.embedder.embed_question(question), Scope(), limit))

    return search


def _evidence(library: Library, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    passages = library.archive.passages_by_id([hit.passage_id for hit in hits])
    kept = [(passages[hit.passage_id], hit.score) for hit in hits if hit.passage_id in passages]
    return tuple(Evidence(passage=passage, score=score, rank=rank) for rank, (passage, score) in enumerate(kept, 1))
