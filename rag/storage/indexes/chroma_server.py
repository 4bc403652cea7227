"""Vector search on a Chroma server that several machines share.

A collection a generation, `newsdesk-ARCHIVE-NUMBER`; a note in the archive names the one in use, so that every machine
changes over at once. Whoever finds it behind lets it follow, one at a time: the archive has the lock.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import numpy as np

from rag.errors import LibraryError, NewsdeskError, StorageUnavailable
from rag.scope import Scope
from rag.storage.archive.archive import Archive
from rag.storage.index_contract import Hit, IndexEntry
from rag.storage.indexes.chroma import FORMAT, HNSW, is_worn, load_chroma, metadata_of, where_of
from rag.storage.vector_matrix import Vectors

R = TypeVar("R")

COLLECTION_NOTE = "chroma_collection"
"""The note in the archive that names the collection in use."""

LOCK = "vectors"
"""The lock of the archive that whoever changes a collection holds."""

# A thousand vectors took .8 s and some MB of JSON.
_ENTRIES_AT_ONCE = 500
_DELETE_AT_ONCE = 200
_CONNECT_SECONDS = 5.0
_REQUEST_SECONDS = 60.0
_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class ChromaServer:
    """Where a server is, and what lets us in."""

    address: str
    token: str = field(default="", repr=False)


class ChromaServerIndex:
    """The vectors of an archive on a server. Any number of processes hold it; `refresh` shows what others did.

    Unlike `ChromaIndex` it keeps nothing beside the graph: what no link leads to is found by its words alone.
    """

    name = "chroma server"

    def __init__(self, server: ChromaServer, archive: Archive) -> None:
        """Open the collection in use.

        Raises `LibraryError` where there is none yet, `StorageUnavailable` where the server cannot be reached.
        """
        self._server = server
        self._archive = archive
        self._client = self._asked(lambda: _client(server))
        self._collection: Any = None
        self._kept: dict[str, int] = {}
        try:
            self.refresh()
        except BaseException:
            self.close()
            raise

    @classmethod
    def fresh(cls, server: ChromaServer, archive: Archive) -> ChromaServerIndex:
        """An empty collection that nobody else uses until it is adopted."""
        index = cls.__new__(cls)
        index._server, index._archive = server, archive
        index._client = index._asked(lambda: _client(server))
        index._kept = {"revision": 0, "removed": 0, "format": FORMAT}
        name = f"{_prefix(archive)}{uuid.uuid4().hex[:8]}"
        try:
            index._collection = index._asked(
                lambda: index._client.create_collection(
                    name, embedding_function=None, configuration={"hnsw": HNSW}, metadata=dict(index._kept)
                )
            )
        except BaseException:
            index.close()
            raise
        return index

    def adopt(self) -> None:
        """Let every machine use this collection from now on, and delete the other ones of this archive."""
        self._archive.set_note(COLLECTION_NOTE, self._collection.name)
        for other in self._asked(self._client.list_collections):
            if other.name.startswith(_prefix(self._archive)) and other.name != self._collection.name:
                with suppress(NewsdeskError):
                    self._asked(partial(self._client.delete_collection, other.name))

    def refresh(self) -> None:
        """Open the collection in use, and see how far it has come. Raises as the constructor does."""
        name = self._archive.note(COLLECTION_NOTE)
        if not name:
            raise LibraryError("this archive has no vectors on the Chroma server yet; run `newsdesk rebuild`")
        self._collection = self._asked(lambda: self._client.get_collection(name, embedding_function=None))
        known = self._collection.metadata or {}
        # An earlier Newsdesk that writes to the collection takes the mark away.
        if int(known.get("format", 0)) < FORMAT and self._archive.tags.are_known_at(int(known.get("revision", 0))):
            raise LibraryError("an earlier Newsdesk wrote the vectors on the Chroma server; run `newsdesk rebuild`")
        self._kept = {**{key: int(known.get(key, 0)) for key in ("revision", "removed")}, "format": FORMAT}

    @property
    def revision(self) -> int:
        """See `VectorIndex`; as it was at the last `refresh`."""
        return self._kept["revision"]

    @property
    def needs_rebuild(self) -> bool:
        """See `VectorIndex`."""
        return is_worn(self._kept["removed"], self.count)

    def update(self, *, drop: Sequence[str], add: Sequence[IndexEntry], revision: int) -> None:
        """See `VectorIndex`; for whoever holds the lock."""
        gone = list(dict.fromkeys([*drop, *(entry.article_id for entry in add)]))
        for start in range(0, len(gone), _DELETE_AT_ONCE):
            where: Any = {"article": {"$in": gone[start : start + _DELETE_AT_ONCE]}}
            old = self._asked(lambda: self._collection.get(where=where, include=[])["ids"])  # noqa: B023
            if old:
                self._kept["removed"] += len(old)
                self._asked(lambda: self._collection.delete(ids=old))  # noqa: B023
        for start in range(0, len(add), _ENTRIES_AT_ONCE):
            self._put(add[start : start + _ENTRIES_AT_ONCE])
        self._kept["revision"] = revision
        self._asked(lambda: self._collection.modify(metadata=dict(self._kept)))

    def search(self, vector: Vectors, scope: Scope, limit: int) -> list[Hit]:
        """See `VectorIndex`."""
        try:
            return self._found(vector, scope, limit)
        except LibraryError:
            # Another machine may have changed over to a new collection.
            self.refresh()
            return self._found(vector, scope, limit)

    def count(self) -> int:
        """See `VectorIndex`."""
        return int(self._asked(lambda: self._collection.count()))

    def close(self) -> None:
        """See `VectorIndex`."""
        _close(self._client)

    def _put(self, part: Sequence[IndexEntry]) -> None:
        self._asked(
            lambda: self._collection.upsert(
                ids=[entry.passage_id for entry in part],
                embeddings=np.stack([entry.vector for entry in part]),
                metadatas=[metadata_of(entry) for entry in part],
            )
        )

    def _found(self, vector: Vectors, scope: Scope, limit: int) -> list[Hit]:
        result = self._asked(
            lambda: self._collection.query(
                query_embeddings=np.asarray([vector], dtype=np.float32),
                n_results=limit,
                where=where_of(scope),
                include=["distances"],
            )
        )
        pairs = zip(result["ids"][0], (result["distances"] or [[]])[0], strict=True)
        return [Hit(passage_id=name, score=1.0 - float(distance)) for name, distance in pairs]

    def _asked(self, call: Callable[[], R]) -> R:
        """What the server says; asked once more where it did not say anything. Every call can be made twice."""
        load_chroma()
        from chromadb.errors import ChromaError

        for last in (False, True):
            try:
                return call()
            except ChromaError as error:
                raise LibraryError(
                    f"the vectors on {_host(self._server)} do not work ({type(error).__name__}); run `newsdesk rebuild`"
                ) from error
            # What a connection or a proxy in between says comes as a bare Exception.
            except Exception as error:
                if last:
                    raise StorageUnavailable(
                        f"the Chroma server {_host(self._server)} cannot be reached ({type(error).__name__}); see that "
                        "it runs and lets this token in"
                    ) from error
            time.sleep(_PAUSE_SECONDS)
        raise AssertionError("one of the two returns or raises")


def _client(server: ChromaServer) -> Any:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    parts = urlsplit(server.address)
    is_safe = parts.scheme == "https"
    named = {key: value for key, value in parse_qsl(parts.query) if key in ("tenant", "database")}
    # A proxy in front reads the first, Chroma Cloud the second.
    headers = {"Authorization": f"Bearer {server.token}", "x-chroma-token": server.token} if server.token else {}
    client = chromadb.HttpClient(
        host=parts.hostname or "",
        port=parts.port or (443 if is_safe else 8000),
        ssl=is_safe,
        headers=headers,
        settings=ChromaSettings(anonymized_telemetry=False),
        **named,
    )
    # Chroma waits for ever, and has no setting for it.
    waits = (_CONNECT_SECONDS, _REQUEST_SECONDS, _REQUEST_SECONDS, _CONNECT_SECONDS)
    client._server._session.timeout = waits  # type: ignore[attr-defined]
    return client


def _close(client: Any) -> None:
    client.close()
    # Chroma's client leaves its connections open, and those of the second client that it makes for itself.
    for each in (client, client._admin_client):
        each._server._session.close()


def _prefix(archive: Archive) -> str:
    return f"newsdesk-{archive.identity}-"


def _host(server: ChromaServer) -> str:
    parts = urlsplit(server.address)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
