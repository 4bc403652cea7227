"""The reader: which sentences of the passages answer a question, whether any does, and the short answer in them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.models.model_files import ModelFiles, open_files, threads_for
from rag.models.reader.certainty import Certainty
from rag.models.reader.windows import Place, ReadPassage, Window, WindowMaker, feed_of

SHIPPED = Path(__file__).parent / "weights"
"""The reader that comes with the product."""

MAX_SHORT_ANSWER_TOKENS = 24

REMEMBERED = 4096
"""So many readings are kept, 3 KB each. What is read to be put into order is read again to be answered from; a
follow-up reads what its question found, and so does whoever asks the same: 29% of all readings of 15 conversations of
two questions, over 17,750 passages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShortAnswer:
    """The words of a sentence that are the answer: characters `start` to `end` of it."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True, kw_only=True, slots=True)
class PassageLogits:
    """What the network says of one passage, before calibration; comparable between passages of one question."""

    sentences: tuple[float, ...]
    nothing: float
    spans: tuple[ShortAnswer, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SentenceReading:
    """How probably a sentence answers (alone or in part), and its short answer where one was asked for."""

    score: float
    probability: float
    short_answer: ShortAnswer | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PassageReading:
    """How probably anything in a passage answers, `score` as log-odds before calibration; `sentences` are in the
    passage's order."""

    score: float
    probability: float
    sentences: tuple[SentenceReading, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What was read for one question, in the order of its passages.

    `confidence` is the probability that the best sentence is right; `answers` whether it is better shown than refused,
    where a wrong quote costs three refusals.
    """

    passages: tuple[PassageReading, ...]
    confidence: float
    answers: bool


class Reader:
    """Runs an exported reader, one window at a time on each of several threads.

    One window at a time is exact: dynamic quantisation scales a batch together, so that neighbours would change scores.
    """

    def __init__(self, files: ModelFiles, *, threads: int = 0) -> None:
        self.identity = files.identity
        self._session = files.session()
        self._maker = WindowMaker(files.tokenizer())
        self._sentence, self._passage, self._confidence = map(files.logistic, ("sentence", "passage", "confidence"))
        self.answer_at = float(files.constants["answer_at"])
        self.rank_weight = float(files.constants["rank_weight"])
        self.shown_within = float(files.constants["shown_within"])
        self.sure_at = float(files.constants["sure_at"])
        certainty = files.constants.get("certainty")
        self.certainty = Certainty.of(certainty) if certainty else None
        self._pool = ThreadPoolExecutor(threads_for(threads), thread_name_prefix="newsdesk-reader")
        self._logits = lru_cache(maxsize=REMEMBERED)(self._read_one)

    @classmethod
    def open(cls, folder: Path = SHIPPED, *, threads: int = 0) -> Reader:
        """The reader in a folder; raises `SettingsError` where it is not whole."""
        return cls(open_files(folder, task="reader"), threads=threads)

    def read(self, question: str, passages: Sequence[ReadPassage], *, short_answers: bool = False) -> Reading:
        """Read every passage; `short_answers` for questions of who, when, where and how many."""
        logits = self.logits([(question, passage) for passage in passages])
        best = max((score for passage in logits for score in passage.sentences), default=None)
        confidence = 0.0 if best is None else self.confidence_of(best)
        return Reading(
            passages=tuple(self._reading(one, short_answers) for one in logits),
            confidence=confidence,
            answers=confidence >= self.answer_at,
        )

    def probability_of(self, score: float) -> float:
        """The calibrated probability that a sentence with this score answers, its rank taken in."""
        return self._sentence.probability(score)

    def confidence_of(self, score: float) -> float:
        """The calibrated probability that an answer whose best sentence has this score is right."""
        return self._confidence.probability(score)

    def logits(self, pairs: Sequence[tuple[str, ReadPassage]]) -> list[PassageLogits]:
        """What the network says of each passage for the question beside it."""
        return list(self._pool.map(lambda pair: self._logits(*pair), pairs))

    def _read_one(self, question: str, passage: ReadPassage) -> PassageLogits:
        windows = self._maker.windows(question, passage)
        return merged(len(passage.sentences), windows, [self._run(window) for window in windows])

    def _run(self, window: Window) -> tuple[NDArray[np.float32], ...]:
        found: list[Any] = self._session.run(None, feed_of([window]))
        return tuple(np.asarray(values[0], dtype=np.float32) for values in found)

    def _reading(self, logits: PassageLogits, short_answers: bool) -> PassageReading:
        score = passage_score(logits)
        return PassageReading(
            score=score,
            probability=self._passage.probability(score),
            sentences=tuple(
                SentenceReading(
                    score=sentence,
                    probability=self._sentence.probability(sentence),
                    short_answer=span if short_answers else None,
                )
                for sentence, span in zip(logits.sentences, logits.spans, strict=True)
            ),
        )


def passage_score(logits: PassageLogits) -> float:
    """Log-odds that something in the passage answers, as the network has it."""
    return float(np.logaddexp.reduce(np.array(logits.sentences))) - logits.nothing


def merged(
    sentences: int, windows: Sequence[Window], outputs: Sequence[tuple[NDArray[np.float32], ...]]
) -> PassageLogits:
    """One passage's logits from those of its windows, without the neighbours'.

    Each output holds a row's sentence logits, its logit of nothing, and its tokens' start and end logits.
    """
    found = [(0.0, ShortAnswer(start=0, end=0, probability=0.0))] * sentences
    for window, (scores, _, starts, ends) in zip(windows, outputs, strict=True):
        for number, place in enumerate(window.places):
            if place.sentence is not None:
                found[place.sentence] = (float(scores[number]), _span(place, starts, ends))
    return PassageLogits(
        sentences=tuple(score for score, _ in found),
        # Where one of several windows answers, the passage does.
        nothing=min(float(output[1]) for output in outputs),
        spans=tuple(span for _, span in found),
    )


def _span(place: Place, starts: NDArray[np.float32], ends: NDArray[np.float32]) -> ShortAnswer:
    """The likeliest run of a sentence's tokens; its probability is that of its start times that of its end."""
    if not place.offsets:
        return ShortAnswer(start=0, end=0, probability=0.0)
    begins, stops = (_softmax(values[place.first : place.past_last]) for values in (starts, ends))
    both = np.triu(np.outer(begins, stops)) - np.triu(np.outer(begins, stops), MAX_SHORT_ANSWER_TOKENS)
    first, last = np.unravel_index(int(np.argmax(both)), both.shape)
    return ShortAnswer(start=place.offsets[first][0], end=place.offsets[last][1], probability=float(both[first, last]))


def _softmax(values: NDArray[np.float32]) -> NDArray[np.float64]:
    raised = np.exp(values.astype(np.float64) - float(values.max()))
    return np.asarray(raised / raised.sum())
