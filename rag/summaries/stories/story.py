"""What one story is made of, and its public JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from rag.checking.disagreements import Disagreement
from rag.public_json import article_json, citation_json
from rag.summaries.briefing_types import BriefingStory, story_json
from rag.summaries.stories.coverage import Coverage
from rag.summaries.storylines import Note, note_json
from rag.summaries.summary_types import numbering
from rag.summaries.timeline import Event, event_json
from rag.types import ArticleRef, Citation


@dataclass(frozen=True, kw_only=True, slots=True)
class OutletSays:
    """What one outlet says of the story in its own words; `articles` are those of its texts, newest first, and `outlet`
    is empty where nobody knows it."""

    outlet: str
    quotes: tuple[Citation, ...]
    articles: tuple[ArticleRef, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedStory:
    """Another story that is near this one: its most typical article, and how many independent outlets tell it."""

    article: ArticleRef
    sources: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One story whole. Markers count through all of it, in the order of the fields.

    `told` is what a briefing tells of it, `why` why it matters, `outlets` who says what where several tell it.
    `events`, `notes` (of its storyline; none where the story is of one event) and
    `coverage` are over days, `related` the stories nearest to it.
    """

    told: BriefingStory
    why: tuple[Citation, ...]
    outlets: tuple[OutletSays, ...]
    events: tuple[Event, ...]
    coverage: Coverage
    notes: tuple[Note, ...]
    related: tuple[RelatedStory, ...]

    @property
    def citations(self) -> Iterator[Citation]:
        """Every quote in the order of the markers."""
        yield from self.told.sentences
        yield from self.why
        for outlet in self.outlets:
            yield from outlet.quotes
        for pair in self.told.disputed:
            yield from (pair.one, pair.other)
        yield from (event.quote for event in self.events)
        yield from (note.quote for note in self.notes)


def numbered(story: Story) -> Story:
    """The same story with markers that count from 1."""
    return with_quotes(story, numbering())


def with_quotes(story: Story, change: Callable[[Citation], Citation]) -> Story:
    """The story with each quote as `change` gives it, called in the order of the markers."""

    def both(pair: Disagreement) -> Disagreement:
        return replace(pair, one=change(pair.one), other=change(pair.other))

    sentences = tuple(map(change, story.told.sentences))
    why = tuple(map(change, story.why))
    outlets = tuple(replace(outlet, quotes=tuple(map(change, outlet.quotes))) for outlet in story.outlets)
    told = replace(story.told, sentences=sentences, disputed=tuple(map(both, story.told.disputed)))
    events = tuple(replace(event, quote=change(event.quote)) for event in story.events)
    notes = tuple(replace(note, quote=change(note.quote)) for note in story.notes)
    return replace(story, told=told, why=why, outlets=outlets, events=events, notes=notes)


def whole_story_json(story: Story) -> dict[str, Any]:
    """The public JSON form (`newsdesk story --json`); days and moments are ISO 8601."""
    covered = story.coverage
    return {
        **story_json(story.told),
        "why": [citation_json(quote) for quote in story.why],
        "says": [
            {
                "outlet": one.outlet,
                "quotes": [citation_json(quote) for quote in one.quotes],
                "articles": [article_json(ref) for ref in one.articles],
            }
            for one in story.outlets
        ],
        "timeline": [event_json(event) for event in story.events],
        "coverage": {
            "summary": covered.in_words,
            "trend": covered.trend,
            "strength": round(covered.strength, 3),
            "until": covered.until.isoformat(),
            "days": [{"day": day.day.isoformat(), "outlets": list(day.outlets)} for day in covered.days],
        },
        "notes": [note_json(note) for note in story.notes],
        "related": [{**article_json(one.article), "sources": one.sources} for one in story.related],
    }
