"""Starts the chat page: opens the desk, fills an empty library with the sample articles, and serves.

python app.py [--library DIR] [--host HOST] [--port PORT] [--no-sample]
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

from rag.errors import NewsdeskError
from rag.settings import Settings, load_settings
from web.port import refuse_taken_port
from web.terminal import count

if TYPE_CHECKING:
    from ingest.poll_report import PollReport
    from rag.desk import Desk


def serve(settings: Settings, *, host: str = "127.0.0.1", port: int = 7860, sample: bool = True) -> None:
    """Serve the page until Ctrl-C or SIGTERM; an empty library gets the sample articles first unless `sample` is False.

    Raises `NewsdeskError` where the library cannot be opened or the port is not free.
    """
    refuse_taken_port(host, port, by_make="MAKELEVEL" in os.environ)
    # Gradio reads this when it is imported: nothing is sent anywhere.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # Model libraries draw progress bars of their own; what is said here is one line a fact.
    os.environ.setdefault("TQDM_DISABLE", "1")
    from rag import open_desk

    with open_desk(settings=settings, stay_open=True) as desk:
        if sample and not settings.read_only and desk.status().articles == 0:
            add_sample(desk)
        _say(f"Library {settings.library}: {count(desk.status().articles, 'article')}. Opening the page…")
        from web.adding import may_edit
        from web.doors.commands import users_of
        from web.doors.office import Office
        from web.page import launch

        users = users_of(settings)
        office = Office.over(desk, rate=settings.reader_rate)
        editing = may_edit(settings.page_editing, host=host, has_users=users is not None, behind=settings.page_hosts)
        server = launch(office, host=host, port=port, users=users, editing=editing)
        try:
            _say(f"Newsdesk is open at {server.address} (Ctrl-C ends it).")
            with _feeds_on_schedule(desk):
                _wait_for_the_end()
        finally:
            server.stop()


def _feeds_on_schedule(desk: Desk) -> AbstractContextManager[object]:
    """What polls the feeds while the page is open; nothing where the settings do not ask for it."""
    settings = desk.settings
    if not settings.poll_minutes or settings.read_only:
        return nullcontext()
    from ingest.fetch import Fetcher
    from ingest.schedule import Schedule

    def tell(report: PollReport) -> None:
        if report.added or report.changed or report.failed:
            added, failed = count(report.added, "article"), count(report.failed, "feed")
            _say(f"Feeds: {added} added, {report.changed} changed, {failed} failed.")

    every = timedelta(minutes=settings.poll_minutes)
    return Schedule(desk.library, every=every, web=lambda: Fetcher(settings), tell=tell)


def add_sample(desk: Desk) -> None:
    """Put the sample articles into the desk's library and say so."""
    from ingest.pipeline import ingest
    from ingest.sample import sample_folder

    _say("The library is empty: adding the sample articles.")
    report = ingest([sample_folder()], desk.library, progress=_Progress())
    print(file=sys.stderr)
    for problem in report.problems:
        _say(f"{problem.where}: {problem.reason}")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; an error meant for the reader ends it with one sentence and exit code 2."""
    parser = argparse.ArgumentParser(prog="app.py", description="Open Newsdesk's chat page.")
    parser.add_argument("--library", help="folder of the library (default: ./library)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=7860, help="port to listen on (default: %(default)s)")
    parser.add_argument("--no-sample", action="store_true", help="leave an empty library empty")
    given = parser.parse_args(arguments)
    try:
        settings = load_settings(library=given.library)
        serve(settings, host=given.host, port=given.port, sample=not given.no_sample)
    except NewsdeskError as error:
        _say(f"error: {error}")
        return 2
    return 0


class _Progress:
    """One line on the terminal that counts up."""

    def update(self, done_articles: int, done_passages: int, where: str, share: float | None) -> None:
        """Show how far the ingest is, where somebody watches."""
        if not sys.stderr.isatty():
            return
        done = f"{count(done_articles, 'article')}, {count(done_passages, 'passage')}"
        print(f"\r{done}", end="", file=sys.stderr, flush=True)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _wait_for_the_end() -> None:
    ended = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
    ended.wait()
    _say("Closing.")


if __name__ == "__main__":
    sys.exit(main())
