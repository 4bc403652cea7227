"""What is new since a moment, and what goes on over days: the commands changes and storylines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.briefing import print_quote, story_progress
from cli.options import (
    AsJson,
    AsOf,
    Libraries,
    Outlets,
    Since,
    Tags,
    Topic,
    Until,
    asked_desk,
    reading_for,
    scope_of,
)
from cli.output import about
from cli.terminal import echo, one_line, print_json
from rag.text.formatting import count, day_in_words

if TYPE_CHECKING:
    from rag.summaries.changes import ChangedStory, Changes
    from rag.summaries.storylines import Storyline

group = typer.Typer()


@group.command()
def changes(
    context: typer.Context,
    since: Annotated[
        str,
        typer.Option("--since", metavar="PERIOD", help="7d, 24h or 2w before now, or a date: what is new from then."),
    ],
    topic: Topic = "",
    outlets: Outlets = None,
    tags: Tags = None,
    stories: Annotated[int, typer.Option("--stories", min=1, help="Most stories to print.")] = 10,
    sentences: Annotated[int, typer.Option("--sentences", min=1, help="Most quotes of each story.")] = 2,
    as_of: AsOf = None,
    library: Libraries = None,
    as_json: AsJson = False,
) -> int:
    """Tell what is new since a moment: new stories, what goes on, figures that moved, articles that were corrected."""
    from rag.date_input import since_of
    from rag.summaries.briefing_types import BriefingRequest
    from rag.summaries.changes import changes_json, changes_since

    reading = reading_for(context, library)
    with asked_desk(reading, as_of) as desk, story_progress() as progress:
        now = desk.now() if as_of is not None else datetime.now(UTC)
        begin = since_of(since, now)
        scope = desk.question(topic or "news", outlets=outlets or (), tags=tags or ()).scope
        wanted = BriefingRequest.of(topic=topic.strip(), scope=scope, stories=stories, sentences=sentences)
        found = changes_since(desk.library, begin, request=wanted, until=now, progress=progress)
    if as_json:
        print_json(changes_json(found))
    else:
        _print_changes(found)
    return 0


@group.command()
def storylines(
    context: typer.Context,
    topic: Topic = "",
    since: Since = None,
    until: Until = None,
    outlets: Outlets = None,
    tags: Tags = None,
    stories: Annotated[int, typer.Option("--stories", min=1, help="Most storylines to print.")] = 10,
    as_of: AsOf = None,
    library: Libraries = None,
    as_json: AsJson = False,
) -> int:
    """Tell stories over days and weeks, in dated notes that each quote what was new then."""
    from rag.date_input import parse_since
    from rag.summaries.story_texts import silent
    from rag.summaries.storylines import build_storylines, storylines_json

    reading = reading_for(context, library)
    with asked_desk(reading, as_of) as desk, story_progress() as progress:
        now = desk.now()
        limits = scope_of(parse_since(since, now), until, outlets, tags)
        scope = desk.question(topic or "news", scope=limits).scope
        found = build_storylines(
            desk.library, topic=topic.strip(), scope=scope, most=stories, now=now, progress=progress or silent
        )
    if as_json:
        print_json(storylines_json(found))
    else:
        _print_storylines(found)
    return 0


def _print_storylines(found: Sequence[Storyline]) -> None:
    if not found:
        echo("no story goes on over several events here; widen the period, or name a --topic")
    for number, line in enumerate(found, start=1):
        events = count(len(line.notes), "event")
        told = f"{events}, {count(len(line.articles), 'article')}: {', '.join(map(one_line, line.outlets))}"
        echo(f"\n{number}. {one_line(line.title)}\n   {told}")
        for note in line.notes:
            echo(f"   {day_in_words(note.day)}")
            print_quote(note.quote)


def _print_changes(found: Changes) -> None:
    echo(found.in_words)
    for number, story in enumerate(found.stories, start=1):
        _print_story(number, story)
    for one in found.corrected:
        echo(f"\nCorrected: {about(one.article, {})}")
        for field in one.changes.fields:
            echo(f"   {field.name}: {one_line(field.before) or 'unknown'} -> {one_line(field.after) or 'unknown'}")
        for sentence in one.changes.sentences:
            echo(f"   {'+' if sentence.kind == 'added' else '-'} {one_line(sentence.text)}")


def _print_story(number: int, story: ChangedStory) -> None:
    new = count(len(story.new_articles), "new article")
    said = f"new, {count(len(story.new_articles), 'article')}"
    if story.kind == "goes_on":
        begun = min((ref.believed for ref in story.told.earlier if ref.believed is not None), default=None)
        said = f"goes on{f' since {day_in_words(begun)}' if begun else ''}, {new}"
    echo(f"\n{number}. {one_line(story.told.title)}\n   {said}")
    for quote in story.told.sentences:
        print_quote(quote)
    for pair in story.revised:
        echo(f"   {pair.values[0]}, then {pair.values[1]}:")
        for quote in (pair.one, pair.other):
            print_quote(quote)
