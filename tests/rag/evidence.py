"""Evidence made of plain texts, one article each."""

from __future__ import annotations

from rag.testing import make_article
from rag.text.sentences import split_sentences
from rag.types import Evidence, Passage

PUBLISHED = "2024-06-20T08:00:00+00:00"


def evidence(*texts: str, title: str = "A title", outlet: str = "Evening Mail") -> list[Evidence]:
    """One piece of evidence a text, ranked in order."""
    return [piece(text, rank, title=title, outlet=outlet) for rank, text in enumerate(texts, start=1)]


def piece(text: str, rank: int, *, title: str = "A title", outlet: str = "Evening Mail", name: str = "") -> Evidence:
    article = make_article(text, title=title, outlet=outlet, published=PUBLISHED, article_id=name or f"article-{rank}")
    sentences = tuple(split_sentences(text))
    passage = Passage(article=article.ref, position=0, start=0, end=len(text), text=text, sentences=sentences)
    return Evidence(passage=passage, score=1.0 / rank, rank=rank)
