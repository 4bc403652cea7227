"""An optional cross-encoder that puts the best passages in a better order: any of sentence-transformers.

None is shipped: no weights with a free licence come as a package. It reads question and passage together, which takes
about 10 to 20 ms a pair on one core, and is asked for the first `RERANKED` only.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol

from rag.models.cross_encoder import load_cross_encoder
from rag.settings import Settings

RERANKED = 20


class Reranker(Protocol):
    """Says how well passages answer a question; higher is better, comparable within one call."""

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One score for each passage, in order."""


class CrossEncoderReranker:
    """Runs a `sentence_transformers.CrossEncoder`; raises `SettingsError` where it is not on this machine."""

    def __init__(self, name: str) -> None:
        self._model = load_cross_encoder(name, what="reranker", setting="NEWSDESK_RERANKER")
        # PyTorch modules keep state between calls; questions come from several threads.
        self._lock = threading.Lock()

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """See `Reranker`."""
        with self._lock:
            found = self._model.predict([(question, passage) for passage in passages], show_progress_bar=False)
        return [float(score) for score in found]


def open_reranker(settings: Settings) -> Reranker | None:
    """The reranker of the settings; None where none is set."""
    return CrossEncoderReranker(settings.reranker) if settings.reranker else None
