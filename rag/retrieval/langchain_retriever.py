"""A LangChain retriever over a desk, for chains that others build."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from rag.public_json import article_json


class NewsdeskRetriever(BaseRetriever):
    """Returns passages as documents; the metadata name the article and the exact offsets."""

    # Typed loosely: `Desk` is no pydantic model, and importing it here would be a cycle.
    desk: Any
    k: int = 5

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                id=piece.passage.id,
                page_content=piece.passage.text,
                metadata={
                    **article_json(piece.passage.article),
                    "start": piece.passage.start,
                    "end": piece.passage.end,
                    "score": piece.score,
                    "rank": piece.rank,
                },
            )
            for piece in self.desk.search(query, limit=self.k)
        ]
