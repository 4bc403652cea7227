"""Fakes that ship: a hashing embedder and makers of small articles.

They are for tests of this project and of those who build on it.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from rag.types import Article, ArticleRef


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
