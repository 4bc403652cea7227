"""Ways to score every sentence of the evidence by how well it answers a question, behind one seam.

Whatever chooses sentences is measured through `SentenceScorer`: what Newsdesk chooses by, the cosine of sentence and
question, BM25, or any model that reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from eval.reference_systems.bm25_and_vectors import SentenceBM25
from rag.types import Evidence, Question

if TYPE_CHECKING:
    from rag.models.embedder import Embedder, Vectors
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
    """The probabilities by which Newsdesk chooses the sentences of an answer; 0 for what is never shown.

    A passage that the library does not hold is embedded here, as ingest would.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def __call__(self, question: str, passages: Sequence[PassageToScore]) -> list[list[float]]:
        """See `SentenceScorer`."""
        from rag.answering.sentence_scoring import candidates

        evidence = [one.evidence for one in passages]
        # Only what `candidates` asks of a library; a type checker cannot see that.
        seen = cast("Library", _LibraryWith(self._library, _Vectors.of(self._library, evidence)))
        found = {
            (one.evidence.passage.id, one.span): one.probability
            for one in candidates(seen, Question(text=question), evidence)
        }
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


class _Vectors:
    """Stands in for the archive: the vectors of stored passages and of such as were cut anew."""

    def __init__(self, known: dict[str, Vectors]) -> None:
        self._known = known

    @classmethod
    def of(cls, library: Library, evidence: Sequence[Evidence]) -> _Vectors:
        from rag.storage.index_contract import indexed_text

        known = library.archive.vectors_of([piece.passage.id for piece in evidence])
        fresh = [piece.passage for piece in evidence if piece.passage.id not in known]
        vectors = library.embedder.embed_passages([indexed_text(passage) for passage in fresh])
        return cls(known | {passage.id: vector for passage, vector in zip(fresh, vectors, strict=True)})

    def vectors_of(self, passage_ids: Sequence[str]) -> dict[str, Vectors]:
        return {name: self._known[name] for name in passage_ids if name in self._known}


class _LibraryWith:
    """A library whose archive also knows the vectors of passages that it does not hold."""

    def __init__(self, library: Library, vectors: _Vectors) -> None:
        self.embedder = library.embedder
        self.rarity = library.rarity
        self.archive = vectors
