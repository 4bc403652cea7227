"""Fakes that ship: a hashing embedder and makers of small articles.

They are for tests of this project and of those who build on it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from rag.embedding import TextVectors
from rag.types import Article, ArticleRef

_WORD = re.compile(r"\w+")


class HashingEmbedder:
    """Feature hashing of words and word beginnings (Weinberger et al. 2009).

    Instant, deterministic, blind to meaning.
    """

    def __init__(self, dimension: int = 64) -> None:
        self.dimension = dimension
        self.identity = f"hashing-{dimension}"

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `rag.embedding.Embedder`."""
        return (
            np.stack([self.embed_question(text) for text in texts])
            if texts
            else np.empty((0, self.dimension), np.float32)
        )

    def embed_tokens(self, texts: Sequence[str]) -> list[TextVectors]:
        """See `rag.embedding.Embedder`; tokens are words, without context."""
        return [
            TextVectors(vector=self.embed_question(text), tokens=self.embed_passages(_WORD.findall(text)))
            for text in texts
        ]

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """See `rag.embedding.Embedder`."""
        vector = np.zeros(self.dimension, dtype=np.float32)
        for word in _WORD.findall(text.lower()):
            for feature in (word, word[:5]):
                number = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
                vector[number % self.dimension] += 1.0 if number >> 63 else -1.0
        length = float(np.linalg.norm(vector))
        if length == 0.0:
            vector[0], length = 1.0, 1.0
        return vector / np.float32(length)


def make_article(
    text: str,
    *,
    title: str = "",
    outlet: str = "",
    url: str = "",
    published: str | datetime | None = None,
    article_id: str | None = None,
    language: str = "en",
) -> Article:
    """An article for a test; `published` as ISO 8601 is taken as UTC where it has no zone."""
    moment = datetime.fromisoformat(published) if isinstance(published, str) else published
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    name = article_id or hashlib.sha256((url or text).encode()).hexdigest()[:16]
    ref = ArticleRef(id=name, title=title, outlet=outlet, url=url, published=moment)
    return Article(ref=ref, text=text, language=language, fetched=datetime(2024, 1, 1, tzinfo=UTC))
