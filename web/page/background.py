"""Long work with its progress: it runs in a thread of its own, and what it reports comes out while it goes on."""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

Shown = TypeVar("Shown")

REPORT_SECONDS = 0.25
"""No report is shown sooner after another than a reader can read it."""


def in_background(work: Callable[[Callable[[Shown], None]], Shown], *, name: str) -> Iterator[Shown]:
    """What `work` reports while it runs, then what it returns; `work` must not raise.

    It runs to its end even where nobody listens any more.
    """
    reports: queue.SimpleQueue[tuple[bool, Shown]] = queue.SimpleQueue()

    def run() -> None:
        reports.put((True, work(lambda shown: reports.put((False, shown)))))

    # In the language, among other things, of whoever asked.
    around = contextvars.copy_context()
    threading.Thread(target=around.run, args=(run,), name=name, daemon=True).start()
    last = time.monotonic()
    while True:
        is_result, shown = reports.get()
        if is_result:
            yield shown
            return
        if time.monotonic() - last >= REPORT_SECONDS:
            last = time.monotonic()
            yield shown
