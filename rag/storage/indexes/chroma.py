"""Vector search with Chroma. chromadb is used nowhere else."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import LibraryError
from rag.scope import Scope
from rag.storage.index_contract import (
    Hit,
    IndexEntry,
    epoch_bounds,
    read_number,
    read_revision,
    write_number,
    write_revision,
)
from rag.storage.indexes.refusals import is_panic, refused
from rag.storage.vector_matrix import VectorMatrix, Vectors
from rag.telemetry import switch_off_telemetry

if TYPE_CHECKING:
    from rag.storage.archive.archive import Archive

COLLECTION = "passages"
ENTRIES_AT_ONCE = 2000
_DELETE_AT_ONCE = 200

# As many passages may be searched beside the graph, or this share of all, before the graph is looked over again.
_BESIDE_PASSAGES = 1000
_BESIDE_SHARE = 0.1

# The defaults found .71 of the true neighbours at 100,000 passages; these find .99 (see docs/scaling.md).
HNSW: Any = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 400}

# HNSW leaves holes where vectors are removed: after 867 passages were replaced three times, some no longer found
# themselves. An index is made anew once it has lost a fifth of what it holds (and never for a handful).
REBUILD_SHARE = 0.2
REBUILD_AFTER_PASSAGES = 200
REMOVED_FILE = "removed"

CHROMA_FILE = "chroma.sqlite3"

# What is kept of a passage beside its vector; an index of another number may lack the tags.
FORMAT = 2
_FORMAT_FILE = "format"

# A key of its own for each tag: not every Chroma searches in lists.
_TAG = "tag:"

# There from the first write until a clean end. Where a start finds it, the last writer was killed, and the index may
# raise, crash its process or silently miss passages (measured on 1.5.9): it is not opened but made anew.
WRITING_FILE = "writing"


def load_chroma() -> None:
    """Import chromadb, which takes about two seconds."""
    switch_off_telemetry()
    import chromadb  # noqa: F401


def loading_chroma() -> threading.Thread:
    """Import chromadb ahead of its use, which tells what is wrong with it where this fails."""

    def load() -> None:
        with suppress(ImportError, AttributeError, RuntimeError, MemoryError, OSError):
            load_chroma()

    thread = threading.Thread(target=load, name="newsdesk-loading", daemon=True)
    thread.start()
    return thread


class ChromaIndex:
    """Chroma's embedded HNSW index in a folder of its own. One process at a time may open the folder.

    HNSW may leave a vector without a single link that leads to it: it is held, counted and never found. Chroma builds
    what it has not synced anew at each start, so that putting such a vector in again does not last. What the graph does
    not lead to, and what was added since that was looked for, is therefore kept in memory as well and searched exactly
    (decision 0005).
    """

    name = "chroma"

    def __init__(self, folder: Path) -> None:
        """Open or create; raises `LibraryError` where Chroma cannot read the folder (the caller rebuilds it)."""
        load_chroma()
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        with _chroma_errors(folder):
            self._client = chromadb.PersistentClient(
                path=str(folder), settings=ChromaSettings(anonymized_telemetry=False, allow_reset=False)
            )
            hnsw: Any = {**HNSW, "num_threads": os.cpu_count() or 1, "batch_size": 1000, "sync_threshold": 5000}
            self._collection = self._client.get_or_create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": hnsw}
            )
        self._revision = read_revision(folder)
        self._removed = read_number(folder / REMOVED_FILE)
        write_number(folder / _FORMAT_FILE, FORMAT)
        self.beside = VectorMatrix.empty()
        self._look_over()

    @property
    def revision(self) -> int:
        """See `VectorIndex`."""
        return self._revision

    @property
    def needs_rebuild(self) -> bool:
        """See `VectorIndex`."""
        return is_worn(self._removed, self.count)

    def update(self, *, drop: Sequence[str], add: Sequence[IndexEntry], revision: int) -> None:
        """See `VectorIndex`."""
        gone = list(dict.fromkeys([*drop, *(entry.article_id for entry in add)]))
        (self._folder / WRITING_FILE).touch()
        self.beside = self.beside.without(set(gone))
        with _chroma_errors(self._folder):
            for start in range(0, len(gone), _DELETE_AT_ONCE):
                where: Any = {"article": {"$in": gone[start : start + _DELETE_AT_ONCE]}}
                old = self._collection.get(where=where, include=[])["ids"]
                if old:
                    # Counted before it happens: a kill in between counts a passage twice rather than never.
                    self._removed += len(old)
                    write_number(self._folder / REMOVED_FILE, self._removed)
                    self._collection.delete(ids=old)
            for start in range(0, len(add), ENTRIES_AT_ONCE):
                part = add[start : start + ENTRIES_AT_ONCE]
                self._collection.upsert(
                    ids=[entry.passage_id for entry in part],
                    embeddings=np.stack([entry.vector for entry in part]),
                    metadatas=[metadata_of(entry) for entry in part],
                )
        self.beside = self.beside.extended(add)
        if len(self.beside.passage_ids) > max(_BESIDE_PASSAGES, _BESIDE_SHARE * self.count()):
            self._look_over()
        write_revision(self._folder, revision)
        self._revision = revision

    def search(self, vector: Vectors, scope: Scope, limit: int) -> list[Hit]:
        """See `VectorIndex`."""
        with _chroma_errors(self._folder):
            held = self._collection.count()
            if not held:
                return []
            result = self._collection.query(
                query_embeddings=np.asarray([vector], dtype=np.float32),
                n_results=min(limit, held),
                where=where_of(scope),
                include=["distances"],
            )
        scores = {hit.passage_id: hit.score for hit in self.beside.nearest(vector, scope, limit)}
        for name, distance in zip(result["ids"][0], (result["distances"] or [[]])[0], strict=True):
            scores.setdefault(name, 1.0 - float(distance))
        best = sorted(scores.items(), key=lambda scored: -scored[1])[:limit]
        return [Hit(passage_id=name, score=score) for name, score in best]

    def count(self) -> int:
        """See `VectorIndex`."""
        with _chroma_errors(self._folder):
            return int(self._collection.count())

    def close(self) -> None:
        """See `VectorIndex`."""
        # There since 1.1, but missing in the type of the client.
        close: Callable[[], None] = getattr(self._client, "close")  # noqa: B009
        close()
        (self._folder / WRITING_FILE).unlink(missing_ok=True)

    def _look_over(self) -> None:
        """Keep what no search would reach: a search for everything tells (.1 s at 20,000 passages, .5 s at 100,000)."""
        with _chroma_errors(self._folder):
            held = self._collection.get(include=[])["ids"]
            lost = sorted(set(held).difference(self._reached(held))) if held else []
            self.beside = self._rows(lost) if lost else VectorMatrix.empty()

    def _reached(self, held: list[str]) -> list[str]:
        any_vector = self._collection.get(ids=held[:1], include=["embeddings"])["embeddings"]
        return self._collection.query(query_embeddings=any_vector, n_results=len(held), include=[])["ids"][0]

    def _rows(self, passages: list[str]) -> VectorMatrix:
        found = self._collection.get(ids=passages, include=["embeddings", "metadatas"])
        metadata: list[Any] = found["metadatas"] or []
        return VectorMatrix(
            passage_ids=found["ids"],
            article_ids=[known["article"] for known in metadata],
            outlets=[known["outlet"] for known in metadata],
            tags=[tuple(key.removeprefix(_TAG) for key in known if key.startswith(_TAG)) for known in metadata],
            published=np.array([known.get("published", np.nan) for known in metadata], dtype=np.float64),
            matrix=np.asarray(found["embeddings"], dtype=np.float32),
        )


def lacks_tags(folder: Path, archive: Archive) -> bool:
    """Whether an earlier Newsdesk wrote an index and passed over tags; ask before it is opened, which marks it."""
    is_older = (folder / CHROMA_FILE).exists() and read_number(folder / _FORMAT_FILE) < FORMAT
    return is_older and archive.tags.are_known_at(read_revision(folder))


def is_worn(removed: int, count: Callable[[], int]) -> bool:
    """Whether so many passages were taken out of an index that it has to be built anew."""
    return removed > REBUILD_AFTER_PASSAGES and removed > REBUILD_SHARE * count()


def metadata_of(entry: IndexEntry) -> dict[str, str | float | bool]:
    """What Chroma keeps of a passage to limit a search by."""
    known = {"published": entry.published} if entry.published is not None else {}
    tags = {f"{_TAG}{tag}": True for tag in entry.tags}
    return {"article": entry.article_id, "outlet": entry.outlet, **known, **tags}


def where_of(scope: Scope) -> Any:
    """A scope as Chroma's filter; None for no limit."""
    after, before = epoch_bounds(scope)
    clauses: list[dict[str, Any]] = []
    if after is not None:
        clauses.append({"published": {"$gte": after}})
    if before is not None:
        clauses.append({"published": {"$lte": before}})
    if scope.outlets:
        clauses.append({"outlet": {"$in": list(scope.outlets)}})
    if scope.articles:
        clauses.append({"article": {"$in": list(scope.articles)}})
    if scope.tags:
        held: list[dict[str, Any]] = [{f"{_TAG}{tag}": True} for tag in scope.tags]
        clauses.append({"$or": held} if len(held) > 1 else held[0])
    return {"$and": clauses} if len(clauses) > 1 else clauses[0] if clauses else None


@contextmanager
def _chroma_errors(folder: Path) -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except BaseException as error:
        if not (is_panic(error) or isinstance(error, ChromaError | ValueError | OSError)):
            raise
        if told := refused(error, "vector index"):
            raise told from error
        raise LibraryError(
            f"the vector index in {str(folder)!r} does not work ({type(error).__name__}); run `newsdesk rebuild`"
        ) from error
