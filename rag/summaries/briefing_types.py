"""What a briefing is made of: stories, each with cited sentences, its outlets and what is disputed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Unpack

from rag.checking.disagreements import Disagreement
from rag.public_json import article_json, citation_json
from rag.scope import Scope, ScopeKeywords, one_scope
from rag.summaries.clauses import main_clause_length
from rag.summaries.summary_types import word_count
from rag.text.formatting import day_in_words, limits_in_words, sources_in_words, tags_in_words
from rag.types import ArticleRef, Citation
from rag.wording import _

GIST_WORDS = 24
"""A gist is shortened where it is longer."""


class BriefingKeywords(ScopeKeywords, total=False):
    """What `BriefingRequest.of` takes."""

    topic: str
    scope: Scope
    stories: int
    sentences: int
    known: Collection[str]
    told: Collection[str]
    lead_sentences: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BriefingRequest:
    """What a briefing is to tell: the stories of `scope`, only those about `topic` where it is not empty.

    At most `stories` stories of at most `sentences` quotes each, the first of at most `lead_sentences`. `known` are
    articles (ids) that the reader has read: a story that they tell whole is left out, of others only what is new is
    quoted. With `say_only_new` nothing is quoted that the story's known articles say. `told` are sentences that the
    reader has read; what says the same is not quoted.
    """

    topic: str
    scope: Scope
    stories: int
    sentences: int
    known: frozenset[str]
    told: tuple[str, ...] = ()
    lead_sentences: int | None = None
    say_only_new: bool = False

    @classmethod
    def of(
        cls,
        *,
        topic: str = "",
        scope: Scope = Scope(),
        stories: int = 5,
        sentences: int = 3,
        known: Collection[str] = (),
        told: Collection[str] = (),
        lead_sentences: int | None = None,
        **limits: Unpack[ScopeKeywords],
    ) -> BriefingRequest:
        """The request with what is usual where nothing is said; raises `UsageError` for limits that cannot be used."""
        within = one_scope(scope, **limits)
        return cls(
            topic=topic,
            scope=within,
            stories=stories,
            sentences=sentences,
            known=frozenset(known),
            told=tuple(told),
            lead_sentences=lead_sentences,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class BriefingStory:
    """One story: what several articles tell of the same event.

    `articles` are all of them, newest first; `sources` counts the independent outlets, wire copies once. `sentences`
    are exact quotes, the one that says best what happened first, `disputed` the differences between outlets with both
    quotes. `earlier` are those of the articles that the reader has read before; none of the sentences is from one of
    them.
    """

    title: str
    articles: tuple[ArticleRef, ...]
    sources: int
    sentences: tuple[Citation, ...]
    disputed: tuple[Disagreement, ...] = ()
    earlier: tuple[ArticleRef, ...] = ()

    def __post_init__(self) -> None:
        if not self.articles or not self.sentences:
            raise ValueError("a story needs an article and a cited sentence")

    @property
    def gist(self) -> Citation:
        """What happened in a line: the first sentence up to the end of its main clause, an exact quote with its
        marker."""
        return gist_of(self.sentences[0])

    @property
    def outlets(self) -> tuple[str, ...]:
        """Every outlet that tells it, sorted; unknown ones are left out."""
        return tuple(sorted({article.outlet for article in self.articles if article.outlet}))

    @property
    def sources_in_words(self) -> str:
        """`2 independent sources`, and how many outlets where some carry the same text."""
        return sources_in_words(self.sources, len(self.outlets))


def gist_of(quote: Citation) -> Citation:
    """The quote without what only adds to its main clause, as far as it is longer than a line or two."""
    if word_count(quote.quote) <= GIST_WORDS:
        return quote
    length = main_clause_length(quote.quote)
    return replace(quote, end=quote.start + length, quote=quote.quote[:length])


@dataclass(frozen=True, kw_only=True, slots=True)
class Briefing:
    """The stories of a scope, the most important first.

    `considered` counts the articles of the period (and topic) that were looked at, `known` those of them that the
    reader has read, `total` the stories that they make. `first` and `last` are the publication dates between which the
    library's articles lie; `nearest` are the articles just before and just after the period where it holds none.
    """

    topic: str
    scope: Scope
    stories: tuple[BriefingStory, ...]
    considered: int
    total: int
    first: datetime | None
    last: datetime | None
    nearest: tuple[ArticleRef, ...] = ()
    known: int = 0

    def __post_init__(self) -> None:
        shown = [article.id for story in self.stories for article in story.articles]
        if len(shown) != len(set(shown)):
            raise ValueError("an article stands in two stories")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every quote, in the order of its marker."""
        quotes = [
            quote
            for story in self.stories
            for quote in (*story.sentences, *(side for pair in story.disputed for side in (pair.one, pair.other)))
        ]
        return tuple(sorted(quotes, key=lambda quote: quote.marker))

    @property
    def notice(self) -> str:
        """One or two sentences for the reader where the period is empty or begins after the newest article; or ""."""
        if self.stories:
            return ""
        if self.considered:
            return _("Nothing new: everything in this period was told before.")
        limits = [
            _("about “{topic}”", topic=self.topic) if self.topic else "",
            _("from {outlets}", outlets=", ".join(self.scope.outlets)) if self.scope.outlets else "",
            tags_in_words(self.scope.tags),
        ]
        limited = "".join(f" {one}" for one in limits if one)
        period = limits_in_words(self.scope.after, self.scope.before)
        if period:
            said = _("No article{limits} was published {period}.", limits=limited, period=period)
        else:
            said = _("No article{limits} was found.", limits=limited)
        if self.first is None or self.last is None:
            return said + " " + _("No article of this library has a date.")
        first, last = day_in_words(self.first), day_in_words(self.last)
        return said + " " + _("The articles of this library are from {first} to {last}.", first=first, last=last)


def briefing_json(briefing: Briefing) -> dict[str, Any]:
    """The public JSON form of a briefing (`newsdesk briefing --json`); dates are ISO 8601 or null."""
    return {
        "topic": briefing.topic,
        "published_after": _iso(briefing.scope.after),
        "published_before": _iso(briefing.scope.before),
        "outlets": list(briefing.scope.outlets),
        "tags": list(briefing.scope.tags),
        "articles": briefing.considered,
        "total_stories": briefing.total,
        "stories": [story_json(story) for story in briefing.stories],
        "notice": briefing.notice,
        "library": {"first_published": _iso(briefing.first), "last_published": _iso(briefing.last)},
        "nearest": [article_json(ref) for ref in briefing.nearest],
    }


def disagreement_json(pair: Disagreement) -> dict[str, Any]:
    """Two quotes side by side, with the figures that differ (empty for a denial)."""
    sides = [
        {"value": value, **citation_json(quote)}
        for value, quote in zip(pair.values, (pair.one, pair.other), strict=True)
    ]
    return {"kind": pair.kind, "sides": sides}


def story_json(story: BriefingStory) -> dict[str, Any]:
    """The public JSON form of a story."""
    return {
        "title": story.title,
        "sources": story.sources,
        "outlets": list(story.outlets),
        "gist": citation_json(story.gist),
        "sentences": [citation_json(quote) for quote in story.sentences],
        "disputed": [disagreement_json(pair) for pair in story.disputed],
        "articles": [article_json(ref) for ref in story.articles],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
