"""News articles and the questions that were written on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.training.sources import Sources, rows_of
from rag.models.reader.windows import ReadPassage

TARGET_WORDS, MAX_WORDS = 120, 180
"""As the product cuts passages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewsArticle:
    """One article with its sentences in order."""

    id: str
    title: str
    outlet: str
    published: date
    sentences: tuple[str, ...]

    def cut(self, first: int, past_last: int, *, without: frozenset[int] = frozenset(), titled: bool = True) -> Cut:
        """The sentences from `first` on, as a passage; `titled` says whether the heading line stands before it."""
        kept = tuple(i for i in range(first, min(past_last, len(self.sentences))) if i not in without)
        return Cut(article=self, numbers=kept, titled=titled)

    def passages(self) -> list[Cut]:
        """The whole article in passages of about `TARGET_WORDS` words."""
        cuts, first, words = [], 0, 0
        for number, sentence in enumerate(self.sentences):
            more = len(sentence.split())
            if number > first and (words >= TARGET_WORDS or words + more > MAX_WORDS):
                cuts.append(self.cut(first, number))
                first, words = number, 0
            words += more
        return [*cuts, self.cut(first, len(self.sentences))]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """Some sentences of an article by their numbers."""

    article: NewsArticle
    numbers: tuple[int, ...]
    titled: bool = True

    def without(self, numbers: frozenset[int]) -> Cut:
        """The same with some sentences taken out."""
        kept = tuple(number for number in self.numbers if number not in numbers)
        return Cut(article=self.article, numbers=kept, titled=self.titled)

    def passage(self, *, neighbours: int = 0, unseen: frozenset[int] = frozenset()) -> ReadPassage:
        """What the reader reads, with up to so many neighbouring sentences (none of `unseen`) on either side."""
        all_sentences = self.article.sentences
        first, past_last = self.numbers[0], self.numbers[-1] + 1
        before = [i for i in range(max(0, first - neighbours), first) if i not in unseen]
        after = [i for i in range(past_last, min(len(all_sentences), past_last + neighbours)) if i not in unseen]
        return ReadPassage(
            sentences=tuple(all_sentences[number] for number in self.numbers),
            title=self.article.title if self.titled else "",
            outlet=self.article.outlet if self.titled else "",
            published=self.article.published if self.titled else None,
            before=tuple(all_sentences[i] for i in before),
            after=tuple(all_sentences[i] for i in after),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class NewsQuestion:
    """A question with the sentences of its article that answer it, and those that may be shown beside them."""

    id: str
    article: str
    text: str
    kind: str
    facts: tuple[frozenset[int], ...]
    partial: frozenset[int]

    @property
    def right(self) -> frozenset[int]:
        """Every sentence that states a fact that is asked for; none where the article does not say it."""
        return frozenset().union(*self.facts)


def read_articles(sources: Sources) -> dict[str, NewsArticle]:
    """Every article by its id."""
    return {one.id: one for file in sources.articles for one in rows_of(file, _article)}


def read_questions(files: Sequence[Path], articles: Mapping[str, NewsArticle]) -> list[NewsQuestion]:
    """Every question; raises `CaseError` for one whose article or sentence is not there."""

    def made(row: Mapping[str, Any]) -> NewsQuestion:
        home = articles.get(str(row["article"]))
        if home is None:
            raise ValueError(f"article {row['article']!r} is in none of the folders")
        facts = tuple(frozenset(map(int, fact)) for fact in row["facts"])
        partial = frozenset(map(int, row.get("partial") or ()))
        if any(not 0 <= number < len(home.sentences) for number in partial.union(*facts)):
            raise ValueError(f"question {row['id']!r} names a sentence that its article does not have")
        return NewsQuestion(
            id=str(row["id"]),
            article=home.id,
            text=str(row["question"]),
            kind=str(row["kind"]),
            facts=facts,
            partial=partial - frozenset().union(*facts),
        )

    return [question for file in files for question in rows_of(file, made)]


def _article(row: Mapping[str, Any]) -> NewsArticle:
    return NewsArticle(
        id=str(row["id"]),
        title=str(row["title"]),
        outlet=str(row["outlet"]),
        published=date.fromisoformat(str(row["published"])[:10]),
        sentences=tuple(str(row["text"])[start:end] for start, end in row["sentences"]),
    )
