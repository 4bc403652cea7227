"""Which articles a summary reads: those of a story, of a topic or of a period."""

from __future__ import annotations

from datetime import datetime, timedelta

from rag.retrieval.retrieve import retrieve
from rag.retrieval.topic import MOST_PASSAGES, evidence_about
from rag.scope import Scope
from rag.storage.library import Library
from rag.summaries.briefing import build_briefing
from rag.summaries.briefing_types import BriefingRequest
from rag.summaries.story_clustering import DAYS_APART, clusters, sketches_of
from rag.types import ArticleRef, Question

MOST_ARTICLES = 12
"""Articles read for a topic, the nearest first; and for a period, one of each story."""


def of_story(library: Library, article: ArticleRef, *, now: datetime) -> list[str]:
    """The article and all that tell the same event within days of it, copies included."""
    apart = timedelta(days=DAYS_APART)
    lead = " ".join(passage.text for passage in library.archive.passages(article.id)[:1])
    days = Scope(after=article.believed - apart, before=article.believed + apart) if article.believed else Scope()
    near = Question(text=article.title or lead, scope=days)
    found = retrieve(library, near, limit=MOST_PASSAGES, now=now)
    refs = {ref.id: ref for one in found for ref in (one.passage.article, *one.copies)}
    ids = list(dict.fromkeys([article.id, *refs]))
    sketches = sketches_of(library, ids)
    known = [name for name in ids if name in sketches]
    groups = clusters([sketches[name] for name in known])
    return [known[i] for group in groups if known.index(article.id) in group for i in group]


def of_topic(library: Library, question: Question, *, now: datetime) -> list[str]:
    """The articles about a question's text within its limits, the nearest first."""
    found = evidence_about(library, question, now=now)
    return list(dict.fromkeys(one.passage.article.id for one in found))[:MOST_ARTICLES]


def of_period(library: Library, scope: Scope, *, now: datetime) -> list[str]:
    """The first article that the briefing of a period quotes for each of its stories, the most important first."""
    found = build_briefing(library, BriefingRequest.of(scope=scope, stories=MOST_ARTICLES, sentences=1), now=now)
    return [story.sentences[0].article.id for story in found.stories]
