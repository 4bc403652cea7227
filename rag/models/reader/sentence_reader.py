"""The reader seam: what answering needs of whatever judges sentences, and the ways to open one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from rag.models.model_files import chosen_folder
from rag.models.reader.certainty import Certainty
from rag.models.reader.reader import SHIPPED, Reader, Reading
from rag.models.reader.windows import ReadPassage
from rag.settings import Settings


class SentenceReader(Protocol):
    """Reads a question and passages: which sentences answer, whether any does, how sure that is.

    A score belongs to one reader; probabilities are calibrated on news.
    """

    @property
    def identity(self) -> str:
        """Names the weights; changes whenever a score would."""

    @property
    def answer_at(self) -> float:
        """The confidence from which an answer is worth showing, where a wrong one costs three refusals."""

    @property
    def rank_weight(self) -> float:
        """What the logarithm of a passage's rank takes off the scores of its sentences."""

    @property
    def shown_within(self) -> float:
        """How far below the best sentence's score others are shown beside it."""

    @property
    def sure_at(self) -> float:
        """The confidence below which a reader should be warned."""

    @property
    def certainty(self) -> Certainty | None:
        """What a second reading decides by; None where none was fitted to this reader."""

    def read(self, question: str, passages: Sequence[ReadPassage], *, short_answers: bool = False) -> Reading:
        """Read every passage for the question, in order."""

    def probability_of(self, score: float) -> float:
        """The probability that a sentence with this score answers, its rank taken in."""

    def confidence_of(self, score: float) -> float:
        """The probability that an answer is right whose best sentence has this score, its rank taken in."""


OFF = "off"


def open_reader(settings: Settings) -> SentenceReader | None:
    """The reader of the settings; None where it is `off`.

    Raises `SettingsError` where its folder is not whole.
    """
    if settings.reader == OFF:
        return None
    return _opened(chosen_folder(settings.reader, SHIPPED, task="reader"), settings.embedder_threads)


@cache
def _opened(folder: Path, threads: int) -> Reader:
    """One reader for all libraries of a process: a snapshot as of a day reads with the same."""
    return Reader.open(folder, threads=threads)
