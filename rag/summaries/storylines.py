"""Stories over days and weeks: what happened, note by note, each dated and in an exact quote.

Events are the stories of a briefing; one goes on with an earlier one where they are alike (see
`rag.summaries.story_clustering.storylines`). Each event leaves a note, the sentence that says best what happened and
that no note before it says. The same library and period give the same storylines.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np

from rag.public_json import article_json, citation_json
from rag.retrieval.topic import ranks_about
from rag.scope import Scope
from rag.storage.library import Library
from rag.summaries.briefing import most_typical_first, sources_of
from rag.summaries.story_clustering import Floats, clusters, storylines
from rag.summaries.story_quotes import headline, nothing_said, story_quotes
from rag.summaries.story_texts import Progress, StoryText, age_of, silent, story_texts
from rag.summaries.summary_types import Length
from rag.types import ArticleRef, Citation

MOST_OF_AN_EVENT = 2
"""Notes of one event: of more days than two the middle ones say little."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What an event added to its storyline. `day` is the quoted article's; `articles` are the event's, newest first."""

    day: date
    quote: Citation
    articles: tuple[ArticleRef, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Storyline:
    """A story with its notes, oldest first; markers count through all storylines that are told together."""

    title: str
    notes: tuple[Note, ...]

    @property
    def articles(self) -> tuple[ArticleRef, ...]:
        """All its articles, newest event first."""
        return tuple(ref for note in reversed(self.notes) for ref in note.articles)

    @property
    def outlets(self) -> tuple[str, ...]:
        """Every outlet that tells it, sorted; unknown ones are left out."""
        return tuple(sorted({ref.outlet for ref in self.articles if ref.outlet}))


def build_storylines(
    library: Library,
    *,
    topic: str = "",
    scope: Scope = Scope(),
    most: int = 10,
    now: datetime,
    since: datetime | None = None,
    progress: Progress = silent,
) -> tuple[Storyline, ...]:
    """The storylines of a topic or period with the most articles and days first; undated articles take no part.

    Only those of at least two events are told where no topic is asked for. With `since` all are told that have articles
    from then on, whole; those with the most of these first.
    """
    refs = library.archive.refs(scope)
    if topic:
        ranks = ranks_about(library, topic, scope=scope, now=now)
        refs = [ref for ref in refs if ref.id in ranks]
    texts = story_texts(library, [ref for ref in refs if ref.believed is not None], progress)
    sketches = [text.sketch for text in texts]
    events = clusters(sketches)
    lines = [[events[event] for event in line] for line in storylines(sketches, events)]

    def counted(line: Sequence[Sequence[int]]) -> list[list[int]]:
        """The line's articles from `since` on, event by event."""
        begin = since.timestamp() if since is not None else -math.inf
        held = ([one for one in event if (texts[one].sketch.published or 0.0) >= begin] for event in line)
        return [event for event in held if event]

    wanted = [line for line in lines if counted(line) and (topic or since is not None or len(line) > 1)]
    wanted.sort(key=lambda line: (-_weight(counted(line), texts), texts[line[0][0]].ref.id))
    told: list[Storyline] = []
    marker = 0
    for line in wanted[:most]:
        made = storyline_of(library, [[texts[one] for one in event] for event in line], marker=marker)
        if made is not None:
            told.append(made)
            marker += len(made.notes)
        progress("telling", len(told), min(most, len(wanted)))
    return tuple(told)


def _weight(line: Sequence[Sequence[int]], texts: Sequence[StoryText]) -> float:
    """Doublings of its articles, of its outlets and of its events."""
    numbers = [number for event in line for number in event]
    sources = sources_of([texts[number] for number in numbers])
    return math.log2(len(numbers)) + math.log2(sources) + math.log2(len(line))


def storyline_of(library: Library, line: Sequence[Sequence[StoryText]], *, marker: int = 0) -> Storyline | None:
    """The storyline of these events, oldest first, its notes numbered after `marker`; None where no sentence of theirs
    can be quoted."""
    notes: list[Note] = []
    said = nothing_said(library)
    for event in line:
        for quote, vectors, texts in _told_of(library, event, said):
            said = np.vstack([said, vectors])
            refs = sorted((ref for text in texts for ref in text.refs), key=age_of, reverse=True)
            day = quote.article.believed
            if day is not None:
                numbered = replace(quote, marker=marker + len(notes) + 1)
                notes.append(Note(day=day.date(), quote=numbered, articles=tuple(refs)))
    if not notes:
        return None
    last = notes[-1]
    return Storyline(title=headline(library, last.quote, last.articles) or last.quote.quote, notes=tuple(notes))


def _told_of(
    library: Library, event: Sequence[StoryText], said: Floats
) -> list[tuple[Citation, Floats, list[StoryText]]]:
    """What is noted of an event: what says it best and, where its newest articles are of a later day, what they say
    beyond that (a final after the match before it); each with its vector and the articles up to its day."""
    found: list[tuple[Citation, Floats, list[StoryText]]] = []
    rest = list(event)
    while rest and len(found) < MOST_OF_AN_EVENT:
        told = story_quotes(library, _read(rest), length=Length(sentences=1), said=said)
        if not told.quotes:
            break
        said = np.vstack([said, told.vectors])
        day = told.quotes[0].article.believed
        later = [text for text in rest if day and text.ref.believed and text.ref.believed.date() > day.date()]
        found.append((told.quotes[0], told.vectors, [text for text in rest if text not in later]))
        rest = later
    if found:
        # What says nothing beyond it stands with the last one.
        found[-1][2].extend(rest)
    return found


def _read(event: Sequence[StoryText]) -> list[str]:
    """What a note of an event is chosen from: its first, its newest and its most typical article."""
    return list(dict.fromkeys(text.ref.id for text in (event[0], most_typical_first(event)[0], event[-1])))


def storylines_json(found: Sequence[Storyline]) -> dict[str, Any]:
    """The public JSON form (`newsdesk storylines --json`); days are ISO 8601."""
    return {
        "storylines": [
            {
                "title": line.title,
                "outlets": list(line.outlets),
                "articles": len(line.articles),
                "notes": [note_json(note) for note in line.notes],
            }
            for line in found
        ]
    }


def note_json(note: Note) -> dict[str, Any]:
    """The public JSON form of a note."""
    return {
        "day": note.day.isoformat(),
        "quote": citation_json(note.quote),
        "articles": [article_json(ref) for ref in note.articles],
    }
