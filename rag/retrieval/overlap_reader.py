"""A reader without a trained network: how near a sentence's vector is to the question's, and how many of the question's
words it holds. For the setting `reader = "off"`, for other encoders, and as what the trained reader is measured
against.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from rag.models.embedder import Embedder
from rag.models.model_files import Logistic
from rag.models.reader.certainty import Certainty
from rag.models.reader.reader import PassageReading, Reading, SentenceReading
from rag.models.reader.windows import ReadPassage
from rag.question.answer_type import without_asking
from rag.text.search_terms import content_terms

Rarity = Callable[[Iterable[str]], dict[str, float]]
"""Term -> how rare it is, from 0 (everywhere) to 1 (nowhere); see `rag.storage.library.Library.rarity`."""


COVERAGE = 0.2
"""Weight of the share of the question's words, beside the cosine: of 0 to 1.2 this puts the right sentence first most
often on the training half of wikinews-qa (.423; cosine alone .408)."""

# Platt scaling on the development half of wikinews-qa.
SENTENCE = Logistic(slope=9.293, offset=-8.003)
CONFIDENCE = Logistic(slope=5.861, offset=-4.650)


class OverlapReader:
    """See the module. `python -m eval train overlap` prints its constants.

    Where a wrong quote costs three refusals it would have to refuse nine questions in ten, so little do overlaps tell
    (answerable AUROC .60). Who turns the trained reader off wants to see what is found: it answers from a lower
    confidence, and warns.
    """

    identity = "overlap"
    answer_at = 0.3
    rank_weight = 0.0
    shown_within = 0.1
    sure_at = 0.65
    certainty: Certainty | None = None

    def __init__(self, embedder: Embedder, rarity: Rarity, *, coverage: float = COVERAGE) -> None:
        self._embedder, self._rarity, self._coverage = embedder, rarity, coverage

    def read(self, question: str, passages: Sequence[ReadPassage], *, short_answers: bool = False) -> Reading:
        """Score every sentence; there are no short answers."""
        scores = self.scores(question, [text for passage in passages for text in passage.sentences])
        read: list[PassageReading] = []
        for passage in passages:
            own, scores = scores[: len(passage.sentences)], scores[len(passage.sentences) :]
            sentences = tuple(
                SentenceReading(score=score, probability=self.probability_of(score), short_answer=None) for score in own
            )
            best = max(sentences, key=lambda one: one.score)
            read.append(PassageReading(score=best.score, probability=best.probability, sentences=sentences))
        highest = max((s.score for passage in read for s in passage.sentences), default=-math.inf)
        confidence = self.confidence_of(highest) if read else 0.0
        return Reading(passages=tuple(read), confidence=confidence, answers=confidence >= self.answer_at)

    def probability_of(self, score: float) -> float:
        """See `rag.models.reader.sentence_reader.SentenceReader`."""
        return SENTENCE.probability(score)

    def confidence_of(self, score: float) -> float:
        """See `rag.models.reader.sentence_reader.SentenceReader`."""
        return CONFIDENCE.probability(score)

    def scores(self, question: str, sentences: Sequence[str]) -> list[float]:
        """Each sentence's cosine with the question, and the share of the question's words that it holds, weighted."""
        if not sentences:
            return []
        terms = set(content_terms(without_asking(question)))
        rarity = self._rarity(terms)
        total = sum(rarity.values()) or 1.0
        cosines = self._embedder.embed_passages(sentences) @ self._embedder.embed_question(question)
        covered = [sum(rarity[t] for t in terms.intersection(content_terms(text))) / total for text in sentences]
        return [float(near) + self._coverage * share for near, share in zip(cosines, covered, strict=True)]
