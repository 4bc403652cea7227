"""Which articles a summary reads: those of a story, of a topic or of a period."""

from __future__ import annotations

from datetime import datetime, timedelta

from rag.retrieval.retrieve import retrieve
from rag.retrieval.topic import MOST_PASSAGES, evidence_about
from rag.scope import Scope
from rag.storage.library import Library
from rag.summaries.briefing import build_briefing
from rag.summaries.briefing_types import BriefingRequest
from rag.summaries.story_clustering import clusters
from rag.summaries.story_texts import Progress, StoryText, silent, story_texts
from rag.types import ArticleRef, Question

AROUND = timedelta(weeks=4)
"""Among what was published so near the articles of all 24 stories of the sample are those that a briefing of it puts
together; within four days before and after those of 23."""

MOST_ARTICLES = 12
"""Articles read for a topic, the nearest first; and for a period, one of each story."""


def of_story(library: Library, article: ArticleRef, *, now: datetime) -> list[str]:
    """The article and all that tell the same event within days of it, copies included."""
    texts = texts_around(library, article, now=now)
    groups = clusters([text.sketch for text in texts])
    return [
        ref.id
        for group in groups
        if any(texts[number].holds(article.id) for number in group)
        for number in group
        for ref in texts[number].refs
    ]


def texts_around(
    library: Library, article: ArticleRef, *, now: datetime, whenever: bool = False, progress: Progress = silent
) -> list[StoryText]:
    """What may tell the article's story: the texts nearest to it among those of the weeks around it, oldest first; with
    `whenever` also those nearest to it of all.

    In the time of its story alone everything is of one matter, and what its articles have in common says nothing of
    which events they tell.
    """
    lead = " ".join(passage.text for passage in library.archive.passages(article.id)[:1])
    day = article.believed
    scopes = [Scope(after=day - AROUND, before=day + AROUND) if day else Scope()]
    if whenever and day:
        scopes.append(Scope())
    refs = {article.id: article}
    for scope in scopes:
        near = Question(text=article.title or lead, scope=scope)
        for one in retrieve(library, near, limit=MOST_PASSAGES, now=now):
            refs |= {ref.id: ref for ref in (one.passage.article, *one.copies)}
    carried = sorted(set(library.archive.stories_of(list(refs)).values()))
    for members in library.archive.story_members(carried).values():
        refs |= {ref.id: ref for ref in members}
    return story_texts(library, list(refs.values()), progress)


def of_topic(library: Library, question: Question, *, now: datetime) -> list[str]:
    """The articles about a question's text within its limits, the nearest first."""
    found = evidence_about(library, question, now=now)
    return list(dict.fromkeys(one.passage.article.id for one in found))[:MOST_ARTICLES]


def of_period(library: Library, scope: Scope, *, now: datetime) -> list[str]:
    """The first article that the briefing of a period quotes for each of its stories, the most important first."""
    found = build_briefing(library, BriefingRequest.of(scope=scope, stories=MOST_ARTICLES, sentences=1), now=now)
    return [story.sentences[0].article.id for story in found.stories]
