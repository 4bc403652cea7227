"""Time: how long a request may take, and how long a host is left alone between two of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.fetching.errors import FetchError

LONGEST_WAIT_SECONDS = 60.0
"""A host that asks for a longer pause is reported, not waited for."""
_LONGEST_RETRY_AFTER_SECONDS = 86_400.0
_FIRST_BACKOFF_SECONDS = 1.0


class Clock:
    """The time of this machine; tests put their own in its place."""

    def monotonic(self) -> float:
        """Return seconds from an arbitrary beginning, never going back."""
        return time.monotonic()

    def now(self) -> datetime:
        """Return the date and time, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class Deadline:
    """The end of one request's time."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; raises TimeoutError where there are none."""
        seconds = self._end - self._clock.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


@dataclass(slots=True)
class _Site:
    pause_seconds: float
    next_request_at: float = 0.0
    closed_until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class HostPacing:
    """One request a host at a time, with a pause between two."""

    def __init__(self, clock: Clock, *, pause_seconds: float) -> None:
        self._clock = clock
        self._pause_seconds = pause_seconds
        self._sites: dict[str, _Site] = {}
        self._lock = threading.Lock()

    @contextmanager
    def slot(self, host: str, *, with_pause: bool = True) -> Iterator[None]:
        """Wait until the host may be asked again, and hold its one place for a request.

        Raises a passing FetchError where the host asked to be left alone for longer than is waited.
        """
        site = self._site(host)
        with site.lock:
            now = self._clock.monotonic()
            closed = site.closed_until - now
            if closed > LONGEST_WAIT_SECONDS:
                raise FetchError(
                    f"is on a host that asked for a pause of {closed:.0f} more seconds; try again after that",
                    permanent=False,
                    retry_after_seconds=closed,
                )
            wait = max(closed, site.next_request_at - now if with_pause else 0.0)
            if wait > 0:
                self._clock.sleep(wait)
            try:
                yield
            finally:
                site.next_request_at = self._clock.monotonic() + site.pause_seconds

    def slow_down(self, host: str, pause_seconds: float) -> None:
        """Take at least this pause between two requests to the host, up to the longest wait."""
        site = self._site(host)
        site.pause_seconds = max(site.pause_seconds, min(pause_seconds, LONGEST_WAIT_SECONDS))

    def close(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long."""
        self._site(host).closed_until = self._clock.monotonic() + seconds

    def _site(self, host: str) -> _Site:
        with self._lock:
            return self._sites.setdefault(host, _Site(self._pause_seconds))


def retry_after_seconds(value: str, now: datetime) -> float | None:
    """Read a `Retry-After` header, in seconds or as a date; None where it says nothing. At most a day.

    Method: RFC 9110, section 10.2.3.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), _LONGEST_RETRY_AFTER_SECONDS)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    seconds = ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER_SECONDS)


def backoff_seconds(attempt: int, jitter: float) -> float:
    """Return the wait after an attempt (from 0): it doubles, and `jitter` (0 to 1) takes up to half of it off."""
    return _FIRST_BACKOFF_SECONDS * 2.0**attempt * (1 - jitter / 2)
