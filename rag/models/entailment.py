"""An optional entailment model on top of the check: any cross-encoder of sentence-transformers that was trained for it.

None is shipped: no such weights with a free licence come as a package. It reads the quotes and the sentence together
and can only remove what the rules let through, so that the check still fails closed.
"""

from __future__ import annotations

import threading
from typing import Protocol

import numpy as np

from rag.errors import SettingsError
from rag.models.cross_encoder import load_cross_encoder
from rag.settings import Settings

LEAST_ENTAILED = 0.5
"""Probability from which a sentence counts as following from its quotes."""


class Entailment(Protocol):
    """Says whether a sentence follows from quotes."""

    def agrees(self, quotes: str, sentence: str) -> bool:
        """Whether who reads the quotes would say that the sentence is true."""


class CrossEncoderEntailment:
    """Runs a `sentence_transformers.CrossEncoder` whose labels name entailment; raises `SettingsError` for another."""

    def __init__(self, name: str) -> None:
        self._model = load_cross_encoder(name, what="entailment model", setting="NEWSDESK_ENTAILMENT")
        labels = {int(number): str(label).lower() for number, label in self._model.config.id2label.items()}
        self._place = next((number for number, label in labels.items() if label.startswith("entail")), None)
        if self._place is None:
            raise SettingsError(
                f"the model {name!r} has no label for entailment, only {sorted(labels.values())}; "
                "set NEWSDESK_ENTAILMENT to one that has, or unset it"
            )
        # PyTorch modules keep state between calls; questions come from several threads.
        self._lock = threading.Lock()

    def agrees(self, quotes: str, sentence: str) -> bool:
        """See `Entailment`."""
        with self._lock:
            (logits,) = self._model.predict(
                [(quotes, sentence)], apply_softmax=False, show_progress_bar=False, convert_to_numpy=True
            )
        odds = np.exp(np.asarray(logits, dtype=np.float64) - np.max(logits))
        return bool(odds[self._place] / odds.sum() >= LEAST_ENTAILED)


def open_entailment(settings: Settings) -> Entailment | None:
    """The entailment model of the settings; None where none is set."""
    return CrossEncoderEntailment(settings.entailment) if settings.entailment else None
