"""Batches that are embedded in the background while the next ones are read, cleaned and compared.

The encoder is what an ingest waits for. It never waits for anything else while `AHEAD` batches lie before it; what is
in flight is what a run holds in memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from rag.models.embedder import Vectors
    from rag.storage.library import Library, Prepared

Batch = TypeVar("Batch")

# With one, the encoder's threads run dry at the end of each batch.
AHEAD = 2


class EmbeddingQueue(Generic[Batch]):
    """Takes batches in and gives them back in the same order, each with its vectors."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._threads = ThreadPoolExecutor(AHEAD, thread_name_prefix="newsdesk-embedding")
        self._in_flight: deque[tuple[Batch, Future[Vectors]]] = deque()

    def submit(self, batch: Batch, prepared: Sequence[Prepared]) -> None:
        """Begin to embed a batch. Raises `EmbedderMismatch` as `Library.embedder` does."""
        # Opened here: its first use compares it with the library, which is the caller's to do.
        _ = self._library.embedder
        self._in_flight.append((batch, self._threads.submit(self._library.embed, prepared)))

    def finished(self, *, leave: int = AHEAD) -> Iterator[tuple[Batch, Future[Vectors]]]:
        """The oldest batches, until `leave` are in flight; the result of each is there when it is asked for."""
        while len(self._in_flight) > leave:
            yield self._in_flight.popleft()

    def close(self) -> None:
        """Let go of what is in flight."""
        self._in_flight.clear()
        self._threads.shutdown(wait=True, cancel_futures=True)
