"""Text to vectors: the `Embedder` seam and the ways to open one.

The weights are always a sentence-transformers model. The default runtime is an int8 ONNX copy of them, made once on
this machine (`rag.models.onnx_export`), because importing torch takes longer than answering a question;
`embedder_runtime = "torch"` runs sentence-transformers itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors. `identity` changes whenever the vectors of the same text would."""

    @property
    def identity(self) -> str:
        """Names weights, runtime and precision."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), float32, each of length 1.

        A text's vector never depends on its neighbours.
        """

    def embed_question(self, text: str) -> Vectors:
        """One vector of shape (dimension,), float32, of length 1."""


def unit_length(vectors: Vectors) -> Vectors:
    lengths = np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return np.asarray(vectors / lengths, dtype=np.float32)
