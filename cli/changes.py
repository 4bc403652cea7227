"""What is new and what goes on: the commands changes, alerts, storylines, digest and story."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.briefing import print_disputed, print_event, print_quote, story_progress
from cli.options import (
    AsJson,
    AsOf,
    Libraries,
    LibraryFolder,
    Outlets,
    Since,
    Tags,
    Topic,
    Until,
    asked_desk,
    desk_of,
    reading_for,
    scope_of,
    settings_for,
)
from cli.output import about
from cli.terminal import echo, one_line, print_json
from rag.text.formatting import count, day_in_words

if TYPE_CHECKING:
    from rag.summaries.changes import ChangedStory, Changes
    from rag.summaries.digest import Digest
    from rag.summaries.stories.story import Story
    from rag.summaries.storylines import Note, Storyline
    from rag.types import Citation

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
        now = desk.now()
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
def alerts(
    context: typer.Context,
    config: Annotated[str, typer.Argument(metavar="ALERTS.toml")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is new; tell nobody, remember nothing.")] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Tell by mail, and to an address that takes JSON, what came in on topics since the last time."""
    from ingest.fetching.webhook import post_json
    from newsletter.alerts import load_alerts, look, tell
    from newsletter.smtp import PASSWORD_VARIABLE
    from rag.summaries.changes import changes_json

    settings, wanted = settings_for(context, library), load_alerts(config)
    with desk_of(settings) as desk:
        found = look(desk, wanted, now=datetime.now(UTC))
    if not dry_run:
        password = os.environ.get(PASSWORD_VARIABLE, "")
        tell(found, wanted, post=lambda url, body: post_json(settings, url, body), password=password)
    if as_json:
        told = [{"topic": one.topic.topic, "is_first": one.is_first, **changes_json(one.found)} for one in found]
        print_json({"alerts": told, "dry_run": dry_run})
        return 0
    for one in found:
        words = "looked at for the first time; what comes in from now on is new" if one.is_first else one.found.in_words
        echo(f"{one_line(one.topic.topic)}: {words}")
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


@group.command()
def digest(
    context: typer.Context,
    month: Annotated[bool, typer.Option("--month", help="Of thirty days instead of seven.")] = False,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="The last day; today where nothing is said.")
    ] = None,
    topic: Topic = "",
    outlets: Outlets = None,
    tags: Tags = None,
    stories: Annotated[int, typer.Option("--stories", min=1, help="Most stories to print.")] = 10,
    as_of: AsOf = None,
    library: Libraries = None,
    as_json: AsJson = False,
) -> int:
    """Tell a week or month, rolled up from its storylines: what was known before, and note by note what came."""
    from rag.date_input import parse_datetime
    from rag.summaries.digest import build_digest, days_of, digest_json
    from rag.summaries.story_texts import silent

    reading = reading_for(context, library)
    with asked_desk(reading, as_of) as desk, story_progress() as progress:
        now = desk.now()
        last = parse_datetime(until, end_of_day=True) or now
        found = build_digest(
            desk.library,
            days_of("month" if month else "week", last.astimezone(UTC).date()),
            topic=topic.strip(),
            scope=desk.question(topic or "news", outlets=outlets or (), tags=tags or ()).scope,
            most=stories,
            now=now,
            progress=progress or silent,
        )
    if as_json:
        print_json(digest_json(found))
    else:
        _print_digest(found)
    return 0


@group.command()
def story(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ARTICLE_ID", help="An article that tells it.")],
    as_of: AsOf = None,
    library: Libraries = None,
    as_json: AsJson = False,
) -> int:
    """Tell one story whole: what happened, why it matters, who says what, what is disputed, when, what is near it."""
    from rag.summaries.stories.story import whole_story_json

    reading = reading_for(context, library)
    with asked_desk(reading, as_of) as desk, story_progress() as progress:
        found = desk.story(article, progress=progress)
    if as_json:
        print_json(whole_story_json(found))
    else:
        _print_whole_story(found)
    return 0


def _print_whole_story(found: Story) -> None:
    told = found.told
    names = f": {', '.join(map(one_line, told.outlets))}" if told.outlets else ""
    echo(f"{one_line(told.title)}\n{told.sources_in_words}, {count(len(told.articles), 'article')}{names}")
    if found.coverage.days:
        echo(found.coverage.in_words)
    _print_part("What happened", told.sentences)
    _print_part("Why it matters", found.why)
    for number, outlet in enumerate(found.outlets):
        if not number:
            echo("\nWho says what")
        echo(f"  {one_line(outlet.outlet) or 'unknown outlet'}")
        for quote in outlet.quotes:
            print_quote(quote)
    if told.disputed:
        echo("")
    for pair in told.disputed:
        print_disputed(pair)
    if found.events:
        echo("\nTimeline")
    for event in found.events:
        print_event(event)
    if found.notes:
        echo("\nNotes over days")
    _print_notes(found.notes)
    if found.related:
        echo("\nRelated stories")
    for one in found.related:
        echo(f"-   {one.article.id}  {about(one.article, {})}")


def _print_part(heading: str, quotes: Sequence[Citation]) -> None:
    if quotes:
        echo(f"\n{heading}")
    for quote in quotes:
        print_quote(quote)


def _print_notes(notes: Sequence[Note]) -> None:
    for note in notes:
        echo(f"   {day_in_words(note.day)}")
        print_quote(note.quote)


def _print_storylines(found: Sequence[Storyline]) -> None:
    if not found:
        echo("no story goes on over several events here; widen the period, or name a --topic")
    for number, line in enumerate(found, start=1):
        events = count(len(line.notes), "event")
        told = f"{events}, {count(len(line.articles), 'article')}: {', '.join(map(one_line, line.outlets))}"
        echo(f"\n{number}. {one_line(line.title)}\n   {told}")
        _print_notes(line.notes)


def _print_digest(found: Digest) -> None:
    echo(found.in_words)
    for number, one in enumerate(found.stories, start=1):
        told = f"{count(len(one.articles), 'article')}: {', '.join(map(one_line, one.outlets))}"
        echo(f"\n{number}. {one_line(one.title)}\n   {told}")
        if one.earlier:
            echo("   Before:")
        _print_notes(one.earlier)
        if one.earlier:
            echo("   Since:")
        _print_notes(one.notes)


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
