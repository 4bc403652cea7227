"""LangChain's retrieval tutorial: recursive splitter, sentence-transformers, Chroma."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.reference_systems.peers import protocol

# As in the tutorial; Chroma refuses more than 5,461 at once, and the library does not split.
CHUNK_CHARACTERS = 1000
CHUNK_OVERLAP = 200
CHUNKS_AT_ONCE = 5000


class LangchainChroma:
    """See `protocol.Peer`."""

    def __init__(self, store: Path, model: Path) -> None:
        from langchain_chroma import Chroma
        from langchain_huggingface import HuggingFaceEmbeddings

        self._model = HuggingFaceEmbeddings(model_name=str(model), model_kwargs={"device": "cpu"})
        self._store = Chroma(embedding_function=self._model, persist_directory=str(store))

    def embed(self, text: str) -> object:
        """See `Peer`."""
        return self._model.embed_query(text)

    def build(self, articles: Sequence[dict[str, Any]]) -> int:
        """See `Peer`."""
        from langchain_core.documents import Document
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARACTERS, chunk_overlap=CHUNK_OVERLAP)
        chunks = splitter.split_documents([Document(page_content=str(row["text"])) for row in articles])
        for begin in range(0, len(chunks), CHUNKS_AT_ONCE):
            self._store.add_documents(chunks[begin : begin + CHUNKS_AT_ONCE])
        return len(chunks)

    def search(self, question: str) -> list[str]:
        """See `Peer`."""
        return [found.page_content for found in self._store.similarity_search(question, k=protocol.FOUND)]


if __name__ == "__main__":
    protocol.main(LangchainChroma)
