"""A story told whole as HTML: each part under its heading, in quotes with citations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rag.summaries.stories.coverage import Coverage
from rag.summaries.stories.story import Story
from rag.text.formatting import day_in_words, when_in_words
from rag.types import Citation
from rag.wording import _
from web.page.html.charts import Chart, bar_chart
from web.page.html.rendering import render
from web.page.html.views import ArticleCard, Quote, dispute_of, quote_cards, quote_of
from web.page.html.words import outlet_of
from web.page.places import quote_reference

_DAYS_DRAWN = 60
"""Of a longer story only the days with articles are drawn, so that a bar can be told from the next."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """An outlet with its quotes."""

    name: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """A quote under its days; `published` where that is only the day of publication. `also` are outlets that tell it,
    too."""

    days: str
    quote: Quote
    published: bool = False
    also: tuple[str, ...] = ()


def whole_story_html(story: Story, texts: Mapping[str, str], *, article: str) -> str:
    """The story that was asked for by an article (id); `texts` are the articles' texts by id, for the words around each
    quote."""
    told = story.told
    parts = [
        (_("What happened"), "happened", tuple(map(_quote, told.sentences[1:]))),
        (_("Why it matters"), "why", tuple(map(_quote, story.why))),
    ]
    return render(
        "whole_story.html",
        article=article,
        told=told,
        gist=_quote(told.gist),
        parts=[part for part in parts if part[2]],
        outlets=[Said(name=outlet_of(one.articles[0]), quotes=tuple(map(_quote, one.quotes))) for one in story.outlets],
        disputes=[dispute_of(pair, quote_reference) for pair in told.disputed],
        events=[
            Dated(
                days=when_in_words(event.first, event.last),
                quote=_quote(event.quote),
                published=event.date_source == "publication",
                also=tuple(dict.fromkeys(outlet_of(ref) for ref in event.also)),
            )
            for event in story.events
        ],
        covered=story.coverage.in_words,
        chart=_chart(story.coverage),
        notes=[Dated(days=day_in_words(note.day), quote=_quote(note.quote)) for note in story.notes],
        related=story.related,
        articles=[ArticleCard(reference=f"article:{ref.id}", article=ref) for ref in told.articles],
        cards=quote_cards((*story.citations, told.gist), texts, quote_reference),
    )


def _quote(citation: Citation) -> Quote:
    return quote_of(citation, quote_reference(citation))


def _chart(coverage: Coverage) -> Chart | None:
    """Independent outlets a day; None for a story of one day."""
    if len(coverage.days) < 2:
        return None
    number = {day.day: len(day.outlets) for day in coverage.days}
    first, last = coverage.days[0].day, coverage.days[-1].day
    length = (last - first).days + 1
    drawn: list[date] = list(number)
    if length <= _DAYS_DRAWN:
        drawn = [first + timedelta(days=step) for step in range(length)]
    return bar_chart(_("Independent outlets by day"), [(day_in_words(day), number.get(day, 0)) for day in drawn])
