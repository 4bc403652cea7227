"""The plain LangChain pipeline as a baseline: split, embed, store in Chroma, take what is nearest to the question.

Settings are those of LangChain's retrieval tutorial, with the model that is packaged with Newsdesk (see
`bench.langchain_pipeline`). It gets the articles' texts as the library holds them, and as in the tutorial nothing of
their titles, outlets and dates.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.reference_systems.langchain_pipeline import CHUNK_CHARACTERS, CHUNK_OVERLAP, CHUNKS_AT_ONCE, check_packages
from rag.types import Article, ArticleRef, Evidence, Passage, Span

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

# There while a store is complete: one whose making was cut short is made anew.
_COMPLETE = "complete"


class LangchainPipeline:
    """Chunks of articles in a Chroma store, found by the similarity of their vectors alone."""

    def __init__(self, store: Any, articles: Sequence[Article]) -> None:
        self._store = store
        self._refs = {article.ref.id: article.ref for article in articles}

    def search(self, question: str, limit: int) -> tuple[Evidence, ...]:
        """The nearest chunks as evidence, best first; the score is the negative of Chroma's distance."""
        found = self._store.similarity_search_with_score(question, k=limit)
        return tuple(
            Evidence(passage=_passage(self._refs[chunk.metadata["article"]], chunk), score=-float(distance), rank=rank)
            for rank, (chunk, distance) in enumerate(found, start=1)
        )


@contextmanager
def opened(
    articles: Sequence[Article], *, set_name: str, keep: Path | None = None, embeddings: Embeddings | None = None
) -> Iterator[LangchainPipeline]:
    """The pipeline over these articles, its store below the folder `keep` or in a temporary one.

    A kept store is named after the articles' texts and the model, and is used again as it is. Raises `MissingPackage`
    where LangChain's packages are not installed. `embeddings` (tests) stand in for the packaged model.
    """
    check_packages()
    with tempfile.TemporaryDirectory(prefix="newsdesk-eval-", ignore_cleanup_errors=True) as temporary:
        home = Path(temporary, "store") if keep is None else keep / f"{set_name}-langchain-{_key(articles)}"
        yield LangchainPipeline(_store(articles, home, embeddings or _packaged_model()), articles)


def _store(articles: Sequence[Article], home: Path, embeddings: Embeddings) -> Any:
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    complete = home / _COMPLETE
    if not complete.exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
    store = Chroma(embedding_function=embeddings, persist_directory=str(home))
    if complete.exists():
        return store
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARACTERS, chunk_overlap=CHUNK_OVERLAP, add_start_index=True
    )
    documents = [Document(page_content=article.text, metadata={"article": article.ref.id}) for article in articles]
    chunks = splitter.split_documents(documents)
    for begin in range(0, len(chunks), CHUNKS_AT_ONCE):
        store.add_documents(chunks[begin : begin + CHUNKS_AT_ONCE])
    complete.touch()
    return store


def _packaged_model() -> Embeddings:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from langchain_huggingface import HuggingFaceEmbeddings

    from rag.models.onnx_export import DEFAULT_MODEL, weights_folder

    model: Embeddings = HuggingFaceEmbeddings(
        model_name=str(weights_folder(DEFAULT_MODEL)), model_kwargs={"device": "cpu"}
    )
    return model


def _passage(article: ArticleRef, chunk: Any) -> Passage:
    text, start = chunk.page_content, chunk.metadata["start_index"]
    span = Span(start=start, end=start + len(text))
    # A chunk knows no sentences, and nothing that is measured of it asks for them.
    return Passage(article=article, position=start, start=span.start, end=span.end, text=text, sentences=(span,))


def _key(articles: Sequence[Article]) -> str:
    from rag.models.onnx_export import DEFAULT_MODEL

    digest = hashlib.sha256(f"{DEFAULT_MODEL} {CHUNK_CHARACTERS} {CHUNK_OVERLAP}\n".encode())
    for article in articles:
        digest.update(f"{article.ref.id}\n{article.text}\n".encode())
    return digest.hexdigest()[:16]
