"""An embedder without a model: for tests, and for machines that have none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"\w+")


class HashingEmbedder:
    """Feature hashing of words and word beginnings (Weinberger et al. 2009).

    Instant, deterministic, blind to meaning.
    """

    def __init__(self, dimension: int = 64) -> None:
        self.dimension = dimension
        self.identity = f"hashing-{dimension}"

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `rag.models.embedder.Embedder`."""
        return (
            np.stack([self.embed_question(text) for text in texts])
            if texts
            else np.empty((0, self.dimension), np.float32)
        )

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """See `rag.models.embedder.Embedder`."""
        vector = np.zeros(self.dimension, dtype=np.float32)
        for word in _WORD.findall(text.lower()):
            for feature in (word, word[:5]):
                number = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
                vector[number % self.dimension] += 1.0 if number >> 63 else -1.0
        length = float(np.linalg.norm(vector))
        if length == 0.0:
            vector[0], length = 1.0, 1.0
        return vector / np.float32(length)
