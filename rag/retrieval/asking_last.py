"""What is found because it asks stands behind what is found because it tells.

An article that holds the reader's words in questions alone would else take the first ranks, and a passage of a low
rank is less believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from rag.question.question_echo import asks
from rag.storage.index_contract import heading_of
from rag.text.search_terms import content_terms
from rag.text.sentences import split_sentences
from rag.types import Article, Passage, Question

Found = tuple[Passage, float]

_TOLD_SHARE = 0.5
"""Of the question's words that an article has, at least so many stand in what it tells."""


class StoredArticles(Protocol):
    """What of the archive is asked (`rag.storage.archive.archive.Archive`)."""

    def article(self, article_id: str) -> Article | None: ...


def asking_last(archive: StoredArticles, question: Question, found: Sequence[Found]) -> Iterator[Found]:
    """Yield the passages in their order, last those of articles that only ask; scores stay with the places.

    Reads no further than it is asked for.
    """
    words = frozenset(content_terms(question.complete))
    scores = iter([score for _, score in found])
    known: dict[str, bool] = {}
    last: list[Passage] = []
    for passage, _ in found:
        name = passage.article.id
        if name not in known:
            known[name] = _only_asks(archive, question, words, passage)
        if known[name]:
            last.append(passage)
        else:
            yield passage, next(scores)
    yield from zip(last, scores, strict=True)


def _only_asks(archive: StoredArticles, question: Question, words: frozenset[str], passage: Passage) -> bool:
    """Whether the article of a passage has most of the question's words only where it asks."""
    title = passage.article.title
    sentences = [passage.sentence(span) for span in passage.sentences]
    if not (asks(title, question) or any(asks(sentence, question) for sentence in sentences)):
        return False
    article = archive.article(passage.article.id)
    if article is None:
        return False
    told = [article.text[span.start : span.end] for span in split_sentences(article.text)]
    told = [sentence for sentence in (title, *told) if not asks(sentence, question)]
    held = words.intersection(content_terms(f"{heading_of(passage.article)} {article.text}"))
    return len(held.intersection(content_terms(" ".join(told)))) < _TOLD_SHARE * len(held)
