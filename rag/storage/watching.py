"""Following what other processes ingest, so that it answers without a restart."""

from __future__ import annotations

import logging
import threading

from rag.errors import NewsdeskError
from rag.storage.library import Library

logger = logging.getLogger(__name__)

# New articles from other processes answer within this time and that of their indexing.
WATCH_SECONDS = 1.0


class Watcher:
    """A thread that follows one library until it is stopped."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="newsdesk-watcher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it, before the library is closed."""
        self._stop.set()
        self._thread.join(timeout=10)

    def _watch(self) -> None:
        listener = self._library.archive.listener()
        while not self._stop.is_set():
            if listener.wait(self._stop, WATCH_SECONDS):
                try:
                    self._library.catch_up_if_behind()
                except NewsdeskError as error:
                    # The next round tries again; a question in between gets the same error with its remedy.
                    logger.warning("catching up failed: %s", error)
        listener.close()
