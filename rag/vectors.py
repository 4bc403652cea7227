"""Vector search: Chroma for libraries that grow, exact search for small ones, narrow filters and second processes.

Both hold what the archive holds and can be made anew from it. chromadb is used nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import LibraryError
from rag.indexing import Hit, IndexEntry, SearchFilter, read_number, read_revision, write_number, write_revision

if TYPE_CHECKING:
    from rag.archive import Archive

Vectors = NDArray[np.float32]

COLLECTION = "passages"
ENTRIES_AT_ONCE = 2000
_DELETE_AT_ONCE = 200
_RECONNECTIONS = 3
_UNCHECKED_PASSAGES = 500
_UNCHECKED_SHARE = 0.02

# HNSW leaves holes where vectors are removed: after 867 passages were replaced three times, some no longer found
# themselves. An index is made anew once it has lost a fifth of what it holds (and never for a handful).
WORN_SHARE = 0.2
WORN_AFTER_PASSAGES = 200
REMOVED_FILE = "removed"

# There from the first write until a clean end. Where a start finds it, the last writer was killed, and the index may
# raise, crash its process or silently miss passages (measured on 1.5.9): it is not opened but made anew.
WRITING_FILE = "writing"


class VectorIndex(Protocol):
    """Finds the passages whose vectors are nearest to a question's."""

    name: str

    @property
    def revision(self) -> int:
        """The archive's revision that this index has reached."""

    @property
    def worn(self) -> bool:
        """Whether so many passages were taken out since it was built that it no longer finds all others."""

    def update(self, *, drop: Sequence[str], add: Sequence[IndexEntry], revision: int) -> None:
        """Take out every passage of the articles `drop`, put in `add`, then note `revision`.

        Doing it twice changes nothing.
        """

    def reconnect(self, *, eagerly: bool) -> int:
        """Make every passage findable that no search would reach; returns how many there were.

        Without `eagerly` only where much was added since the last time.
        """

    def search(self, vector: Vectors, limits: SearchFilter, limit: int) -> list[Hit]:
        """The nearest passages within the limits, best first; the score is the cosine."""

    def count(self) -> int:
        """Number of passages held."""

    def close(self) -> None:
        """Release files; the index is complete on disk afterwards."""


class ExactIndex:
    """A matrix product over vectors in memory: no files, recall 1, a few milliseconds at 20,000 passages."""

    name = "exact"
    worn = False

    def __init__(self) -> None:
        self.revision = 0
        self._rows = VectorRows.empty()

    @classmethod
    def over(cls, archive: Archive) -> ExactIndex:
        """An index of everything in the archive."""
        index = cls()
        # Read first: a change between the two reads is then applied twice rather than missed.
        index.revision = archive.revision()
        index._rows = archive.vector_rows()
        return index

    def update(self, *, drop: Sequence[str], add: Sequence[IndexEntry], revision: int) -> None:
        """See `VectorIndex`."""
        dropped = {*drop, *(entry.article_id for entry in add)}
        kept = [i for i, article in enumerate(self._rows.article_ids) if article not in dropped]
        rows = self._rows if len(kept) == len(self._rows.article_ids) else self._rows.take(kept)
        self._rows = rows.extended(add)
        self.revision = revision

    def reconnect(self, *, eagerly: bool) -> int:
        """See `VectorIndex`; an exact search reaches everything."""
        return 0

    def search(self, vector: Vectors, limits: SearchFilter, limit: int) -> list[Hit]:
        """See `VectorIndex`."""
        rows = self._rows
        if not rows.passage_ids:
            return []
        scores = rows.matrix @ np.asarray(vector, dtype=np.float32)
        allowed = np.flatnonzero(rows.allowed(limits))
        best = allowed[np.argsort(-scores[allowed], kind="stable")[:limit]]
        return [Hit(passage_id=rows.passage_ids[i], score=float(scores[i])) for i in best]

    def count(self) -> int:
        """See `VectorIndex`."""
        return len(self._rows.passage_ids)

    def close(self) -> None:
        """See `VectorIndex`."""
        self._rows = VectorRows.empty()


class ChromaIndex:
    """Chroma's embedded HNSW index in a folder of its own. One process at a time may open the folder."""

    name = "chroma"

    def __init__(self, folder: Path) -> None:
        """Open or create; raises `LibraryError` where Chroma cannot read the folder (the caller rebuilds it)."""
        # Read by chromadb at import: nothing is ever sent.
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        with _chroma_errors(folder):
            self._client = chromadb.PersistentClient(
                path=str(folder), settings=ChromaSettings(anonymized_telemetry=False, allow_reset=False)
            )
            # The defaults found .71 of the true neighbours at 100,000 passages; these find .99 (see docs/scaling.md).
            hnsw: Any = {
                "space": "cosine",
                "ef_construction": 200,
                "max_neighbors": 32,
                "ef_search": 400,
                "num_threads": os.cpu_count() or 1,
                "batch_size": 1000,
                "sync_threshold": 5000,
            }
            self._collection = self._client.get_or_create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": hnsw}
            )
        self._revision = read_revision(folder)
        self._removed = read_number(folder / REMOVED_FILE)
        self._unchecked = 0

    @property
    def revision(self) -> int:
        """See `VectorIndex`."""
        return self._revision

    @property
    def worn(self) -> bool:
        """See `VectorIndex`."""
        return self._removed > max(WORN_AFTER_PASSAGES, WORN_SHARE * self.count())

    def update(self, *, drop: Sequence[str], add: Sequence[IndexEntry], revision: int) -> None:
        """See `VectorIndex`."""
        gone = list(dict.fromkeys([*drop, *(entry.article_id for entry in add)]))
        (self._folder / WRITING_FILE).touch()
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
                    metadatas=[_metadata(entry) for entry in part],
                )
        self._unchecked += len(add)
        write_revision(self._folder, revision)
        self._revision = revision

    def reconnect(self, *, eagerly: bool) -> int:
        """See `VectorIndex`; such passages are put in again.

        HNSW may leave a vector without a single link that leads to it: in 6 of 120 builds of 5,826 passages one could
        not be found by its own vector, killed or not. A search for everything shows them (.5 s at 100,000 passages).
        """
        if self._unchecked <= (0 if eagerly else max(_UNCHECKED_PASSAGES, _UNCHECKED_SHARE * self.count())):
            return 0
        found = 0
        with _chroma_errors(self._folder):
            for _ in range(_RECONNECTIONS):
                lost = self._unreachable()
                if not lost:
                    break
                found += len(lost)
                (self._folder / WRITING_FILE).touch()
                for start in range(0, len(lost), _DELETE_AT_ONCE):
                    part = self._collection.get(
                        ids=lost[start : start + _DELETE_AT_ONCE], include=["embeddings", "metadatas"]
                    )
                    self._collection.delete(ids=part["ids"])
                    self._collection.add(ids=part["ids"], embeddings=part["embeddings"], metadatas=part["metadatas"])
        self._unchecked = 0
        return found

    def _unreachable(self) -> list[str]:
        held = self._collection.get(include=[])["ids"]
        if not held:
            return []
        start = self._collection.get(ids=held[:1], include=["embeddings"])["embeddings"]
        reached = self._collection.query(query_embeddings=start, n_results=len(held), include=[])["ids"][0]
        return sorted(set(held).difference(reached))

    def search(self, vector: Vectors, limits: SearchFilter, limit: int) -> list[Hit]:
        """See `VectorIndex`."""
        with _chroma_errors(self._folder):
            held = self._collection.count()
            if not held:
                return []
            result = self._collection.query(
                query_embeddings=np.asarray([vector], dtype=np.float32),
                n_results=min(limit, held),
                where=_where(limits),
                include=["distances"],
            )
        distances = (result["distances"] or [[]])[0]
        return [
            Hit(passage_id=name, score=1.0 - float(far)) for name, far in zip(result["ids"][0], distances, strict=True)
        ]

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


@dataclass(frozen=True, kw_only=True, slots=True)
class VectorRows:
    """Passages as parallel columns.

    n ids, articles, outlets, dates (NaN where unknown) and an (n, d) float32 matrix.
    """

    passage_ids: list[str]
    article_ids: list[str]
    outlets: list[str]
    published: NDArray[np.float64]
    matrix: Vectors

    @classmethod
    def empty(cls) -> VectorRows:
        """No passages."""
        return cls(
            passage_ids=[], article_ids=[], outlets=[], published=np.empty(0), matrix=np.empty((0, 0), dtype=np.float32)
        )

    def take(self, rows: Sequence[int]) -> VectorRows:
        """Only these rows, in this order."""
        return VectorRows(
            passage_ids=[self.passage_ids[i] for i in rows],
            article_ids=[self.article_ids[i] for i in rows],
            outlets=[self.outlets[i] for i in rows],
            published=self.published[list(rows)],
            matrix=self.matrix[list(rows)],
        )

    def extended(self, entries: Sequence[IndexEntry]) -> VectorRows:
        """These rows and one for each entry."""
        if not entries:
            return self
        published = [np.nan if entry.published is None else entry.published for entry in entries]
        fresh = np.stack([entry.vector for entry in entries]).astype(np.float32)
        return VectorRows(
            passage_ids=[*self.passage_ids, *(entry.passage_id for entry in entries)],
            article_ids=[*self.article_ids, *(entry.article_id for entry in entries)],
            outlets=[*self.outlets, *(entry.outlet for entry in entries)],
            published=np.concatenate([self.published, np.array(published, dtype=np.float64)]),
            matrix=np.concatenate([self.matrix, fresh]) if len(self.matrix) else fresh,
        )

    def allowed(self, limits: SearchFilter) -> NDArray[np.bool_]:
        """Which rows lie within the limits."""
        mask = np.ones(len(self.passage_ids), dtype=bool)
        # Comparisons with NaN are false, so that a bound leaves undated passages out.
        if limits.published_after is not None:
            mask &= self.published >= limits.published_after
        if limits.published_before is not None:
            mask &= self.published <= limits.published_before
        if limits.outlets:
            mask &= np.isin(np.array(self.outlets, dtype=object), list(limits.outlets))
        return mask


def _metadata(entry: IndexEntry) -> dict[str, str | float]:
    known = {"published": entry.published} if entry.published is not None else {}
    return {"article": entry.article_id, "outlet": entry.outlet, **known}


def _where(limits: SearchFilter) -> Any:
    clauses: list[dict[str, Any]] = []
    if limits.published_after is not None:
        clauses.append({"published": {"$gte": limits.published_after}})
    if limits.published_before is not None:
        clauses.append({"published": {"$lte": limits.published_before}})
    if limits.outlets:
        clauses.append({"outlet": {"$in": list(limits.outlets)}})
    return {"$and": clauses} if len(clauses) > 1 else clauses[0] if clauses else None


@contextmanager
def _chroma_errors(folder: Path) -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, ValueError, OSError) as error:
        raise LibraryError(
            f"the vector index in {str(folder)!r} does not work ({type(error).__name__}); run `newsdesk rebuild`"
        ) from error
