"""LlamaIndex as it starts out: its sentence splitter and its own vector store, with sentence-transformers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.reference_systems.peers import protocol


class LlamaIndexAlone:
    """See `protocol.Peer`."""

    def __init__(self, store: Path, model: Path) -> None:
        from llama_index.core import StorageContext, load_index_from_storage
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self._folder = store
        self._model = HuggingFaceEmbedding(model_name=str(model), device="cpu")
        self._retriever: Any = None
        if store.exists():
            context = StorageContext.from_defaults(persist_dir=str(store))
            index = load_index_from_storage(context, embed_model=self._model)
            self._retriever = index.as_retriever(similarity_top_k=protocol.FOUND)

    def embed(self, text: str) -> object:
        """See `Peer`."""
        return self._model.get_query_embedding(text)

    def build(self, articles: Sequence[dict[str, Any]]) -> int:
        """See `Peer`."""
        from llama_index.core import Document, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter

        nodes = SentenceSplitter().get_nodes_from_documents([Document(text=str(row["text"])) for row in articles])
        index = VectorStoreIndex(nodes, embed_model=self._model)
        index.storage_context.persist(persist_dir=str(self._folder))
        return len(nodes)

    def search(self, question: str) -> list[str]:
        """See `Peer`."""
        return [found.node.get_content() for found in self._retriever.retrieve(question)]


if __name__ == "__main__":
    protocol.main(LlamaIndexAlone)
