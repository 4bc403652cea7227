"""A briefing that a reader made on the page, as an issue of one section: then every format is at hand."""

from __future__ import annotations

from datetime import datetime

from newsletter.issue import Issue, Item, Section
from newsletter.quotes import gist_sentence, told_in_quotes
from rag.summaries.briefing_types import Briefing, BriefingStory
from rag.wording import _, language


def issue_of_briefing(briefing: Briefing, *, now: datetime) -> Issue:
    """The stories of a briefing with their markers as they are."""
    items = tuple(map(item_of, briefing.stories))
    title = briefing.topic or _("Briefing")
    return Issue(
        title=title,
        language=language(),
        intro="",
        closing="",
        first=briefing.scope.after or briefing.first,
        last=briefing.scope.before or briefing.last or now,
        sections=(Section(title=_("Stories"), items=items, notice=briefing.notice),),
        revision=0,
    )


def item_of(story: BriefingStory) -> Item:
    """One story of it."""
    gist, rest = told_in_quotes(story)
    return Item(
        title=story.title,
        articles=story.articles,
        sources=story.sources,
        gist=gist_sentence(gist, story.sentences[0]),
        sentences=rest,
        citations=(gist, *story.sentences[1:]),
        disputed=story.disputed,
    )
