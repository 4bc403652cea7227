"""How often something may be done in a time: counted in this process, or over the pages of all machines."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

if TYPE_CHECKING:
    from rag.storage.archive.shared.attempts import AttemptStore


class Attempts(Protocol):
    """A moving window a key."""

    def add(self, limit: str, key: str) -> bool:
        """Count one; False, with nothing counted, where it is one too many for a limit such as `10/minute`."""

    def until(self, limit: str, key: str) -> float:
        """When the next is counted, in seconds since 1970."""


class OwnAttempts:
    """Counted in this process alone."""

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def add(self, limit: str, key: str) -> bool:
        """See `Attempts`."""
        return self._window.hit(parse(limit), key)

    def until(self, limit: str, key: str) -> float:
        """See `Attempts`."""
        return float(self._window.get_window_stats(parse(limit), key).reset_time)


class SharedAttempts:
    """Counted in the archive. Its methods raise `StorageError` where that cannot be reached."""

    def __init__(self, store: AttemptStore) -> None:
        self._store = store

    def add(self, limit: str, key: str) -> bool:
        """See `Attempts`."""
        item = parse(limit)
        return self._store.add(
            _named(item, key), at_most=item.amount, seconds=float(item.get_expiry()), now=time.time()
        )

    def until(self, limit: str, key: str) -> float:
        """See `Attempts`."""
        return self._store.until(_named(parse(limit), key), now=time.time())


def _named(item: RateLimitItem, key: str) -> str:
    return f"{item}\0{key}"
