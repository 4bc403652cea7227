"""What the commands do that tell several articles at once: briefing, timeline.

Each prints its result, as text or as JSON, and returns the exit code. Errors meant for the reader are raised.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rag.answering.quote_writer import in_quotation_marks
from rag.checking.disagreements import Disagreement
from rag.date_input import parse_since
from rag.desk import Desk
from rag.question.outlets import named_outlets
from rag.settings import Settings
from rag.storage.library import open_library
from rag.summaries.briefing import Progress
from rag.summaries.briefing_types import Briefing, BriefingStory, briefing_json
from rag.summaries.timeline import Event, Timeline, timeline_json
from rag.text.formatting import count, day_in_words, days_in_words
from web.printing import about
from web.terminal import echo, one_line, print_json, progress_bar

if TYPE_CHECKING:
    from rag.types import Citation


def briefing(
    settings: Settings,
    *,
    topic: str,
    since: str | None,
    until: str | None,
    outlets: Sequence[str],
    stories: int,
    sentences: int,
    as_json: bool,
    now: datetime,
) -> int:
    """Print the stories of a period, the most important first."""
    begin = parse_since(since, now)
    with Desk(open_library(settings, create=False)) as desk, _progress() as progress:
        found = desk.briefing(
            topic=topic,
            published_after=begin,
            published_before=until,
            outlets=named_outlets(outlets, desk.outlets()) if outlets else (),
            stories=stories,
            sentences=sentences,
            now=now,
            progress=progress,
        )
    if as_json:
        print_json(briefing_json(found))
    else:
        _print_briefing(found, now)
    return 0


def timeline(settings: Settings, topic: str, *, since: str | None, limit: int, as_json: bool, now: datetime) -> int:
    """Print the dated events of a topic, oldest first."""
    begin = parse_since(since, now)
    with Desk(open_library(settings, create=False)) as desk:
        found = desk.timeline(topic, since=begin, limit=limit, now=now)
    if as_json:
        print_json(timeline_json(found))
    else:
        _print_timeline(found)
    return 0


@contextmanager
def _progress() -> Iterator[Progress | None]:
    with progress_bar(shown=sys.stderr.isatty()) as bar:
        if bar is None:
            yield None
            return
        show = bar
        words = {"reading": "articles read", "telling": "stories told"}
        yield lambda stage, done, total: show(f"{done} of {total} {words[stage]}", done, total)


def _print_briefing(found: Briefing, now: datetime) -> None:
    if found.notice:
        echo(found.notice)
        if found.nearest:
            echo("\nThe nearest articles:")
        for ref in found.nearest:
            echo(f"-   {ref.id}  {about(ref, {})}")
        return
    said = f"{count(len(found.stories), 'story', 'stories')} of {found.total}, {count(found.considered, 'article')}"
    echo(f"{found.topic or 'Briefing'}: {said}, {_period(found, now)}")
    for number, story in enumerate(found.stories, start=1):
        _print_story(number, story)


def _print_story(number: int, story: BriefingStory) -> None:
    told = count(story.sources, "independent source")
    names = f": {', '.join(map(one_line, story.outlets))}" if story.outlets else ""
    echo(f"\n{number}. {one_line(story.title)}\n   {told}, {count(len(story.articles), 'article')}{names}")
    for quote in story.sentences:
        _print_quote(quote)
    for pair in story.disputed:
        _print_disputed(pair)


def _print_quote(quote: Citation, value: str = "") -> None:
    figure = f"{value}: " if value else ""
    echo(f"   [{quote.marker}] {figure}{in_quotation_marks(one_line(quote.quote))}\n       {about(quote.article, {})}")


def _print_disputed(pair: Disagreement) -> None:
    echo(
        "   Disputed, the outlets differ:" if pair.kind == "figure" else "   Disputed, one denies what the other says:"
    )
    for value, quote in zip(pair.values, (pair.one, pair.other), strict=True):
        _print_quote(quote, value)


def _period(found: Briefing, now: datetime) -> str:
    """From when to when, and that nothing is newer where the library ends well before today."""
    after, before = found.published_after, found.published_before
    if after is None and before is None:
        text = days_in_words(found.first, found.last) if found.first and found.last else "undated"
    else:
        text = days_in_words(after, before or now) if after else f"until {day_in_words(before or now)}"
    if found.last and before is None and now - found.last > timedelta(days=1) and after is not None:
        text += f" (the library's newest article is from {day_in_words(found.last)})"
    return text


def _print_timeline(found: Timeline) -> None:
    if found.notice:
        echo(found.notice)
        for ref in found.about:
            echo(f"-   {ref.id}  {about(ref, {})}")
        return
    new = f" new since {day_in_words(found.since)}" if found.since else ""
    echo(f"{found.topic}: {count(len(found.events), 'event')} of {found.total}{new}")
    for event in found.events:
        echo(f"\n{_when(event)}")
        _print_quote(event.quote)
        if event.also:
            names = dict.fromkeys(one_line(ref.outlet or ref.title) or f"article {ref.id}" for ref in event.also)
            echo(f"       also told by {', '.join(names)}")
        if event.quote.copies:
            names = dict.fromkeys(
                one_line(ref.outlet or ref.title) or f"article {ref.id}" for ref in event.quote.copies
            )
            echo(f"       also carried by {', '.join(names)}")


def _when(event: Event) -> str:
    days = days_in_words(event.first, event.last)
    if event.date_source == "publication":
        return f"{days} (date of publication)"
    return f"{days} (the quote says “{one_line(event.date_words)}”)"
