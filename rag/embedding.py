"""Text to vectors: the `Embedder` seam and the ways to open one.

The weights are always a sentence-transformers model. The default runtime is an int8 ONNX copy of them, made once on
this machine (`rag.onnx_model`), because importing torch takes longer than answering a question;
`embedder_runtime = "torch"` runs sentence-transformers itself.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import SettingsError
from rag.settings import Settings

if TYPE_CHECKING:
    from tokenizers import Encoding

    from rag.onnx_model import PreparedModel

Vectors = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class TextVectors:
    """A text's vector and those of its n tokens in their context, without the marks at its ends.

    `vector` has the shape (d,), `tokens` (n, d); all are of length 1.
    """

    vector: Vectors
    tokens: Vectors


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

    def embed_tokens(self, texts: Sequence[str]) -> list[TextVectors]:
        """The vectors that `embed_passages` gives, each with those of the text's tokens."""

    def embed_question(self, text: str) -> Vectors:
        """One vector of shape (dimension,), float32, of length 1."""


def open_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings ask for; raises `SettingsError` where its weights cannot be had."""
    if settings.embedder == "hashing":
        from rag.testing import HashingEmbedder

        return HashingEmbedder()
    if settings.embedder_runtime == "torch":
        return TorchEmbedder(settings.embedder)
    from rag.onnx_model import prepared_model

    return OnnxEmbedder(prepared_model(settings.embedder, cache=settings.cache), threads=settings.embedder_threads)


def prepare(settings: Settings) -> Path:
    """Make the model's files ready ahead of the first question (set-up does this); returns their folder."""
    from rag.onnx_model import prepared_model

    return prepared_model(settings.embedder, cache=settings.cache).folder


class OnnxEmbedder:
    """Runs a prepared ONNX copy, one text at a time on each of several threads.

    One text at a time is both faster than padded batches on int8 (measured on two cores: 97 against 75 texts a second
    and thread) and exact: dynamic quantisation scales a whole batch together, so a batch would let neighbours change a
    text's vector.
    """

    def __init__(self, model: PreparedModel, *, threads: int = 0) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model.onnx), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(model.tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(model.max_tokens)
        self._pooling = model.pooling
        self.identity = model.identity
        self.dimension = model.dimension
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, thread_name_prefix="newsdesk-embedder")

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, vector in enumerate(self._pool.map(self._embed, texts)):
            vectors[row] = vector
        return vectors

    def embed_tokens(self, texts: Sequence[str]) -> list[TextVectors]:
        """See `Embedder`."""
        return list(self._pool.map(self._embed_tokens, texts))

    def embed_question(self, text: str) -> Vectors:
        """See `Embedder`."""
        return self._embed(text)

    def _embed(self, text: str) -> Vectors:
        return self._pooled(self._run(self._tokenizer.encode(text)))

    def _embed_tokens(self, text: str) -> TextVectors:
        encoding = self._tokenizer.encode(text)
        tokens = self._run(encoding)
        inner = [i for i, is_mark in enumerate(encoding.special_tokens_mask) if not is_mark]
        return TextVectors(
            vector=self._pooled(tokens),
            tokens=_of_length_one(tokens[inner]),
        )

    def _run(self, encoding: Encoding) -> Vectors:
        ids = np.array([encoding.ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (tokens,) = self._session.run(None, feed)
        return np.asarray(tokens[0], dtype=np.float32)

    def _pooled(self, tokens: Vectors) -> Vectors:
        return _of_length_one(tokens.mean(axis=0) if self._pooling == "mean" else tokens[0])


class TorchEmbedder:
    """Runs sentence-transformers itself; the only place that imports it at run time."""

    def __init__(self, name: str) -> None:
        from rag.onnx_model import weights_folder

        folder = weights_folder(name)
        # Set before the import: the hub client must not look anything up during a question.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(str(folder) if folder else name, device="cpu", trust_remote_code=False)
        except OSError as error:
            raise SettingsError(
                f"embedder {name!r} is not on this machine; "
                f"fetch it with `python -m rag.onnx_model {name}`, or name a folder"
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

    def embed_tokens(self, texts: Sequence[str]) -> list[TextVectors]:
        """See `Embedder`."""
        if not texts:
            return []
        with self._lock:
            found: list[dict[str, Any]] = self._model.encode(
                list(texts), batch_size=8, output_value=None, show_progress_bar=False
            )
            marks = [
                self._model.tokenizer(
                    text, truncation=True, max_length=self._model.max_seq_length, return_special_tokens_mask=True
                )["special_tokens_mask"]
                for text in texts
            ]
        return [_text_vectors(one, mask) for one, mask in zip(found, marks, strict=True)]

    def embed_question(self, text: str) -> Vectors:
        """See `Embedder`."""
        with self._lock:
            vector = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, dtype=np.float32)


def _text_vectors(found: Mapping[str, Any], marks: Sequence[int]) -> TextVectors:
    """What sentence-transformers says of one text; its rows are padded behind the text's own."""
    tokens = np.asarray(found["token_embeddings"].cpu().numpy(), dtype=np.float32)
    return TextVectors(
        vector=_of_length_one(np.asarray(found["sentence_embedding"].cpu().numpy(), dtype=np.float32)),
        tokens=_of_length_one(tokens[[i for i, is_mark in enumerate(marks) if not is_mark]]),
    )


def _of_length_one(vectors: Vectors) -> Vectors:
    lengths = np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return np.asarray(vectors / lengths, dtype=np.float32)
