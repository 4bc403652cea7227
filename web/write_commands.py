"""What the commands do that change a library: ingest, remove, rebuild, and everything about feeds.

Each prints its result, as text or as JSON, and returns the exit code. Errors meant for the reader are raised.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial

from ingest import pipeline
from ingest.fetching.fetcher import Fetcher
from ingest.report import Problem
from ingest.subscriptions import discovery, polling
from rag.errors import NewsdeskError
from rag.settings import Settings
from rag.storage.library import open_library
from web import printing
from web.stopping import stopping
from web.terminal import Bar, IngestProgress, echo, echo_error, print_json, progress_bar


def ingest(
    settings: Settings,
    sources: Sequence[str],
    *,
    format_name: str,
    follow: bool,
    max_pages: int,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Read sources into the library, and report; 1 where something did not go in."""
    report: pipeline.IngestReport | None = None
    try:
        with stopping() as stop, open_library(settings) as library, _bar(as_json) as show:
            report = pipeline.ingest(
                sources,
                library,
                format_name=format_name,
                follow=follow,
                max_pages=max_pages,
                progress=IngestProgress(show) if show else None,
                dry_run=dry_run,
                stop=stop,
            )
    except NewsdeskError as error:
        if report is None:
            raise
        report = _ended_by(report, error, settings)
    if as_json:
        print_json(report.as_json())
    else:
        printing.print_report(report)
    return 1 if report.problems or not report.complete else 0


def _ended_by(report: pipeline.IngestReport, error: NewsdeskError, settings: Settings) -> pipeline.IngestReport:
    """The report of a run after which the library could not be closed: its counts still hold."""
    folder = str(settings.library)
    if any(problem.where == folder for problem in report.problems):
        # A full disk that ended the run is met again when the library is closed.
        return replace(report, complete=False)
    return replace(report, problems=(*report.problems, Problem(folder, str(error))), complete=False)


def remove(settings: Settings, article_ids: Sequence[str], *, as_json: bool) -> int:
    """Remove articles; 1 where one of them is not there."""
    with open_library(settings, create=False) as library:
        removed = {name: library.remove(name) for name in dict.fromkeys(article_ids)}
    return _print_removed(removed, "no article {!r} in this library; `newsdesk articles` lists them", as_json=as_json)


def rebuild(settings: Settings, *, as_json: bool) -> int:
    """Make both indexes anew and print the library's status."""
    with open_library(settings, create=False) as library:
        with _bar(as_json) as show:
            library.rebuild(partial(show, "articles") if show else None)
        found = library.status()
    if as_json:
        print_json(asdict(found) | {"clean": found.clean})
    else:
        printing.print_status(found)
    return 0


def add_feed(settings: Settings, url: str, *, follow: bool, as_json: bool) -> int:
    """Subscribe to a feed."""
    with open_library(settings) as library, Fetcher(settings) as fetcher:
        feed = discovery.add_feed(library, fetcher, url, follow=follow, now=datetime.now(UTC))
    if as_json:
        print_json({"feed": asdict(feed)})
    else:
        echo(f"subscribed to {feed.url}  {feed.title}".rstrip())
    return 0


def list_feeds(settings: Settings, *, as_json: bool) -> int:
    """List the subscriptions."""
    with open_library(settings, create=False) as library:
        found = library.archive.feeds.feeds()
    if as_json:
        print_json({"feeds": [asdict(feed) for feed in found]})
    else:
        printing.print_feeds(found)
    return 0


def remove_feeds(settings: Settings, urls: Sequence[str], *, as_json: bool) -> int:
    """End subscriptions; 1 where one of them is not there."""
    with open_library(settings, create=False) as library:
        library.refuse_if_read_only()
        removed = {url: library.archive.feeds.remove(url) for url in dict.fromkeys(urls)}
    return _print_removed(removed, "no subscription to {!r}; `newsdesk feeds list` shows them", as_json=as_json)


def poll_feeds(settings: Settings, urls: Sequence[str], *, force: bool, as_json: bool) -> int:
    """Bring in what is new in the feeds; 1 where a feed or an entry of it could not be read."""
    report: polling.PollReport | None = None
    try:
        with (
            stopping() as stop,
            open_library(settings) as library,
            Fetcher(settings) as fetcher,
            _bar(as_json) as show,
        ):
            progress = IngestProgress(show) if show else None
            report = polling.poll(
                library, fetcher, urls=urls, now=datetime.now(UTC), force=force, progress=progress, stop=stop
            )
    except NewsdeskError as error:
        if report is None:
            raise
        echo_error(str(error))
        report = replace(report, complete=False)
    if as_json:
        print_json(report.as_json())
    else:
        printing.print_poll(report)
    failed = report.failed or not report.complete or any(feed.problems for feed in report.feeds)
    return 1 if failed else 0


def _print_removed(removed: dict[str, bool], complaint: str, *, as_json: bool) -> int:
    missing = [name for name, done in removed.items() if not done]
    if as_json:
        print_json({"removed": [name for name, done in removed.items() if done], "missing": missing})
    else:
        echo(f"{len(removed) - len(missing)} removed")
        for name in missing:
            echo_error(complaint.format(name))
    return 1 if missing else 0


def _bar(as_json: bool) -> AbstractContextManager[Bar | None]:
    """A progress bar where somebody watches and waits for words."""
    return progress_bar(shown=not as_json and sys.stderr is not None and sys.stderr.isatty())
