"""The plain LangChain pipeline that Newsdesk is set beside finds chunks of the very articles (extra `bench`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.models.hashing_embedder import HashingEmbedder
from rag.testing import make_article

pytest.importorskip("langchain_chroma", reason="needs make setup EXTRAS=bench")

from langchain_core.embeddings import Embeddings

from eval.reference_systems.langchain_retrieval import opened

BRIDGE = make_article("The bridge at Kell closed on Monday after cracks were found. " * 40, url="https://a.example/1")
FERRY = make_article("The ferry Aurora sank off Port Lindow and all were saved. " * 40, url="https://a.example/2")


class Hashed(Embeddings):
    def __init__(self) -> None:
        self.embedded = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += len(texts)
        return HashingEmbedder().embed_passages(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return HashingEmbedder().embed_question(text).tolist()


def test_chunks_of_the_right_article_come_first_with_their_exact_place(tmp_path: Path) -> None:
    with opened([BRIDGE, FERRY], set_name="test", keep=tmp_path, embeddings=Hashed()) as pipeline:
        found = pipeline.search("Which ferry sank off Port Lindow?", 3)
    assert [piece.rank for piece in found] == [1, 2, 3]
    assert {piece.passage.article.id for piece in found} == {FERRY.ref.id}
    for piece in found:
        assert FERRY.text[piece.passage.start : piece.passage.end] == piece.passage.text


def test_a_kept_store_is_used_again_and_other_articles_have_another(tmp_path: Path) -> None:
    first, again, other = Hashed(), Hashed(), Hashed()
    for articles, embeddings in (([BRIDGE], first), ([BRIDGE], again), ([FERRY], other)):
        with opened(articles, set_name="test", keep=tmp_path, embeddings=embeddings):
            pass
    assert first.embedded > 0
    assert again.embedded == 0
    assert other.embedded > 0
