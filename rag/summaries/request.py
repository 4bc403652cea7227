"""From what a reader wants summarised to the articles and the length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Unpack

from rag.errors import LibraryError, NoSuchArticle, UsageError
from rag.scope import PeriodKeywords, Scope, one_scope
from rag.storage.library import Library
from rag.summaries.sources import of_period, of_story, of_topic
from rag.summaries.summarise import summarise
from rag.summaries.summary_types import Length, Summary
from rag.text.formatting import limits_in_words, tags_in_words
from rag.types import Question

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

USUAL_SENTENCES = 3


class SummaryKeywords(PeriodKeywords, total=False):
    """What `SummaryRequest.of` takes beside articles."""

    story: str
    about: str
    scope: Scope
    sentences: int | None
    words: int | None


class _Limits(PeriodKeywords, total=False):
    sentences: int | None
    words: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SummaryRequest:
    """What is to be summarised: articles (ids); the story that one article tells; what is about a topic; or a period.

    `about` beside articles or a story prefers the sentences on it. Raises `UsageError` where nothing, or articles and a
    story, or limits beside articles are given.
    """

    articles: tuple[str, ...]
    story: str
    about: str
    scope: Scope
    length: Length

    def __post_init__(self) -> None:
        if self.articles and self.story:
            raise UsageError("name articles or a story, not both; a story brings its articles")
        if (self.articles or self.story) and not self.scope.is_empty:
            raise UsageError(
                "dates, outlets and tags limit a topic or a period; leave them out where articles are named"
            )
        if not (self.articles or self.story or self.about) and self.scope.is_empty:
            raise UsageError("nothing to summarise; name an article, --story, --about or a period")

    @classmethod
    def of(
        cls,
        articles: Sequence[str] = (),
        *,
        story: str = "",
        about: str = "",
        scope: Scope = Scope(),
        **limits: Unpack[_Limits],
    ) -> SummaryRequest:
        """The request that these words make, three sentences long where no length is given.

        Raises `UsageError` for a length that cannot be kept and for limits that cannot be used, too.
        """
        within = one_scope(
            scope,
            published_after=limits.get("published_after"),
            published_before=limits.get("published_before"),
            outlets=limits.get("outlets", ()),
            tags=limits.get("tags", ()),
        )
        length = length_of(limits.get("sentences"), limits.get("words"))
        return cls(articles=tuple(articles), story=story, about=about, scope=within, length=length)


def summary_of(
    library: Library, request: SummaryRequest, *, model: BaseChatModel | None = None, now: datetime
) -> Summary:
    """Summarise what is asked for; raises `LibraryError` where nothing is found."""
    title = ""
    if request.articles:
        ids: Sequence[str] = request.articles
    elif request.story:
        article = library.archive.article(request.story)
        if article is None:
            raise NoSuchArticle.of(request.story)
        ids, title = of_story(library, article.ref, now=now), article.ref.title
    elif request.about:
        topic = Question(text=request.about, scope=request.scope)
        ids, title = of_topic(library, topic, now=now), request.about
    else:
        ids, title = of_period(library, request.scope, now=now), _period_in_words(request.scope)
    if not ids:
        raise LibraryError("no article is about this within these limits; widen them, or ask for something else")
    return summarise(library, ids, length=request.length, about=request.about, title=title, model=model)


def _period_in_words(scope: Scope) -> str:
    where = f" in {', '.join(scope.outlets)}" if scope.outlets else ""
    said = filter(None, (f"The news{where}", tags_in_words(scope.tags), limits_in_words(scope.after, scope.before)))
    return " ".join(said)


def length_of(sentences: int | None, words: int | None) -> Length:
    """The length that a reader gives, three sentences where none; `UsageError` for both, and for less than one."""
    if sentences is None and words is None:
        sentences = USUAL_SENTENCES
    try:
        return Length(sentences=sentences, words=words)
    except ValueError as error:
        raise UsageError(str(error)) from error
