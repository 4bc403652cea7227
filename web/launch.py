"""Starts the page: library, sample, feeds on schedule, server."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import UsageError
from rag.settings import Settings
from rag.telemetry import switch_off_telemetry
from rag.text.formatting import count
from web.serving.port import refuse_taken_port

if TYPE_CHECKING:
    from ingest.subscriptions.report import PollReport
    from rag.desk import Desk
    from rag.storage.archive.shared.conversations import ConversationStore
    from web.serving.context import AppContext

NOTICED_SECONDS = 5.0
"""Until then a balancer that asks `/readyz` every two seconds has noticed that this page ends."""

DRAIN_SECONDS = 90.0
"""The longest answer: a language model's draft and its check. Give an orchestrator's stop more than that."""


def serve(
    settings: Settings,
    *,
    folders: Sequence[Path] = (),
    host: str = "127.0.0.1",
    port: int = 7860,
    sample: bool = True,
) -> None:
    """Serve the page until Ctrl-C or SIGTERM; an empty library gets the sample articles first unless `sample` is False.

    `folders` are those of several libraries, read as one; nothing is put into them.

    While the database of the library cannot be reached, that is all that is said at the address of the page.

    Raises `NewsdeskError` where the library cannot be opened or the port is not free.
    """
    refuse_taken_port(host, port, by_make="MAKELEVEL" in os.environ)
    switch_off_telemetry()
    # Model libraries draw progress bars of their own; what is said here is one line a fact.
    os.environ.setdefault("TQDM_DISABLE", "1")
    desk = _opened(settings, folders, host=host, port=port)
    if desk is None:
        return
    with desk:
        if sample and not desk.settings.read_only and desk.status().articles == 0:
            add_sample(desk)
        named = f"Libraries {', '.join(map(str, folders))}" if len(folders) > 1 else f"Library {settings.library}"
        announce(f"{named}: {count(desk.status().articles, 'article')}. Opening the page…")
        from web.page.library.uploads import may_edit
        from web.server import launch
        from web.serving.context import AppContext
        from web.serving.login import users_of

        users = users_of(settings, desk.library.shared)
        kept = conversations_of(desk, has_users=users is not None)
        app_context = AppContext.over(desk, rate=settings.reader_rate, conversations=kept)
        editing = may_edit(settings.page_editing, host=host, has_users=users is not None, behind=settings.page_hosts)
        server = launch(app_context, host=host, port=port, users=users, editing=editing)
        try:
            announce(f"Newsdesk is open at {server.address} (Ctrl-C ends it).")
            with _feeds_on_schedule(desk):
                _wait_for_the_end()
                if desk.library.shared is not None:
                    _drain(app_context)
        finally:
            server.stop()


def conversations_of(desk: Desk, *, has_users: bool) -> ConversationStore | None:
    """Where readers' conversations are kept in the library; None where they stay in their browsers.

    Raises `UsageError` where they are to be kept and cannot be.
    """
    if not desk.settings.keep_conversations:
        return None
    if not has_users:
        raise UsageError("keep_conversations needs logins: set NEWSDESK_USERS, or unset NEWSDESK_KEEP_CONVERSATIONS")
    if desk.settings.read_only:
        raise UsageError(
            "keep_conversations needs one library that can be changed; unset NEWSDESK_KEEP_CONVERSATIONS, "
            "or serve a single library without read_only"
        )
    return desk.library.archive.shared.conversations


def _opened(settings: Settings, folders: Sequence[Path], *, host: str, port: int) -> Desk | None:
    """The desk, as soon as its database is there; None where the process was asked to end before."""
    from rag import open_desk
    from web.serving.waiting import open_when_there

    @contextmanager
    def waiting_room() -> Iterator[threading.Event]:
        from web.server import Running
        from web.serving.waiting import waiting_app

        server = Running(waiting_app(), host=host, port=port)
        earlier = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield _asked_to_end()
        finally:
            if threading.current_thread() is threading.main_thread():
                for number, handler in earlier.items():
                    signal.signal(number, handler)
            server.stop()

    return open_when_there(
        lambda: open_desk(folders or None, settings=settings, stay_open=True),
        waiting_room=waiting_room,
        announce=announce,
    )


def _feeds_on_schedule(desk: Desk) -> AbstractContextManager[object]:
    """What polls the feeds while the page is open; nothing where the settings do not ask for it."""
    settings = desk.settings
    if not settings.poll_minutes or settings.read_only:
        return nullcontext()
    from ingest.fetching.fetcher import Fetcher
    from ingest.subscriptions.schedule import Schedule

    def announce_poll(report: PollReport) -> None:
        if report.added or report.changed or report.failed:
            added, failed = count(report.added, "article"), count(report.failed, "feed")
            announce(f"Feeds: {added} added, {report.changed} changed, {failed} failed.")

    every = timedelta(minutes=settings.poll_minutes)
    return Schedule(desk.library, every=every, web=lambda: Fetcher(settings), on_report=announce_poll)


def add_sample(desk: Desk) -> None:
    """Put the sample articles into the desk's library and announce it."""
    from ingest.pipeline import ingest
    from ingest.sample import sample_folder

    announce("The library is empty: adding the sample articles.")
    report = ingest([sample_folder()], desk.library, progress=_Progress())
    print(file=sys.stderr)
    for problem in report.problems:
        announce(f"{problem.where}: {problem.reason}")


class _Progress:
    """One line on the terminal that counts up."""

    def update(self, done_articles: int, done_passages: int, where: str, share: float | None) -> None:
        """Show how far the ingest is, where somebody watches."""
        if not sys.stderr.isatty():
            return
        done = f"{count(done_articles, 'article')}, {count(done_passages, 'passage')}"
        print(f"\r{done}", end="", file=sys.stderr, flush=True)


def announce(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _drain(app_context: AppContext) -> None:
    """Let a balancer send readers elsewhere and end what is being answered, a second Ctrl-C or SIGTERM at once."""
    announce("Closing when what is being answered has ended…")
    app_context.readiness.stop()
    hurried = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: hurried.set())
    noticed, latest = time.monotonic() + NOTICED_SECONDS, time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < noticed or (app_context.rate_limiter.inside and time.monotonic() < latest):
        if hurried.wait(0.1):
            return


def _wait_for_the_end() -> None:
    _asked_to_end().wait()
    announce("Closing.")


def _asked_to_end() -> threading.Event:
    """Set from here on by Ctrl-C or SIGTERM."""
    ended = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
    return ended
