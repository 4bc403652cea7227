"""The indexes as a process sees them that does not own them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from numpy import float32
from numpy.typing import NDArray

from rag.errors import LibraryError, StorageUnavailable
from rag.scope import Scope
from rag.storage.archive.archive import Archive
from rag.storage.index_contract import Hit, read_revision
from rag.storage.indexes.bm25 import BM25Index
from rag.storage.indexes.chroma_server import ChromaServer, ChromaServerIndex
from rag.storage.indexes.folders import IndexFolders
from rag.storage.indexes.vectors import ExactIndex, VectorIndex
from rag.storage.indexes.writer import fill, follow


class IndexReader:
    """What a process reads with while another owns the indexes, or for a single question.

    The vectors are searched exactly, the words as they are on disk.
    """

    owned = False

    def __init__(self, folder: Path, archive: Archive, *, server: ChromaServer | None = None) -> None:
        self.problems: list[str] = []
        self._archive = archive
        self._folders = IndexFolders(folder)
        self._guard = threading.Lock()
        self._are_ours = self._folders.are_of(archive)
        self.vectors: VectorIndex = self._open_vectors(server)
        self.words = self._open_words()

    def catch_up(self, *, wait: bool = True) -> int:
        """Read what changed since; the words on disk follow when their owner has caught up."""
        if not self._guard.acquire(blocking=wait):
            return 0
        try:
            if isinstance(self.vectors, ChromaServerIndex):
                self.vectors.refresh()
                applied = 0
            else:
                applied = follow(self._archive, self.vectors)
            if self._are_ours and read_revision(self._folders.current("words")) > self.words.revision:
                self.words = self._open_words()
            return applied
        finally:
            self._guard.release()

    def search_words(self, text: str, scope: Scope, limit: int, *, languages: Iterable[str]) -> list[Hit]:
        """See `BM25Index.search`."""
        try:
            return self.words.search(text, scope, limit, languages=languages)
        except LibraryError:
            # Its owner swapped in a new generation and deleted the files of this one.
            with self._guard:
                self.words = self._open_words()
            return self.words.search(text, scope, limit, languages=languages)

    def search_vectors(self, vector: NDArray[float32], scope: Scope, limit: int) -> list[Hit]:
        """See `VectorIndex.search`; exact search over the archive takes over where a server fails."""
        try:
            return self.vectors.search(vector, scope, limit)
        except (LibraryError, StorageUnavailable) as error:
            self.problems.append(str(error))
            self.vectors.close()
            self.vectors = ExactIndex.over(self._archive)
            return self.vectors.search(vector, scope, limit)

    def close(self) -> None:
        """Let go of both."""
        self.vectors.close()
        self.words.close()

    def _open_vectors(self, server: ChromaServer | None) -> VectorIndex:
        if server is not None:
            with suppress(LibraryError, StorageUnavailable):
                return ChromaServerIndex(server, self._archive)
        return ExactIndex.over(self._archive)

    def _open_words(self) -> BM25Index:
        if self._are_ours:
            with suppress(LibraryError):
                return BM25Index(self._folders.current("words"), read_only=True)
        index = BM25Index(None)
        fill(index, self._archive, None)
        return index
