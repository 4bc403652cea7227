"""Ways to score every sentence of the evidence by how well it answers a question, behind one seam.

Whatever chooses sentences is measured through `SentenceScorer`: what Newsdesk chooses by, the cosine of sentence and
question, BM25, or any model that reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from eval.reference_systems.bm25_and_vectors import SentenceBM25
from rag.types import Evidence, Question

if TYPE_CHECKING:
    from rag.models.embedder import Embedder
    from rag.storage.library import Library


@dataclass(frozen=True, kw_only=True, slots=True)
class PassageToScore:
    """A passage of evidence with the sentences of its article that stand `before` and `after` it, in order.

    A scorer takes neighbours from here, never from the library: they may have been taken out of the article.
    """

    evidence: Evidence
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """The passage's own sentences, in order."""
        return [self.evidence.passage.sentence(span) for span in self.evidence.passage.sentences]


class SentenceScorer(Protocol):
    """Scores sentences; higher is better, and comparable between the passages of different questions."""

    def __call__(self, question: str, passages: Sequence[PassageToScore]) -> list[list[float]]:
        """For each passage a score for each of its sentences, in order."""


class NewsdeskScorer:
    """The probabilities by which Newsdesk chooses the sentences of an answer; 0 for what is never shown."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __call__(self, question: str, passages: Sequence[PassageToScore]) -> list[list[float]]:
        """See `SentenceScorer`."""
        from rag.answering.sentence_reading import read_evidence

        evidence = [one.evidence for one in passages]
        ranked = read_evidence(self._library, Question(text=question), evidence).ranked
        found = {(one.evidence.passage.id, one.span): one.probability for one in ranked}
        return [[found.get((piece.passage.id, span), 0.0) for span in piece.passage.sentences] for piece in evidence]


class CosineScorer:
    """The cosine of a sentence's vector and the question's."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def __call__(self, question: str, passages: Sequence[PassageToScore]) -> list[list[float]]:
        """See `SentenceScorer`."""
        asked = self._embedder.embed_question(question)
        return [[float(v @ asked) for v in self._embedder.embed_passages(one.sentences)] for one in passages]


class BM25Scorer:
    """BM25 with all sentences of the library as the collection."""

    def __init__(self, library: Library) -> None:
        homes = library.archive.article_ids()
        passages = [passage for home in homes for passage in library.archive.passages(home)]
        self._index = SentenceBM25(passage.sentence(span) for passage in passages for span in passage.sentences)

    def __call__(self, question: str, passages: Sequence[PassageToScore]) -> list[list[float]]:
        """See `SentenceScorer`."""
        return [[self._index.score(question, text) for text in one.sentences] for one in passages]
