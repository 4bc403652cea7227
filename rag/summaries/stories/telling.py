"""Tells the story of an article whole, from what briefings, timelines and storylines are made with.

Its articles are those that `rag.summaries.sources.of_story` finds. The same library and the same `now` give the same
story.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count

import numpy as np

from rag.errors import NoSuchArticle
from rag.retrieval.copies import SyndicatedCopies
from rag.storage.library import Library
from rag.summaries.briefing import briefing_story, most_typical_first, sources_of
from rag.summaries.briefing_types import BriefingRequest, BriefingStory
from rag.summaries.sources import texts_around
from rag.summaries.stories.coverage import Coverage, coverage
from rag.summaries.stories.significance import why_it_matters
from rag.summaries.stories.story import OutletSays, RelatedStory, Story, numbered, with_quotes
from rag.summaries.story_clustering import Floats, clusters, nearest_events, storylines
from rag.summaries.story_quotes import nothing_said, story_quotes
from rag.summaries.story_texts import Progress, StoryText, age_of, silent
from rag.summaries.storylines import Note, storyline_of
from rag.summaries.summary_types import Length
from rag.summaries.timeline import Event, events_told
from rag.types import Evidence

SENTENCES = 4
OUTLETS, QUOTES_OF_OUTLET, ARTICLES_OF_OUTLET = 8, 2, 2
EVENTS, ARTICLES_DATED = 8, 12
PARTS = 4
NOTES = 12

RELATED, MOST_RELATED = 0.45, 5
"""Stories are related from so alike on, on average over their articles. Of the pairs of stories of the sample, read by
hand, all 7 from there on are related, and of the next 5 below it none is."""


def tell_story(library: Library, article_id: str, *, now: datetime, progress: Progress | None = None) -> Story:
    """The story of an article; raises `NoSuchArticle` where there is none of that id."""
    article = library.archive.article(article_id)
    if article is None:
        raise NoSuchArticle.of(article_id)
    texts = texts_around(library, article.ref, now=now, whenever=True, progress=progress or silent)
    sketches = [text.sketch for text in texts]
    events = clusters(sketches)
    own = next(i for i, event in enumerate(events) if any(texts[one].holds(article_id) for one in event))
    line = next((line for line in storylines(sketches, events) if own in line), [own])
    event = [texts[one] for one in events[own]]
    over_days = [[texts[one] for one in events[number]] for number in line]
    request = BriefingRequest.of(sentences=SENTENCES, stories=1)
    made = briefing_story(library, event, request, ranks={}, said=nothing_said(library))
    if made is None:
        raise NoSuchArticle.of(article_id)
    told, vectors = made
    step = _counted(progress or silent)
    step()
    typical = most_typical_first(event)
    others = [events[number] for number in range(len(events)) if number not in line]
    near = nearest_events(sketches, others, [one for number in line for one in events[number]])
    related = [[texts[one] for one in others[number]] for likeness, number in near if likeness >= RELATED]
    why = why_it_matters(library, [text.ref.id for text in typical], said=vectors)
    step()
    outlets = _who_says_what(library, event, told=vectors)
    step()
    story = Story(
        told=told,
        why=why,
        outlets=outlets,
        events=_events(library, told, over_days),
        coverage=_coverage(library, over_days, now),
        notes=_notes(library, over_days),
        related=tuple(map(_related, related[:MOST_RELATED])),
    )
    step()
    named = iter(SyndicatedCopies(library.archive).named(list(story.citations)))
    return numbered(with_quotes(story, lambda _: next(named)))


def _counted(progress: Progress) -> Callable[[], None]:
    """Tells how many of the story's parts are there, one more at each call."""
    steps = count(1)
    return lambda: progress("parts", next(steps), PARTS)


def _who_says_what(library: Library, event: Sequence[StoryText], *, told: Floats) -> tuple[OutletSays, ...]:
    """Each independent outlet with what neither the story's quotes (`told`, vectors) nor an outlet before it says, or
    with its first sentence where that is nothing.

    None where one outlet alone tells the story: its quotes are the story's.
    """
    texts: dict[str, list[StoryText]] = {}
    for text in event:
        texts.setdefault(text.ref.outlet.casefold(), []).append(text)
    if len(texts) < 2:
        return ()
    said = told
    found: list[OutletSays] = []
    for own in list(texts.values())[:OUTLETS]:
        newest = [text.ref.id for text in own[-ARTICLES_OF_OUTLET:]]
        quoted = story_quotes(library, newest, length=Length(sentences=QUOTES_OF_OUTLET), said=said)
        if not quoted.quotes:
            quoted = story_quotes(library, newest, length=Length(sentences=1))
        said = np.vstack([said, quoted.vectors])
        refs = sorted((text.ref for text in own), key=age_of, reverse=True)
        if quoted.quotes:
            found.append(OutletSays(outlet=own[0].ref.outlet, quotes=quoted.quotes, articles=tuple(refs)))
    return tuple(found)


def _events(library: Library, told: BriefingStory, line: Sequence[Sequence[StoryText]]) -> tuple[Event, ...]:
    """What the storyline's articles date, the newest of them and what stands near to the story's own words first."""
    refs = [text.ref for event in line for text in event][-ARTICLES_DATED:]
    passages = [passage for ref in refs for passage in library.archive.passages(ref.id)]
    evidence = [Evidence(passage=one, score=0.0, rank=rank) for rank, one in enumerate(passages, start=1)]
    return events_told(library, told.title, evidence, limit=EVENTS).events


def _coverage(library: Library, line: Sequence[Sequence[StoryText]], now: datetime) -> Coverage:
    newest = library.archive.period()[1]
    until = min(newest, now) if newest else now
    return coverage([text for event in line for text in event], until=until)


def _notes(library: Library, line: Sequence[Sequence[StoryText]]) -> tuple[Note, ...]:
    """The last notes of a storyline of several events; a story of one event has its quotes."""
    made = storyline_of(library, line) if len(line) > 1 else None
    return made.notes[-NOTES:] if made is not None else ()


def _related(event: Sequence[StoryText]) -> RelatedStory:
    return RelatedStory(article=most_typical_first(event)[0].ref, sources=sources_of(event))
