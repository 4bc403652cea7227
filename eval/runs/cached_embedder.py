"""An embedder that embeds each text once: in an evaluation the same sentences are evidence for many questions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.models.embedder import Embedder


class CachedEmbedder:
    """Gives what another embedder gives and keeps it: about 1.5 kB a text."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._passages: dict[str, NDArray[np.float32]] = {}
        self._questions: dict[str, NDArray[np.float32]] = {}
        self.identity = embedder.identity
        self.dimension = embedder.dimension

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `rag.models.embedder.Embedder`."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._passages]
        self._passages |= dict(zip(fresh, self._embedder.embed_passages(fresh), strict=True))
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return np.stack([self._passages[text] for text in texts])

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """See `rag.models.embedder.Embedder`."""
        if text not in self._questions:
            self._questions[text] = self._embedder.embed_question(text)
        return self._questions[text]
