"""Long work told step by step: it runs in a thread of its own, and what it tells comes out while it goes on."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

Told = TypeVar("Told")

STEP_SECONDS = 0.25
"""No step is shown more often than a reader can read it."""


def in_steps(work: Callable[[Callable[[Told], None]], Told], *, name: str) -> Iterator[Told]:
    """What `work` says while it runs, then what it returns; `work` must not raise.

    It runs to its end even where nobody listens any more.
    """
    told: queue.SimpleQueue[tuple[bool, Told]] = queue.SimpleQueue()

    def run() -> None:
        told.put((True, work(lambda said: told.put((False, said)))))

    threading.Thread(target=run, name=name, daemon=True).start()
    shown = time.monotonic()
    while True:
        is_last, said = told.get()
        if is_last:
            yield said
            return
        if time.monotonic() - shown >= STEP_SECONDS:
            shown = time.monotonic()
            yield said
