"""Which articles carry the same words. A copy is named only for what stands in it.

Outlets carry one agency's text with edits of their own, and an edit may be the news: another figure, another name, a
denial. Where two texts differ in such a thing neither hides the other, however many words they share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

from rag.checking.polarity import contradiction
from rag.scope import Scope
from rag.text.names import is_name
from rag.text.numbers import read_numbers
from rag.text.tokens import fold, fold_claim, tokens
from rag.types import Article, ArticleRef, Citation, Passage

# A story with more copies than this names the earliest ones only: reading each takes about a third of a millisecond.
MAX_NAMED = 40

# An article carries a passage where this share of the passage's sentences stands in it word for word.
CARRIED_SHARE = 0.5


class StoredStories(Protocol):
    """What of the archive is asked (`rag.storage.archive.archive.Archive`)."""

    def article(self, article_id: str) -> Article | None: ...
    def stories_of(self, article_ids: Sequence[str]) -> dict[str, str]: ...
    def story_members(self, stories: Sequence[str]) -> dict[str, list[ArticleRef]]: ...


def differ(one: str, other: str) -> bool:
    """Whether each text has a figure, date or name that the other lacks, or one denies what the other says.

    More in one of them is no difference: a copy may be shortened, a sentence may be told with details.
    """
    ours, theirs = _particulars(one), _particulars(other)
    if not (ours <= theirs or theirs <= ours):
        return True
    first, second = tokens(fold_claim(one)), tokens(fold_claim(other))
    return bool(contradiction(first, [second]) or contradiction(second, [first]))


def _particulars(text: str) -> frozenset[object]:
    """The figures, dates and names of a text as values that can be compared."""
    folded = fold_claim(text)
    text_numbers = read_numbers(folded)
    return frozenset(
        [
            *((number.kind, number.value) for number in text_numbers.numbers if number.required),
            *((day.year, day.month, day.day) for day in text_numbers.days),
            *(token.key for token in tokens(folded) if is_name(token)),
        ]
    )


class SyndicatedCopies:
    """Names the articles that carry a passage or a quote, among the copies of its story and within the scope's dates:
    a copy from another outlet is worth naming, too. Made for one question: it reads each article once."""

    def __init__(self, stored: StoredStories, scope: Scope = Scope()) -> None:
        self._stored = stored
        self._scope = scope
        self._texts: dict[str, str] = {}

    def of_passage(self, passage: Passage, members: Sequence[ArticleRef]) -> tuple[ArticleRef, ...]:
        """The members of its story that carry most of the passage and differ from it in nothing."""
        sentences = [fold(passage.sentence(span)) for span in passage.sentences]

        def carries(text: str) -> bool:
            held = sum(sentence in text for sentence in sentences)
            return held == len(sentences) or (
                held >= CARRIED_SHARE * len(sentences) and _particulars(passage.text) <= _particulars(text)
            )

        return tuple(ref for ref in self._others(passage.article, members) if carries(self._text(ref)))

    def named(self, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        """The citations, each with the articles of its story in which the quote stands word for word."""
        stories = self._stored.stories_of([citation.article.id for citation in citations])
        members = self._stored.story_members(sorted(set(stories.values())))
        return tuple(
            replace(citation, copies=self._of_quote(citation, members.get(stories.get(citation.article.id, ""), [])))
            for citation in citations
        )

    def _of_quote(self, citation: Citation, members: Sequence[ArticleRef]) -> tuple[ArticleRef, ...]:
        quote = fold(citation.quote)
        return tuple(ref for ref in self._others(citation.article, members) if quote in self._text(ref))

    def _others(self, article: ArticleRef, members: Sequence[ArticleRef]) -> list[ArticleRef]:
        others = (ref for ref in members if ref.id != article.id and self._scope.holds_date(ref.believed))
        return list(islice(others, MAX_NAMED))

    def _text(self, ref: ArticleRef) -> str:
        if ref.id not in self._texts:
            article = self._stored.article(ref.id)
            self._texts[ref.id] = fold(article.text) if article is not None else ""
        return self._texts[ref.id]


def independent_sources(citations: Sequence[Citation]) -> int:
    """How many sources the quotes rest on.

    All articles of one outlet are one, and so are those of which one carries the other's quote (`Citation.copies`).
    """
    known: list[set[tuple[str, str]]] = []
    for citation in citations:
        marks = {("article", ref.id) for ref in (citation.article, *citation.copies)}
        if citation.article.outlet:
            marks.add(("outlet", citation.article.outlet.casefold()))
        known.append(marks)
    return groups_among(known)


def groups_among(known: Iterable[set[tuple[str, str]]]) -> int:
    """How many groups there are where those that share a mark belong together, and whoever they share one with."""
    groups: list[set[tuple[str, str]]] = []
    for marks in known:
        same = [group for group in groups if group & marks]
        groups = [group for group in groups if not group & marks]
        groups.append(marks.union(*same))
    return len(groups)
