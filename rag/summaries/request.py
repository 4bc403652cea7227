"""From what a reader wants summarised to the articles and the length."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rag.errors import LibraryError, NoSuchArticle, UsageError
from rag.storage.library import Library
from rag.summaries.sources import of_period, of_story, of_topic
from rag.summaries.summarise import summarise
from rag.summaries.summary_types import Length, Summary
from rag.text.formatting import limits_in_words
from rag.types import Question

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

USUAL_SENTENCES = 3


def summary_of(
    library: Library,
    limits: Question,
    *,
    articles: Sequence[str] = (),
    story: str = "",
    about: str = "",
    sentences: int | None = None,
    words: int | None = None,
    model: BaseChatModel | None = None,
    now: datetime,
) -> Summary:
    """Summarise what is named: articles; the story that one article tells; a topic; else the period of `limits`.

    A topic beside articles or a story prefers the sentences on it. Raises `UsageError` where nothing, or articles and a
    story, or dates beside articles are given, and for a length that cannot be kept; `LibraryError` where nothing is
    found.
    """
    if articles and story:
        raise UsageError("name articles or a story, not both; a story brings its articles")
    if (articles or story) and limits.is_filtered:
        raise UsageError("dates and outlets limit a topic or a period; leave them out where articles are named")
    length = length_of(sentences, words)
    title = ""
    if articles:
        ids: Sequence[str] = articles
    elif story:
        article = library.archive.article(story)
        if article is None:
            raise NoSuchArticle(f"there is no article {story!r} in this library; `newsdesk articles` lists them")
        ids, title = of_story(library, article.ref, now=now), article.ref.title
    elif about:
        ids, title = of_topic(library, limits, now=now), about
    elif limits.is_filtered:
        ids, title = of_period(library, limits, now=now), _period_in_words(limits)
    else:
        raise UsageError("nothing to summarise; name an article, --story, --about or a period")
    if not ids:
        raise LibraryError("no article is about this within these limits; widen them, or ask for something else")
    return summarise(library, ids, length=length, about=about, title=title, model=model)


def _period_in_words(limits: Question) -> str:
    where = f" in {', '.join(limits.outlets)}" if limits.outlets else ""
    period = limits_in_words(limits.published_after, limits.published_before)
    return f"The news{where}{' ' if period else ''}{period}"


def length_of(sentences: int | None, words: int | None) -> Length:
    """The length that a reader gives, three sentences where none; `UsageError` for both, and for less than one."""
    if sentences is None and words is None:
        sentences = USUAL_SENTENCES
    try:
        return Length(sentences=sentences, words=words)
    except ValueError as error:
        raise UsageError(str(error)) from error
