"""The embedder that runs sentence-transformers itself."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence

import numpy as np

from rag.errors import SettingsError
from rag.models.embedder import Vectors
from rag.telemetry import switch_off_telemetry


class TorchEmbedder:
    """Runs sentence-transformers itself; the only place that imports it at run time."""

    def __init__(self, name: str) -> None:
        from rag.models.onnx_export import weights_folder

        folder = weights_folder(name)
        # Set before the import: the hub client must not look anything up during a question.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        switch_off_telemetry()
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(str(folder) if folder else name, device="cpu", trust_remote_code=False)
        except OSError as error:
            raise SettingsError(
                f"embedder {name!r} is not on this machine; "
                f"fetch it with `python -m rag.models.onnx_export {name}`, or name a folder"
            ) from error
        # PyTorch modules keep state between calls; questions come from several threads.
        self._lock = threading.Lock()
        self.identity = f"{name}/torch-fp32"
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        with self._lock:
            return np.asarray(
                self._model.encode_document(
                    list(texts), batch_size=8, normalize_embeddings=True, show_progress_bar=False
                ),
                dtype=np.float32,
            )

    def embed_question(self, text: str) -> Vectors:
        """See `Embedder`."""
        with self._lock:
            vector = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, dtype=np.float32)
