"""How many questions are worked on at once, how many may wait, and how often one reader may ask."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from rag.errors import NewsdeskError
from rag.wording import _
from web.serving.attempts import Attempts, OwnAttempts

AT_ONCE = 8
"""Questions worked on at the same time; more on a small machine only make each other slower."""

WAITING = 64
"""Further ones wait; past that they are refused."""

WAIT_SECONDS = 30.0


class Busy(NewsdeskError):
    """There is more to do than can be done: try again in `after` seconds."""

    kind: ClassVar[str] = "busy"
    retryable = True

    def __init__(self, message: str, *, after: int) -> None:
        super().__init__(message)
        self.after = after


class TooMany(Busy):
    """One reader has asked more than the setting `reader_rate` allows."""

    kind: ClassVar[str] = "too_many"


class RateLimiter:
    """Lets work in, or says in a sentence why not now. Safe to use from several threads."""

    def __init__(
        self,
        *,
        rate: str = "",
        attempts: Attempts | None = None,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        """What one reader asked is counted in `attempts`, in this process where none are given; what is worked on is
        this process's alone."""
        self._rate = rate
        self._attempts = attempts or OwnAttempts()
        self._slots = threading.Semaphore(at_once)
        self._most = at_once + waiting
        self._wait_seconds = wait_seconds
        self._inside = 0
        self._lock = threading.Lock()

    @property
    def inside(self) -> int:
        """How many are worked on or wait."""
        return self._inside

    def spend(self, reader: str) -> None:
        """Count one question of a reader; raises `TooMany` where that is one too many."""
        key = f"question\0{reader}"
        if not self._rate or self._attempts.add(self._rate, key):
            return
        after = max(1, math.ceil(self._attempts.until(self._rate, key) - time.time()))
        raise TooMany(
            _(
                "you have asked {amount} questions in a short time, and more is not allowed here; "
                "ask again in {after} s",
                amount=self._rate.partition("/")[0],
                after=after,
            ),
            after=after,
        )

    @contextmanager
    def work(self, reader: str) -> Iterator[None]:
        """Count one question of a reader and work on it in its turn; raises `Busy` where that is too far off."""
        self.spend(reader)
        with self._lock:
            if self._inside >= self._most:
                raise _busy(self._inside)
            self._inside += 1
        try:
            if not self._slots.acquire(timeout=self._wait_seconds):
                raise _busy(self._inside)
            try:
                yield
            finally:
                self._slots.release()
        finally:
            with self._lock:
                self._inside -= 1


def _busy(others: int) -> Busy:
    said = _("Newsdesk is busy: {others} questions are being worked on; ask again in a few seconds", others=others)
    return Busy(said, after=5)
