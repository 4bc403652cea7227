"""Batches that are embedded in the background while the next ones are read, cleaned and compared.

The encoder is what an ingest waits for. It never waits for anything else while `AHEAD` batches lie before it; what is
in flight is what a run holds in memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, TypeVar

from ingest.stages.work import embed, embedding_task
from ingest.stages.workers import Workers

if TYPE_CHECKING:
    from rag.models.embedder import Vectors
    from rag.storage.library import Library, Prepared

Batch = TypeVar("Batch")

# With one, the encoder's threads run dry at the end of each batch.
AHEAD = 2


class EmbeddingQueue(Generic[Batch]):
    """Takes batches in and gives them back in the same order, each with its vectors.

    They are embedded by the `workers`, where there are any, else in threads of this process.
    """

    def __init__(self, library: Library, workers: Workers | None = None) -> None:
        self._library = library
        self._workers = workers
        self._threads = ThreadPoolExecutor(AHEAD, thread_name_prefix="newsdesk-embedding")
        self._in_flight: deque[tuple[Batch, Future[Vectors]]] = deque()

    def submit(self, batch: Batch, prepared: Sequence[Prepared]) -> None:
        """Begin to embed a batch. Raises `EmbedderMismatch` as `Library.embedder` does."""
        # Opened here: its first use compares it with the library, which is the caller's to do.
        identity = self._library.embedder.identity
        self._in_flight.append((batch, self._begun(prepared, identity)))

    @property
    def ahead(self) -> int:
        """How many batches are to be in flight."""
        # The workers read as well, and are to find a task whenever they have finished one.
        return AHEAD if self._workers is None else 2 * self._workers.slots

    def _begun(self, prepared: Sequence[Prepared], identity: str) -> Future[Vectors]:
        if self._workers is None:
            return self._threads.submit(self._library.embed, prepared)
        from rag.storage.index_contract import indexed_text

        texts = tuple(indexed_text(passage) for item in prepared for passage in item.passages)
        asked = embedding_task(texts, self._library.settings, identity, is_here=self._workers.is_here)
        return self._workers.submit(embed, asked)

    def finished(self, *, leave: int = AHEAD) -> Iterator[tuple[Batch, Future[Vectors]]]:
        """The oldest batches, until `leave` are in flight; the result of each is there when it is asked for."""
        while len(self._in_flight) > leave:
            yield self._in_flight.popleft()

    def close(self) -> None:
        """Let go of what is in flight."""
        self._in_flight.clear()
        self._threads.shutdown(wait=True, cancel_futures=True)
