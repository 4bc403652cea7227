"""Users in the archive, the same for the pages of all machines."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.storage.archive.shared.users import UserStore

# Every request of a page needs them; whoever is removed is out after so long.
FRESH_SECONDS = 1.0


class SharedUsers:
    """See `web.serving.login.UserHashes`. What was read holds for `FRESH_SECONDS`; a database that cannot be reached
    lets nobody in."""

    def __init__(self, store: UserStore) -> None:
        self._store = store
        self._hashes: Mapping[str, str] = {}
        self._until = 0.0
        self._lock = threading.Lock()

    def hashes(self) -> Mapping[str, str]:
        """See `UserHashes`; raises `StorageError` where the database cannot be reached."""
        with self._lock:
            now = time.monotonic()
            if now >= self._until:
                found = self._store.hashes()
                if found != self._hashes:
                    self._hashes = found
                self._until = now + FRESH_SECONDS
            return self._hashes

    def put(self, name: str, hashed: str) -> None:
        """See `UserHashes`."""
        self._store.put(name, hashed)
        self._until = 0.0

    def remove(self, name: str) -> bool:
        """See `UserHashes`."""
        removed = self._store.remove(name)
        self._until = 0.0
        return removed
