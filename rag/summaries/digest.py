"""The digest of a week or month, rolled up from the dated notes of its storylines.

Nothing is told twice: a note says what no earlier one of its storyline says. The same library and day give the same
digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from rag.public_json import article_json
from rag.scope import Scope
from rag.storage.library import Library
from rag.summaries.story_clustering import DAYS_BETWEEN
from rag.summaries.story_texts import Progress, silent
from rag.summaries.storylines import Note, Storyline, build_storylines, note_json
from rag.summaries.summary_types import numbering
from rag.text.formatting import count, days_in_short
from rag.types import ArticleRef, Citation

Span = Literal["week", "month"]
DAYS: dict[Span, int] = {"week": 7, "month": 30}

MOST_EARLIER = 2
"""Notes from before the period that say what a story goes on from, the last of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestStory:
    """A storyline in a digest: what is known from before, and what the period added; both oldest first."""

    title: str
    earlier: tuple[Note, ...]
    notes: tuple[Note, ...]

    @property
    def articles(self) -> tuple[ArticleRef, ...]:
        """Those of the period, newest event first."""
        return tuple(ref for note in reversed(self.notes) for ref in note.articles)

    @property
    def outlets(self) -> tuple[str, ...]:
        """Every outlet that told it in the period, sorted; unknown ones are left out."""
        return tuple(sorted({ref.outlet for ref in self.articles if ref.outlet}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """The storylines of a period, those with the most articles, outlets and events first; markers count through."""

    first: date
    last: date
    stories: tuple[DigestStory, ...]

    @property
    def citations(self) -> Iterator[Citation]:
        """Every quote in the order of the markers."""
        for story in self.stories:
            yield from (note.quote for note in (*story.earlier, *story.notes))

    @property
    def in_words(self) -> str:
        """`14 to 20 June 2024: 5 stories, 2 of them from before.`"""
        days = days_in_short(self.first, self.last)
        if not self.stories:
            return f"{days}: no story."
        going_on = sum(bool(story.earlier) for story in self.stories)
        before = f", {going_on} of them from before" if going_on else ""
        return f"{days}: {count(len(self.stories), 'story', 'stories')}{before}."


def days_of(span: Span, last: date) -> tuple[date, date]:
    """The first and the last day of the week or month that ends with a day."""
    return last - timedelta(days=DAYS[span] - 1), last


def build_digest(
    library: Library,
    days: tuple[date, date],
    *,
    topic: str = "",
    scope: Scope = Scope(),
    most: int = 10,
    now: datetime,
    progress: Progress = silent,
) -> Digest:
    """The digest of these days, the first to the last (UTC), within the scope's outlets and tags."""
    first, last = days
    begin = datetime.combine(first, time(), tzinfo=UTC)
    end = datetime.combine(last, time.max, tzinfo=UTC)
    around = replace(scope, after=begin - timedelta(days=DAYS_BETWEEN), before=end)
    lines = build_storylines(library, topic=topic, scope=around, most=most, now=now, since=begin, progress=progress)
    number = numbering()

    def marked(note: Note) -> Note:
        return replace(note, quote=number(note.quote))

    stories = []
    for line in lines:
        earlier, notes = _parted(line, first)
        if notes:
            shown = tuple(map(marked, earlier[-MOST_EARLIER:]))
            stories.append(DigestStory(title=line.title, earlier=shown, notes=tuple(map(marked, notes))))
    return Digest(first=first, last=last, stories=tuple(stories))


def _parted(line: Storyline, first: date) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """The notes from before a day, and those since."""
    return (
        tuple(note for note in line.notes if note.day < first),
        tuple(note for note in line.notes if note.day >= first),
    )


def digest_json(found: Digest) -> dict[str, Any]:
    """The public JSON form (`newsdesk digest --json`); days are ISO 8601."""
    return {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "summary": found.in_words,
        "stories": [
            {
                "title": story.title,
                "outlets": list(story.outlets),
                "earlier": [note_json(note) for note in story.earlier],
                "notes": [note_json(note) for note in story.notes],
                "articles": [article_json(ref) for ref in story.articles],
            }
            for story in found.stories
        ],
    }
