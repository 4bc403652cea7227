"""Feeds polled on a schedule by a process that stays open; without one, cron runs `newsdesk feeds poll`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ingest.subscriptions.polling import poll
from ingest.subscriptions.report import PollReport
from rag.errors import NewsdeskError

if TYPE_CHECKING:
    from ingest.crawl import Pages
    from rag.storage.library import Library

logger = logging.getLogger(__name__)

# A poll that is at an article when the process ends stores it first.
_SECONDS_TO_END = 30


class Schedule:
    """Polls the library's subscriptions at once and then every so often, in a thread of its own, until it is left.

    `web` opens what pages are fetched with, anew for each poll; `on_report` gets the report of each. What goes wrong in
    a poll is logged and left to the next one. Use it as a context manager.
    """

    def __init__(
        self,
        library: Library,
        *,
        every: timedelta,
        web: Callable[[], AbstractContextManager[Pages]],
        on_report: Callable[[PollReport], None] = lambda report: None,
    ) -> None:
        self._library = library
        self._every = every
        self._web = web
        self._on_report = on_report
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="newsdesk-feeds", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join(timeout=_SECONDS_TO_END)

    def _run(self) -> None:
        while not self._ended.is_set():
            self._poll()
            self._ended.wait(self._every.total_seconds())

    def _poll(self) -> None:
        # Subscriptions may be added at any time: a library without any is looked at again, too.
        try:
            if not self._library.archive.feeds.feeds():
                return
            with self._web() as pages:
                report = poll(self._library, pages, now=datetime.now(UTC), stop=self._ended.is_set)
        except NewsdeskError as error:
            logger.warning("the feeds could not be polled, the next round tries again: %s", error)
            return
        self._on_report(report)
