"""Subscriptions to RSS and Atom feeds: the commands feeds add, list, remove, poll."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output
from cli.options import AsJson, LibraryFolder, opened_library, settings_for
from cli.signals import stopping
from cli.terminal import IngestProgress, echo, echo_error, print_json, progress_bar
from rag.errors import NewsdeskError

if TYPE_CHECKING:
    from ingest.subscriptions.report import PollReport
    from rag.settings import Settings

_LOOK_SECONDS = 0.2

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Subscribe to RSS and Atom feeds and poll them.")


@group.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a page that names its feed.")],
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="Fetch the page of every entry, or take the feed's own text.")
    ] = True,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Subscribe to a feed; `newsdesk feeds poll` brings in its articles."""
    from ingest.fetching.fetcher import Fetcher
    from ingest.subscriptions.discovery import add_feed
    from rag.storage.library import open_library

    settings = settings_for(context, library)
    with open_library(settings) as opened, Fetcher(settings) as fetcher:
        feed = add_feed(opened, fetcher, url, follow=follow, now=datetime.now(UTC))
    if as_json:
        print_json({"feed": asdict(feed)})
    else:
        echo(f"subscribed to {feed.url}  {feed.title}".rstrip())
    return 0


@group.command("list")
def list_all(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> int:
    """List the subscriptions with their last poll."""
    with opened_library(settings_for(context, library)) as opened:
        found = opened.archive.feeds.feeds()
    if as_json:
        print_json({"feeds": [asdict(feed) for feed in found]})
    else:
        output.print_feeds(found)
    return 0


@group.command()
def remove(
    context: typer.Context,
    urls: Annotated[list[str], typer.Argument(metavar="URL...")],
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """End subscriptions; the articles that they brought stay."""
    with opened_library(settings_for(context, library)) as opened:
        opened.refuse_if_read_only()
        removed = {url: opened.archive.feeds.remove(url) for url in dict.fromkeys(urls)}
    return output.print_removed(removed, "no subscription to {!r}; `newsdesk feeds list` shows them", as_json=as_json)


@group.command()
def poll(
    context: typer.Context,
    urls: Annotated[list[str] | None, typer.Argument(metavar="[URL]...", help="Only these subscriptions.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Read every feed whole, changed or not.")] = False,
    every: Annotated[
        float | None,
        typer.Option("--every", metavar="MINUTES", min=0.1, help="Again and again, so far apart, until Ctrl-C."),
    ] = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Bring in what is new in the feeds; safe to run twice at once, made for cron, or as a worker with --every."""
    settings = settings_for(context, library)
    with stopping() as stop:
        while True:
            try:
                failed = _polled(settings, urls or (), stop, force=force, as_json=as_json)
            except NewsdeskError as error:
                if every is None:
                    raise
                # A server may be away for a while: the next round tries again.
                echo_error(str(error))
            if every is None:
                return 1 if failed else 0
            if _is_stopped_within(every * 60, stop):
                return 0


def _polled(settings: Settings, urls: Sequence[str], stop: Callable[[], bool], *, force: bool, as_json: bool) -> bool:
    """Poll once and print how it went; whether anything failed."""
    from ingest.fetching.fetcher import Fetcher
    from ingest.subscriptions import polling
    from rag.storage.library import open_library

    report: PollReport | None = None
    try:
        with (
            open_library(settings) as opened,
            Fetcher(settings) as fetcher,
            progress_bar(quiet=as_json) as show,
        ):
            progress = IngestProgress(show) if show else None
            report = polling.poll(
                opened, fetcher, urls=urls, now=datetime.now(UTC), force=force, progress=progress, stop=stop
            )
    except NewsdeskError as error:
        if report is None:
            raise
        echo_error(str(error))
        report = replace(report, complete=False)
    if as_json:
        print_json(report.as_json())
    else:
        output.print_poll(report)
    return bool(report.failed or not report.complete or any(feed.problems for feed in report.feeds))


def _is_stopped_within(seconds: float, stop: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not stop() and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
    return stop()
