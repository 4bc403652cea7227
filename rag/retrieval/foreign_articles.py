"""Articles in another language than the question: what the reader network makes of them is less sure, and is told so.

It was fitted on English. Of a French sentence it finds the span that answers more often than it believes the sentence.
"""

from __future__ import annotations

from typing import Protocol

from rag.question.language import NAMES, language_of
from rag.types import Article

ASKED_IN = "en"
"""What a question is in whose words do not tell."""


class StoredArticles(Protocol):
    """What of the archive is asked (`rag.storage.archive.archive.Archive`)."""

    def article(self, article_id: str) -> Article | None: ...


def foreign_language_of(archive: StoredArticles, article_id: str, question: str) -> str:
    """The code of an article's language where it is another than the question's; "" where not, or where it is
    unknown."""
    article = archive.article(article_id)
    code = article.language.partition("-")[0] if article is not None else ""
    return code if code in NAMES and code != (language_of(question) or ASKED_IN) else ""
