"""A reader whose judgement a test writes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.models.reader.certainty import Certainty
from rag.models.reader.reader import PassageReading, Reading, SentenceReading, ShortAnswer
from rag.models.reader.windows import ReadPassage


class ScriptedReader:
    """Gives each sentence the probability of the first key that stands in it, 0.01 without one.

    `asked` holds every question, `read_passages` what was read with the last one, `every_passage` all that was read.
    """

    identity = "scripted"
    answer_at = 0.5
    rank_weight = 0.0
    shown_within = 0.3
    sure_at = 0.8
    certainty: Certainty | None = None

    def __init__(self, probabilities: Mapping[str, float], short_answer: str = "") -> None:
        self._probabilities, self._short_answer = probabilities, short_answer
        self.asked: list[str] = []
        self.read_passages: tuple[ReadPassage, ...] = ()
        self.every_passage: list[ReadPassage] = []

    def read(self, question: str, passages: Sequence[ReadPassage], *, short_answers: bool = False) -> Reading:
        self.asked.append(question)
        self.read_passages = tuple(passages)
        self.every_passage += passages
        read = [[self._sentence(text, short_answers) for text in passage.sentences] for passage in passages]
        best = max((one.score for sentences in read for one in sentences), default=0.0)
        return Reading(
            passages=tuple(
                PassageReading(
                    score=max(one.score for one in sentences),
                    probability=max(one.probability for one in sentences),
                    sentences=tuple(sentences),
                )
                for sentences in read
            ),
            confidence=self.confidence_of(best),
            answers=best >= self.answer_at,
        )

    def probability_of(self, score: float) -> float:
        return score

    def confidence_of(self, score: float) -> float:
        return score

    def _sentence(self, text: str, short_answers: bool) -> SentenceReading:
        probability = next((value for key, value in self._probabilities.items() if key in text), 0.01)
        start = text.find(self._short_answer) if self._short_answer and short_answers else -1
        short = ShortAnswer(start=start, end=start + len(self._short_answer), probability=0.9) if start >= 0 else None
        return SentenceReading(score=probability, probability=probability, short_answer=short)
