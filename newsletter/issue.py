"""An issue of a newsletter, as data: sections of stories, each with cited sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rag.checking.disagreements import Disagreement
from rag.public_json import article_json, citation_json, sentence_json
from rag.summaries.briefing_types import disagreement_json
from rag.text.formatting import count, day_in_words, days_in_short, sources_in_words
from rag.types import AnswerSentence, ArticleRef, Citation


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """A quote that an earlier issue sent and that no longer stands in its article."""

    article: ArticleRef
    quote: str
    sent: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One story. Markers of its sentences and its citations are the same set.

    `articles` are all that tell it, newest first, `sources` counts the independent outlets. Where an earlier issue told
    the story, `told` is that issue's day and `earlier` are the articles that it was told from; `corrections` are the
    quotes of it that no longer stand.
    """

    title: str
    articles: tuple[ArticleRef, ...]
    sources: int
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    disputed: tuple[Disagreement, ...] = ()
    told: date | None = None
    earlier: tuple[ArticleRef, ...] = ()
    corrections: tuple[Correction, ...] = ()
    writer: str = "quotes"

    def __post_init__(self) -> None:
        used = {marker for sentence in self.sentences for marker in sentence.citations}
        if not used or used != {citation.marker for citation in self.citations}:
            raise ValueError("the markers of a story and its citations are the same set, and not empty")

    @property
    def outlets(self) -> tuple[str, ...]:
        """Every outlet that tells it, sorted; unknown ones are left out."""
        return tuple(sorted({article.outlet for article in self.articles if article.outlet}))

    @property
    def sources_in_words(self) -> str:
        """`2 independent sources`, and how many outlets where some carry the same text."""
        return sources_in_words(self.sources, len(self.outlets))

    @property
    def quotes(self) -> tuple[Citation, ...]:
        """Every quote, those of disputes included, in the order of its marker."""
        sides = (side for pair in self.disputed for side in (pair.one, pair.other))
        return tuple(sorted((*self.citations, *sides), key=lambda quote: quote.marker))

    def by_article(self) -> list[tuple[ArticleRef, list[Citation]]]:
        """The quotes of each article together, in the order of their first markers."""
        groups: dict[ArticleRef, list[Citation]] = {}
        for quote in self.quotes:
            groups.setdefault(quote.article, []).append(quote)
        return list(groups.items())

    @property
    def change(self) -> str:
        """In a sentence what is new since the earlier issue; "" for a story that no earlier issue told."""
        if self.told is None:
            return ""
        new = len(self.articles) - len(self.earlier)
        parts = [count(new, "new article")] if new else []
        if self.corrections:
            parts.append(f"{count(len(self.corrections), 'quote')} corrected")
        return f"Update to our issue of {day_in_words(self.told)}: {' and '.join(parts) or 'changed since'}."


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A section; `notice` says why there is nothing in it, "" where there is."""

    title: str
    items: tuple[Item, ...]
    notice: str = ""

    def __post_init__(self) -> None:
        if bool(self.items) == bool(self.notice):
            raise ValueError("a section has stories, or says why it has none")


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """An issue. No article stands in two of its stories, and markers count through the whole of it.

    `day` is the last day that it covers; `first` the first, None where some section reaches back without a limit.
    """

    title: str
    language: str
    intro: str
    closing: str
    first: datetime | None
    last: datetime
    sections: tuple[Section, ...]
    revision: int

    def __post_init__(self) -> None:
        shown = [article.id for item in self.items for article in item.articles]
        if len(shown) != len(set(shown)):
            raise ValueError("an article stands in two stories of the issue")
        markers = [citation.marker for citation in self.citations]
        if len(markers) != len(set(markers)):
            raise ValueError("two citations of the issue have one marker")

    @property
    def day(self) -> date:
        """The day of the issue."""
        return self.last.date()

    @property
    def items(self) -> tuple[Item, ...]:
        """All stories, in order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every quote of the issue, those of disputes included."""
        return tuple(quote for item in self.items for quote in item.quotes)

    @property
    def period_in_words(self) -> str:
        """`14 to 20 June 2024`, or up to which day."""
        if self.first is None:
            return f"up to {day_in_words(self.last)}"
        return days_in_short(self.first, self.last)


def issue_json(issue: Issue) -> dict[str, Any]:
    """The public JSON form, with the place of every quote in its article."""
    return {
        "title": issue.title,
        "day": issue.day.isoformat(),
        "language": issue.language,
        "published_after": issue.first.isoformat() if issue.first else None,
        "published_before": issue.last.isoformat(),
        "intro": issue.intro,
        "closing": issue.closing,
        "library_revision": issue.revision,
        "sections": [
            {"title": section.title, "notice": section.notice, "items": [_item_json(item) for item in section.items]}
            for section in issue.sections
        ],
    }


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "title": item.title,
        "sources": item.sources,
        "outlets": list(item.outlets),
        "writer": item.writer,
        "change": item.change,
        "sentences": [sentence_json(sentence) for sentence in item.sentences],
        "citations": [citation_json(citation) for citation in item.citations],
        "disputed": [disagreement_json(pair) for pair in item.disputed],
        "corrections": [
            {**article_json(one.article), "quote_sent": one.quote, "sent": one.sent.isoformat()}
            for one in item.corrections
        ],
        "earlier": [ref.id for ref in item.earlier],
        "articles": [article_json(ref) for ref in item.articles],
    }
