"""Opens the embedder that the settings name."""

from __future__ import annotations

from pathlib import Path

from rag.models.embedder import Embedder
from rag.models.onnx_embedder import OnnxEmbedder
from rag.models.torch_embedder import TorchEmbedder
from rag.settings import Settings


def open_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings ask for; raises `SettingsError` where its weights cannot be had."""
    if settings.embedder == "hashing":
        from rag.models.hashing_embedder import HashingEmbedder

        return HashingEmbedder()
    if settings.embedder_runtime == "torch":
        return TorchEmbedder(settings.embedder)
    from rag.models.onnx_export import prepared_model

    return OnnxEmbedder(prepared_model(settings.embedder, cache=settings.cache), threads=settings.embedder_threads)


def prepare(settings: Settings) -> Path:
    """Make the model's files ready ahead of the first question (set-up does this); returns their folder."""
    from rag.models.onnx_export import prepared_model

    return prepared_model(settings.embedder, cache=settings.cache).folder
