"""Vector search: Chroma for libraries that grow, exact search for small ones, narrow filters and second processes.

Both hold what the archive holds and can be made anew from it. chromadb is used nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from rag.scope import Scope
from rag.storage.index_contract import (
    Hit,
    IndexEntry,
)
from rag.storage.vector_matrix import VectorMatrix, Vectors

if TYPE_CHECKING:
    from rag.storage.archive.archive import Archive


class VectorIndex(Protocol):
    """Finds the passages whose vectors are nearest to a question's."""

    name: str

    @property
    def revision(self) -> int:
        """The archive's revision that this index has reached."""

    @property
    def needs_rebuild(self) -> bool:
        """Whether so many passages were taken out since it was built that it no longer finds all others."""

    def update(self, *, drop: Sequence[str], add: Sequence[IndexEntry], revision: int) -> None:
        """Take out every passage of the articles `drop`, put in `add`, then note `revision`.

        Doing it twice changes nothing.
        """

    def search(self, vector: Vectors, scope: Scope, limit: int) -> list[Hit]:
        """The nearest passages within the scope, best first; the score is the cosine."""

    def count(self) -> int:
        """Number of passages held."""

    def close(self) -> None:
        """Release files; the index is complete on disk afterwards."""


class ExactIndex:
    """A matrix product over vectors in memory: no files, recall 1, a few milliseconds at 20,000 passages."""

    name = "exact"
    needs_rebuild = False

    def __init__(self) -> None:
        self.revision = 0
        self._rows = VectorMatrix.empty()

    @classmethod
    def over(cls, archive: Archive) -> ExactIndex:
        """An index of everything in the archive."""
        index = cls()
        # Read first: a change between the two reads is then applied twice rather than missed.
        index.revision = archive.revision()
        index._rows = archive.vector_matrix()
        return index

    def update(self, *, drop: Sequence[str], add: Sequence[IndexEntry], revision: int) -> None:
        """See `VectorIndex`."""
        self._rows = self._rows.without({*drop, *(entry.article_id for entry in add)}).extended(add)
        self.revision = revision

    def search(self, vector: Vectors, scope: Scope, limit: int) -> list[Hit]:
        """See `VectorIndex`."""
        return self._rows.nearest(vector, scope, limit)

    def count(self) -> int:
        """See `VectorIndex`."""
        return len(self._rows.passage_ids)

    def close(self) -> None:
        """See `VectorIndex`."""
        self._rows = VectorMatrix.empty()
