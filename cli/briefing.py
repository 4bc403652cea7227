"""What tells several articles at once: the commands briefing, summarize, timeline."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import (
    After,
    AsJson,
    Audio,
    Before,
    Libraries,
    Outlets,
    Since,
    Tags,
    Topic,
    Until,
    opened_desk,
    opened_studio,
    reading_for,
    scope_of,
)
from cli.output import about, names_of, print_citations
from cli.terminal import echo, echo_error, one_line, print_json, progress_bar
from rag.text.formatting import count, day_in_words, days_in_words, when_in_words

if TYPE_CHECKING:
    from newsletter.audio.studio import Studio
    from rag.checking.disagreements import Disagreement
    from rag.summaries.briefing_types import Briefing, BriefingStory
    from rag.summaries.story_texts import Progress
    from rag.summaries.summary_types import Summary
    from rag.summaries.timeline import Event, Timeline
    from rag.types import Citation

group = typer.Typer()


@group.command()
def briefing(
    context: typer.Context,
    topic: Topic = "",
    since: Since = None,
    until: Until = None,
    outlets: Outlets = None,
    tags: Tags = None,
    stories: Annotated[int, typer.Option("--stories", min=1, help="Most stories to print.")] = 5,
    sentences: Annotated[int, typer.Option("--sentences", min=1, help="Most quotes of each story.")] = 3,
    audio: Audio = None,
    library: Libraries = None,
    as_json: AsJson = False,
) -> int:
    """Tell the stories of a period or topic in quotes, with the outlets and with what they dispute."""
    from rag.date_input import parse_since
    from rag.summaries.briefing_types import BriefingRequest, briefing_json

    reading, now = reading_for(context, library), datetime.now(UTC)
    scope = scope_of(parse_since(since, now), until, outlets, tags)
    wanted = BriefingRequest.of(topic=topic, scope=scope, stories=stories, sentences=sentences)
    studio = opened_studio(audio)
    with opened_desk(reading) as desk, story_progress() as progress:
        found = desk.briefing(wanted, now=now, progress=progress)
    if as_json:
        print_json(briefing_json(found))
    else:
        _print_briefing(found, now)
    return 0 if studio is None else _read_out(found, studio, now)


def _read_out(found: Briefing, studio: Studio, now: datetime) -> int:
    """Write the MP3 of a briefing and say where; 1 where it has no story."""
    from newsletter.from_briefing import issue_of_briefing

    if not found.stories:
        echo_error("there is no story to be read out; ask for another period or topic")
        return 1
    for file in studio.produce(issue_of_briefing(found, now=now)):
        echo_error(str(file))
    return 0


@group.command()
def summarize(
    context: typer.Context,
    articles: Annotated[
        list[str] | None, typer.Argument(metavar="[ARTICLE_ID]...", help="One article, or several together.")
    ] = None,
    story: Annotated[
        str, typer.Option("--story", metavar="ARTICLE_ID", help="The whole story that this article tells.")
    ] = "",
    about: Annotated[
        str, typer.Option("--about", metavar="TEXT", help="A topic or question; of the named articles, what is on it.")
    ] = "",
    sentences: Annotated[
        int | None, typer.Option("--sentences", min=1, help="Most sentences; 3 where no length is given.")
    ] = None,
    words: Annotated[int | None, typer.Option("--words", min=1, help="Most words, instead of --sentences.")] = None,
    after: After = None,
    before: Before = None,
    outlets: Outlets = None,
    tags: Tags = None,
    library: Libraries = None,
    as_json: AsJson = False,
) -> int:
    """Summarise articles, a story, a topic or a period in cited sentences, never longer than asked for."""
    from rag.summaries.request import SummaryRequest
    from rag.summaries.summary_types import summary_json

    reading, scope = reading_for(context, library), scope_of(after, before, outlets, tags)
    wanted = SummaryRequest.of(articles or (), story=story, about=about, scope=scope, sentences=sentences, words=words)
    with opened_desk(reading) as desk:
        summary = desk.summarize(wanted)
    if as_json:
        print_json(summary_json(summary))
    else:
        _print_summary(summary)
    return 0 if summary.sentences else 1


@group.command()
def timeline(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(metavar="TOPIC")],
    since: Since = None,
    outlets: Outlets = None,
    tags: Tags = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most events to print.")] = 20,
    library: Libraries = None,
    as_json: AsJson = False,
) -> int:
    """List the dated events of a topic, oldest first; with --since only what is new since then."""
    from rag.date_input import parse_since
    from rag.summaries.timeline import timeline_json

    reading, now = reading_for(context, library), datetime.now(UTC)
    begin = parse_since(since, now)
    with opened_desk(reading) as desk:
        found = desk.timeline(topic, since=begin, scope=scope_of(None, None, outlets, tags), limit=limit, now=now)
    if as_json:
        print_json(timeline_json(found))
    else:
        _print_timeline(found)
    return 0


@contextmanager
def story_progress() -> Iterator[Progress | None]:
    """A bar for the stages of a briefing; None where nobody watches."""
    with progress_bar() as bar:
        if bar is None:
            yield None
            return
        show = bar
        words = {"reading": "articles read", "telling": "stories told", "parts": "parts of the story told"}
        yield lambda stage, done, total: show(f"{done} of {total} {words[stage]}", done, total)


def _print_briefing(found: Briefing, now: datetime) -> None:
    if found.notice:
        echo(found.notice)
        if found.nearest:
            echo("\nThe nearest articles:")
        for ref in found.nearest:
            echo(f"-   {ref.id}  {about(ref, {})}")
        return
    shown = f"{count(len(found.stories), 'story', 'stories')} of {found.total}, {count(found.considered, 'article')}"
    echo(f"{found.topic or 'Briefing'}: {shown}, {_period(found, now)}")
    for number, story in enumerate(found.stories, start=1):
        _print_story(number, story)


def _print_story(number: int, story: BriefingStory) -> None:
    names = f": {', '.join(map(one_line, story.outlets))}" if story.outlets else ""
    told = f"{story.sources_in_words}, {count(len(story.articles), 'article')}{names}"
    echo(f"\n{number}. {one_line(story.title)}\n   {told}")
    for quote in story.sentences:
        print_quote(quote)
    for pair in story.disputed:
        print_disputed(pair)


def print_quote(quote: Citation, value: str = "") -> None:
    """A quote with its marker and its article, after the figure that it gives."""
    from rag.answering.quote_writer import in_quotation_marks

    figure = f"{value}: " if value else ""
    echo(f"   [{quote.marker}] {figure}{in_quotation_marks(one_line(quote.quote))}\n       {about(quote.article, {})}")


def print_disputed(pair: Disagreement) -> None:
    """Both quotes of a disagreement, under what it is."""
    echo(
        "   Disputed, the outlets differ:" if pair.kind == "figure" else "   Disputed, one denies what the other says:"
    )
    for value, quote in zip(pair.values, (pair.one, pair.other), strict=True):
        print_quote(quote, value)


def _period(found: Briefing, now: datetime) -> str:
    """From when to when, and that nothing is newer where the library ends well before today."""
    after, before = found.scope.after, found.scope.before
    if after is None and before is None:
        text = days_in_words(found.first, found.last) if found.first and found.last else "undated"
    else:
        text = days_in_words(after, before or now) if after else f"until {day_in_words(before or now)}"
    if found.last and before is None and now - found.last > timedelta(days=1) and after is not None:
        text += f" (the library's newest article is from {day_in_words(found.last)})"
    return text


def _print_summary(summary: Summary) -> None:
    if summary.sentences:
        echo(f"{one_line(summary.title) or 'Summary'}\n")
        echo(summary.text)
        print_citations(summary.citations, summary.text, {})
    if summary.provenance.notice:
        echo_error(summary.provenance.notice)
    for removal in summary.provenance.removed:
        echo_error(f"left out of the draft: {one_line(removal.text)} ({removal.reason})")


def print_event(event: Event) -> None:
    """An event under its day, with who else tells it."""
    echo(f"\n{_when(event)}")
    print_quote(event.quote)
    if event.also:
        echo(f"       also told by {names_of(event.also)}")
    if event.quote.copies:
        echo(f"       also carried by {names_of(event.quote.copies)}")


def _print_timeline(found: Timeline) -> None:
    if found.notice:
        echo(found.notice)
        for ref in found.about:
            echo(f"-   {ref.id}  {about(ref, {})}")
        return
    new = f" new since {day_in_words(found.since)}" if found.since else ""
    echo(f"{found.topic}: {count(len(found.events), 'event')} of {found.total}{new}")
    for event in found.events:
        print_event(event)


def _when(event: Event) -> str:
    days = when_in_words(event.first, event.last)
    if event.date_source == "publication":
        return f"{days} (date of publication)"
    return f"{days} (the quote says “{one_line(event.date_words)}”)"
