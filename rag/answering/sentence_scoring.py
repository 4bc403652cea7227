"""From evidence to the sentences that answer.

Every sentence of the evidence gets a few inspectable features and, from them, a probability that it answers the
question: a logistic regression whose weights stand in `selection.json` beside this file, with the data they were fitted
on (`python -m eval fit`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.answering.answer_scorer import load_scorer
from rag.models.embedder import TextVectors
from rag.question.answer_type import AnswerType, answer_type, could_be, without_asking
from rag.retrieval.retrieve import standalone_text
from rag.storage.index_contract import heading_of
from rag.storage.library import Library
from rag.text.country_names import is_country
from rag.text.search_terms import content_terms
from rag.text.standalone import can_be_quoted
from rag.types import Evidence, Question, Span

Vectors = NDArray[np.float32]

FEATURES = (
    "sentence_cosine", "passage_cosine", "sentence_coverage", "neighbour_coverage", "passage_coverage", "names_missing",
    "no_reason", "no_person", "no_time", "no_place", "no_number", "no_measure", "length", "alignment", "coverage_ahead",
    "names_missing_here", "answer_scorer",
)  # fmt: skip

# What stands for the score of a sentence whose vectors the scorer does not know: about that of most sentences.
NO_SCORE = -3.0

# The kinds of answer in the order of their features.
_KINDS: tuple[AnswerType, ...] = ("why", "who", "when", "where", "number", "measure")

WEIGHTS_FILE = Path(__file__).parent / "selection.json"

# A follow-up's earlier question counts for less than its own words: "and how many were hurt?" asks about the hurt.
CONTEXT_WEIGHT = 0.15

# What a pointer of the question means ("it", the treaty) counts for more than what else was said.
MEANT_WEIGHT = 0.5

_NAME = re.compile(r"(?<=\S\s)[A-Z][\w'\u2019-]*|^[A-Z]{2,}\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """The fitted model: one weight a feature, and what was chosen with it.

    No sentence below the threshold of the question's kind is shown. Further sentences must reach a share of the best
    one's probability: a "why" wants every reason, so that its share is lower.

    `confidence` ("slope", "intercept") turns how far the best sentence lies above its threshold into the probability
    that what is shown answers the question (Platt 1999); from `sure` on at most 5% of what was shown on the development
    data was wrong.
    """

    bias: float
    weights: Mapping[str, float]
    answer_thresholds: Mapping[str, float]
    further_share: float
    reasons_share: float
    confidence: Mapping[str, float]
    sure: float

    def threshold(self, kind: AnswerType) -> float:
        """The least probability that is shown for a kind of question."""
        return self.answer_thresholds.get(kind, self.answer_thresholds["other"])

    def confidence_of(self, probability: float, kind: AnswerType) -> float:
        """The calibrated probability that an answer whose best sentence has this probability is right, 0..1."""
        above = _logit(probability) - _logit(self.threshold(kind))
        return _logistic(self.confidence["slope"] * above + self.confidence["intercept"])

    def probability(self, features: Sequence[float]) -> float:
        """Logistic function of the weighted sum, 0..1."""
        total = self.bias + sum(self.weights[name] * value for name, value in zip(FEATURES, features, strict=True))
        return _logistic(total)


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, value))))


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-9), 1.0 - 1e-9)
    return math.log(bounded / (1.0 - bounded))


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A sentence of the evidence with the probability that it answers; `vector` is its embedding."""

    evidence: Evidence
    span: Span
    text: str
    probability: float
    vector: Vectors


@cache
def load_weights() -> Weights:
    """The shipped model."""
    content = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return Weights(
        bias=content["bias"],
        weights=content["weights"],
        answer_thresholds=content["answer_thresholds"],
        further_share=content["further_share"],
        reasons_share=content["reasons_share"],
        confidence=content["confidence"],
        sure=content["sure"],
    )


def embedded_sentences(library: Library, evidence: Sequence[Evidence]) -> list[TextVectors]:
    """The vectors of every sentence of the evidence, in order: what `candidates` needs and what costs most of it."""
    texts = [piece.passage.sentence(span) for piece in evidence for span in piece.passage.sentences]
    return library.embedder.embed_tokens(texts) if texts else []


def candidates(
    library: Library,
    question: Question,
    evidence: Sequence[Evidence],
    embedded: Sequence[TextVectors] | None = None,
) -> list[Candidate]:
    """Every sentence of the evidence with its probability, most probable first.

    `embedded` is what `embedded_sentences` gave for the evidence, where that is had already.
    """
    spans = [(piece, span) for piece in evidence for span in piece.passage.sentences]
    if not spans:
        return []
    texts = [piece.passage.sentence(span) for piece, span in spans]
    embedded = embedded_sentences(library, evidence) if embedded is None else embedded
    values = features(library, question, evidence, embedded)
    weights = load_weights()
    found = [
        Candidate(evidence=piece, span=span, text=text, probability=weights.probability(row), vector=sentence.vector)
        for (piece, span), text, row, sentence in zip(spans, texts, values, embedded, strict=True)
        if can_be_quoted(text)
    ]
    return sorted(found, key=lambda c: (-c.probability, c.evidence.rank, c.span.start))


def features(
    library: Library, question: Question, evidence: Sequence[Evidence], embedded: Sequence[TextVectors]
) -> list[tuple[float, ...]]:
    """One row of `FEATURES` for each sentence of the evidence, in order; `embedded` holds the sentences' vectors."""
    asked = _Asked.of(library, question)
    passage_vectors = library.archive.vectors_of([piece.passage.id for piece in evidence])
    scored = _scored(library, asked, embedded)
    rows: list[tuple[float, ...]] = []
    for piece in evidence:
        passage = piece.passage
        heading = set(content_terms(heading_of(passage.article)))
        sentences = [passage.sentence(span) for span in passage.sentences]
        held = [set(content_terms(text)) for text in sentences]
        around = set.union(heading, *held)
        covered = [asked.coverage(terms) for terms in held]
        passage_cosine = float(passage_vectors[passage.id] @ asked.vector) if passage.id in passage_vectors else 0.0
        for i, text in enumerate(sentences):
            neighbours = set.union(heading, *held[max(0, i - 1) : i + 2])
            sentence = embedded[len(rows)]
            rows.append(
                (
                    float(sentence.vector @ asked.vector),
                    passage_cosine,
                    covered[i],
                    asked.coverage(neighbours),
                    asked.coverage(around),
                    asked.names_missing(around),
                    *asked.misfits(text, question.complete),
                    min(1.0, len(text) / 400),
                    asked.alignment(sentence.tokens),
                    covered[i] - max((*covered[:i], *covered[i + 1 :]), default=0.0),
                    asked.names_missing(held[i]),
                    scored[len(rows)],
                )
            )
    return rows


def _scored(library: Library, asked: _Asked, embedded: Sequence[TextVectors]) -> list[float]:
    """What the answer scorer says of each sentence, where it was fitted on this encoder."""
    scorer = load_scorer()
    if scorer.embedder != library.embedder.identity:
        return [NO_SCORE] * len(embedded)
    return scorer.scores(asked.tokens, [sentence.tokens for sentence in embedded])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """A question as the features look at it: its terms with their rarity, its names, its vector."""

    kind: AnswerType
    rarity: Mapping[str, float]
    names: frozenset[str]
    vector: Vectors
    tokens: Vectors

    @classmethod
    def of(cls, library: Library, question: Question) -> _Asked:
        terms = set(content_terms(without_asking(question.text)))
        meant = set(content_terms(without_asking(question.complete))) - terms
        leaned_on = set(content_terms(without_asking(question.context))) - terms - meant
        names = {t for name in _NAME.findall(question.complete) for t in content_terms(name)}
        (embedded,) = library.embedder.embed_tokens([question.complete])
        return cls(
            kind=answer_type(question.complete),
            rarity=library.rarity(terms)
            | {term: MEANT_WEIGHT * weight for term, weight in library.rarity(meant).items()}
            | {term: CONTEXT_WEIGHT * weight for term, weight in library.rarity(leaned_on).items()},
            names=frozenset(names | set(filter(is_country, terms))),
            vector=library.embedder.embed_question(standalone_text(question)),
            tokens=embedded.tokens,
        )

    def coverage(self, held: set[str]) -> float:
        """Share of the question's terms, weighted by rarity, that are held; 0..1."""
        total = sum(self.rarity.values())
        return sum(weight for term, weight in self.rarity.items() if term in held) / total if total else 0.0

    def alignment(self, tokens: Vectors) -> float:
        """How near the question's tokens come to a sentence's, each to its nearest, on average; -1..1.

        MaxSim of late interaction (Khattab and Zaharia, SIGIR 2020, section 3.3), divided by the question's length.
        """
        if not len(tokens) or not len(self.tokens):
            return 0.0
        return float((self.tokens @ tokens.T).max(axis=1).mean())

    def misfits(self, text: str, question: str) -> list[float]:
        """For each kind of answer: 1 where that kind is asked for and the sentence holds none of it."""
        wrong = not could_be(self.kind, text, question)
        return [float(wrong and self.kind == kind) for kind in _KINDS]

    def names_missing(self, held: set[str]) -> float:
        """Share of the question's names that are not held; 0..1."""
        return sum(name not in held for name in self.names) / len(self.names) if self.names else 0.0
