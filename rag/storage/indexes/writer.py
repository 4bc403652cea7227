"""The search indexes of one library on disk: who owns them, how they follow the archive, how a broken one is replaced.

indexes/lock                    held by the one process that may write indexes
indexes/archive                 the name of the archive that they are built from
indexes/vectors.json, words.json  which folder is in use; replaced in one step
indexes/vectors-0001/ ...       one generation of an index
indexes/vectors-0001/open       there while a process has it open: found at a start, the last one was killed
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import filelock
from numpy import float32
from numpy.typing import NDArray

from rag.errors import LibraryBusy, LibraryError, StorageError, StorageUnavailable
from rag.scope import Scope
from rag.storage.archive.archive import Archive, StoredPassage
from rag.storage.index_contract import Hit, IndexEntry, indexed_text, write_revision
from rag.storage.indexes.bm25 import BM25Index
from rag.storage.indexes.chroma import CHROMA_FILE, WRITING_FILE, ChromaIndex, lacks_tags
from rag.storage.indexes.chroma_server import LOCK, ChromaServer, ChromaServerIndex
from rag.storage.indexes.folders import IndexFolders, IndexKind
from rag.storage.indexes.vectors import ExactIndex, VectorIndex

logger = logging.getLogger(__name__)
VectorKind = Literal["auto", "chroma", "exact"]

CHANGES_AT_ONCE = 256

# Up to this size a matrix product over all vectors is faster than Chroma's graph and misses nothing (docs/scaling.md).
EXACT_UP_TO_PASSAGES = 60_000


class IndexWriter:
    """Both indexes, open for writing by this process alone.

    With the kind "auto" Chroma follows the archive whatever its size and is asked beyond `EXACT_UP_TO_PASSAGES`; up to
    there the vectors are searched exactly in memory. Raises `LibraryBusy` where another process owns the indexes.
    """

    owned = True

    def __init__(
        self, folder: Path, archive: Archive, *, vector_kind: VectorKind, server: ChromaServer | None = None
    ) -> None:
        self.problems: list[str] = []
        self._archive = archive
        self._folders = IndexFolders(folder)
        self._vector_kind = vector_kind
        self._server = server
        self._guard = threading.RLock()
        self._small_guard = threading.Lock()
        self._lock = _taken_lock(self._folders.root)
        try:
            self._folders.claim(archive)
            self.words = self._open_words()
            self.vectors = self._open_vectors()
            self._small: ExactIndex | None = None
            self._searches_in_memory = self._is_small()
        except BaseException:
            self._lock.release()
            raise

    def catch_up(self, *, wait: bool = True) -> int:
        """Bring both indexes to the archive's revision; returns how many articles were applied.

        With `wait` False it leaves the work to a thread that is at it already.
        """
        if not self._guard.acquire(blocking=wait):
            return 0
        try:
            if self._server is not None and self._vector_kind != "exact":
                applied = max(self._follow("words"), self._follow_on_server(self._server))
            else:
                applied = max(self._follow("words"), self._follow("vectors"))
            self._searches_in_memory = self._is_small()
            with self._server_may_fail():
                if self.vectors.needs_rebuild:
                    self.rebuild(kinds=("vectors",))
            return applied
        finally:
            self._guard.release()

    def verify(self) -> None:
        """Compare what the indexes hold with the archive and rebuild the one that differs; call it after `catch_up`.

        An index beyond the archive's revision was tampered with, or the archive is an older copy: whatever it holds, it
        would follow no change.
        """
        expected = self._archive.passage_count()
        for kind, index in (("words", self.words), ("vectors", self.vectors)):
            with self._server_may_fail():
                # In this order: another thread, or another machine, may go on meanwhile.
                reached, revision = index.revision, self._archive.revision()
                if reached > revision or (index.count() != expected and reached == revision):
                    logger.warning("the %s index holds %d of %d passages: rebuilding it", kind, index.count(), expected)
                    self.rebuild(kinds=("words",) if kind == "words" else ("vectors",))

    def rebuild(
        self, *, kinds: Sequence[IndexKind] = ("words", "vectors"), progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Build new generations from the archive alone and swap them in.

        `progress` gets (articles done, articles in all).
        """
        with self._guard:
            for kind in kinds:
                if kind == "vectors" and self._server is not None and self._vector_kind != "exact":
                    self._adopt_from_server(rebuilt_on_server(self._server, self._archive, progress))
                    continue
                folder = self._folders.fresh(kind)
                index = self._build(kind, folder, progress)
                old = self.words if kind == "words" else self.vectors
                if isinstance(index, BM25Index):
                    self.words = index
                else:
                    self.vectors = index
                # It may be what has failed.
                with suppress(LibraryError):
                    old.close()
                self._folders.adopt(kind, folder)

    def rebuild_on_disk(self, progress: Callable[[int, int], None] | None, *, chroma: bool) -> None:
        """Build both anew whatever state they are in; without `chroma` only the words (exact vectors have no files)."""
        self.rebuild(kinds=("words",), progress=progress)
        if chroma and self._server is not None:
            self._vector_kind = "chroma"
            self._adopt_from_server(rebuilt_on_server(self._server, self._archive, progress))
        elif chroma:
            self.vectors.close()
            self._vector_kind = "chroma"
            self.vectors = self._replaced_vectors(progress)

    def search_words(self, text: str, scope: Scope, limit: int, *, languages: Iterable[str]) -> list[Hit]:
        """See `BM25Index.search`."""
        return self.words.search(text, scope, limit, languages=languages)

    def search_vectors(self, vector: NDArray[float32], scope: Scope, limit: int) -> list[Hit]:
        """See `VectorIndex.search`; exact search over the archive takes over where the index fails."""
        asked = self._in_memory() or self.vectors
        try:
            return asked.search(vector, scope, limit)
        except (LibraryError, StorageUnavailable) as error:
            with self._guard:
                # A rebuild may have closed the old index between the two lines above: then the new one is asked.
                if self.vectors is asked:
                    logger.error("vector index failed, searching exactly: %s", error)
                    self.problems.append(str(error))
                    self.vectors = ExactIndex.over(self._archive)
                    if isinstance(asked, ChromaServerIndex):
                        asked.close()
            return self.vectors.search(vector, scope, limit)

    def close(self) -> None:
        """Close both and release the lock."""
        with self._guard:
            self.words.close()
            self.vectors.close()
            self._lock.release()

    def _follow(self, kind: IndexKind) -> int:
        """Let one index follow the archive; one that fails at it is built anew."""
        try:
            return follow(self._archive, self.words if kind == "words" else self.vectors)
        except (LibraryBusy, StorageError):
            raise
        except LibraryError as error:
            logger.warning("rebuilding the index of %s: %s", kind, error)
            self.rebuild(kinds=(kind,))
            return 0

    def _follow_on_server(self, server: ChromaServer) -> int:
        """Let the shared vectors follow, or see how far another machine has let them; without it, search in memory."""
        try:
            index = self.vectors if isinstance(self.vectors, ChromaServerIndex) else self._open_server(server)
            self.vectors = index
            applied = follow_shared(self._archive, index)
        except (LibraryBusy, StorageUnavailable) as error:
            logger.warning("the vectors do not follow: %s", error)
            if isinstance(self.vectors, ExactIndex):
                return follow(self._archive, self.vectors)
            return 0
        except LibraryError as error:
            logger.warning("rebuilding the index of vectors: %s", error)
            with self._server_may_fail():
                self.rebuild(kinds=("vectors",))
            return 0
        self._note_reached()
        return applied

    @contextmanager
    def _server_may_fail(self) -> Iterator[None]:
        """Leave for later what a server is needed for that does not answer, or that another machine is at."""
        try:
            yield
        except (LibraryBusy, StorageUnavailable) as error:
            if self._server is None:
                raise
            logger.warning("the vectors on the server are left as they are: %s", error)

    def _adopt_from_server(self, index: ChromaServerIndex) -> None:
        old, self.vectors = self.vectors, index
        with suppress(LibraryError):
            old.close()
        self._note_reached()

    def _note_reached(self) -> None:
        """Write down how far the shared vectors are, as this machine saw them last."""
        folder = self._folders.current("vectors")
        folder.mkdir(parents=True, exist_ok=True)
        write_revision(folder, self.vectors.revision)

    def _open_server(self, server: ChromaServer) -> ChromaServerIndex:
        # Vectors of before would pass for the shared ones, were the setting taken back.
        if (self._folders.current("vectors") / CHROMA_FILE).exists():
            self._folders.adopt("vectors", self._folders.fresh("vectors"))
        try:
            return ChromaServerIndex(server, self._archive)
        except LibraryError as error:
            logger.warning("building the vectors on the server: %s", error)
            return rebuilt_on_server(server, self._archive, None)

    def _in_memory(self) -> ExactIndex | None:
        """The vectors of a small library; read at the first search, since an ingest only writes."""
        if not self._searches_in_memory:
            self._small = None
            return None
        small = self._small
        # A server may not answer just now: then the archive says how far the vectors have to be.
        wanted = self.vectors.revision if self._server is None else self._archive.revision()
        if small is None or small.revision < wanted:
            with self._small_guard:
                small = self._small = self._small or ExactIndex.over(self._archive)
                follow(self._archive, small)
        return small

    def _is_small(self) -> bool:
        return self._vector_kind == "auto" and self._archive.passage_count() <= EXACT_UP_TO_PASSAGES

    def _open_words(self) -> BM25Index:
        try:
            return BM25Index(self._folders.current("words"))
        except (LibraryError, OSError) as error:
            if isinstance(error, LibraryBusy):
                raise
            logger.warning("rebuilding the word index: %s", error)
            folder = self._folders.fresh("words")
            index = self._build("words", folder, None)
            self._folders.adopt("words", folder)
            assert isinstance(index, BM25Index)
            return index

    def _open_vectors(self) -> VectorIndex:
        if self._vector_kind == "exact":
            return ExactIndex.over(self._archive)
        if self._server is not None:
            try:
                return self._open_server(self._server)
            except (LibraryBusy, StorageUnavailable) as error:
                logger.warning("searching exactly: %s", error)
                self.problems.append(str(error))
                return ExactIndex.over(self._archive)
        folder = self._folders.current("vectors")
        if (folder / WRITING_FILE).exists():
            logger.warning("a process was killed while it wrote the vector index: rebuilding it")
            return self._replaced_vectors()
        if lacks_tags(folder, self._archive):
            logger.warning("an earlier Newsdesk wrote the vector index, which knows no tags: rebuilding it")
            return self._replaced_vectors()
        try:
            return ChromaIndex(folder)
        except LibraryError as error:
            logger.warning("rebuilding the vector index: %s", error)
            return self._replaced_vectors()

    def _replaced_vectors(self, progress: Callable[[int, int], None] | None = None) -> VectorIndex:
        folder = self._folders.fresh("vectors")
        index = self._build("vectors", folder, progress)
        self._folders.adopt("vectors", folder)
        assert not isinstance(index, BM25Index)
        return index

    def _build(
        self, kind: IndexKind, folder: Path, progress: Callable[[int, int], None] | None
    ) -> BM25Index | VectorIndex:
        index: BM25Index | VectorIndex = BM25Index(folder) if kind == "words" else ChromaIndex(folder)
        if kind == "vectors" and self._vector_kind == "exact":
            return ExactIndex.over(self._archive)
        fill(index, self._archive, progress)
        return index


def fill(index: BM25Index | VectorIndex, archive: Archive, progress: Callable[[int, int], None] | None) -> None:
    """Put the whole archive into an empty index."""
    revision = archive.revision()
    names = archive.article_ids()
    for start in range(0, len(names), CHANGES_AT_ONCE):
        part = names[start : start + CHANGES_AT_ONCE]
        done = start + len(part)
        entries = [entry_of(stored) for stored in archive.stored_passages(part)]
        # The revision is claimed only with the last part: a kill in between leaves an index that starts over.
        index.update(drop=(), add=entries, revision=revision if done == len(names) else 0)
        if progress is not None:
            progress(done, len(names))
    if not names:
        index.update(drop=(), add=(), revision=revision)


def follow_shared(archive: Archive, index: ChromaServerIndex) -> int:
    """Let shared vectors follow where nobody else does; see in any case how far they are."""
    with archive.database.exclusively(LOCK) as mine:
        index.refresh()
        return follow(archive, index) if mine else 0


def rebuilt_on_server(
    server: ChromaServer, archive: Archive, progress: Callable[[int, int], None] | None
) -> ChromaServerIndex:
    """A new collection with everything in the archive, which every machine uses from then on.

    Raises `LibraryBusy` where another machine is at it.
    """
    with archive.database.exclusively(LOCK) as mine:
        if not mine:
            raise LibraryBusy("another machine is writing the vectors on the Chroma server; try again later")
        index = ChromaServerIndex.fresh(server, archive)
        try:
            fill(index, archive, progress)
            index.adopt()
        except BaseException:
            index.close()
            raise
    return index


def entry_of(stored: StoredPassage) -> IndexEntry:
    """An archive's passage as the indexes take it."""
    passage = stored.passage
    return IndexEntry(
        passage_id=passage.id,
        article_id=passage.article.id,
        title=passage.article.title,
        text=indexed_text(passage),
        outlet=passage.article.outlet,
        language=stored.language or "en",
        published=stored.published,
        vector=stored.vector,
        tags=stored.tags,
    )


def _taken_lock(root: Path) -> filelock.BaseFileLock:
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(root / "lock", timeout=0)
        lock.acquire()
    except filelock.Timeout as error:
        raise LibraryBusy(
            f"another process (the page, or a running ingest) has the indexes of {str(root.parent)!r} open; "
            "stop it or try again later"
        ) from error
    except OSError as error:
        raise StorageError(f"cannot write in {str(root)!r} ({error.strerror}); make the folder writable") from error
    return lock


def follow(archive: Archive, index: BM25Index | VectorIndex) -> int:
    applied = 0
    while changes := archive.changed_since(index.revision, limit=CHANGES_AT_ONCE):
        names = [change.article_id for change in changes]
        entries = [entry_of(stored) for stored in archive.stored_passages(names)]
        index.update(drop=names, add=entries, revision=max(change.revision for change in changes))
        applied += len(names)
    return applied
