"""A briefing that a reader made on the page, as an issue of one section: then every format is at hand."""

from __future__ import annotations

from datetime import datetime

from newsletter.issue import Issue, Item, Section
from rag.answering.quote_writer import with_attribution
from rag.summaries.briefing_types import Briefing


def issue_of_briefing(briefing: Briefing, *, now: datetime) -> Issue:
    """The stories of a briefing with their markers as they are."""
    items = tuple(
        Item(
            title=story.title,
            articles=story.articles,
            sources=story.sources,
            sentences=with_attribution(story.sentences),
            citations=story.sentences,
            disputed=story.disputed,
        )
        for story in briefing.stories
    )
    title = briefing.topic or "Briefing"
    return Issue(
        title=title,
        language="en",
        intro="",
        closing="",
        first=briefing.scope.after or briefing.first,
        last=briefing.scope.before or briefing.last or now,
        sections=(Section(title="Stories", items=items, notice=briefing.notice),),
        revision=0,
    )
