"""Vector search on a Chroma server that several machines share.

Collections a generation, `newsdesk-ARCHIVE-NUMBER`, one for each `SHARD_PASSAGES`; a note in the archive names those
in use, so that every machine changes over at once. Whoever finds them behind lets them follow, one at a time: the
archive has the lock.
"""

from __future__ import annotations

import math
import time
import uuid
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
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
"""The note in the archive that names the collections in use, a space between them."""

SHARD_PASSAGES = 2_000_000
"""So many passages to a collection when it is built: adding to a graph, and finding in it, takes longer as it grows."""

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

    An article's passages are in one collection, by the hash of its id; a search asks all and merges by cosine.

    Unlike `ChromaIndex` it keeps nothing beside the graph: what no link leads to is found by its words alone.
    """

    name = "chroma server"

    def __init__(self, server: ChromaServer, archive: Archive) -> None:
        """Open the collections in use.

        Raises `LibraryError` where there is none yet, `StorageUnavailable` where the server cannot be reached.
        """
        self._server = server
        self._archive = archive
        self._client = self._asked(lambda: _client(server))
        self._shards: list[Any] = []
        self._kept: dict[str, int] = {}
        try:
            self.refresh()
        except BaseException:
            self.close()
            raise

    @classmethod
    def fresh(cls, server: ChromaServer, archive: Archive) -> ChromaServerIndex:
        """Empty collections, as many as the archive needs, that nobody else uses until they are adopted."""
        index = cls.__new__(cls)
        index._server, index._archive = server, archive
        index._client = index._asked(lambda: _client(server))
        index._kept = {"revision": 0, "removed": 0, "format": FORMAT}
        index._shards = []
        try:
            for _ in range(max(1, math.ceil(archive.passage_count() / SHARD_PASSAGES))):
                index._shards.append(index._created(f"{_prefix(archive)}{uuid.uuid4().hex[:8]}"))
        except BaseException:
            index.close()
            raise
        return index

    def adopt(self) -> None:
        """Let every machine use these collections from now on, and delete the other ones of this archive."""
        names = [shard.name for shard in self._shards]
        self._archive.set_note(COLLECTION_NOTE, " ".join(names))
        for other in self._asked(self._client.list_collections):
            if other.name.startswith(_prefix(self._archive)) and other.name not in names:
                with suppress(NewsdeskError):
                    self._asked(partial(self._client.delete_collection, other.name))

    def refresh(self) -> None:
        """Open the collections in use, and see how far they have come. Raises as the constructor does."""
        names = (self._archive.note(COLLECTION_NOTE) or "").split()
        if not names:
            raise LibraryError("this archive has no vectors on the Chroma server yet; run `newsdesk rebuild`")
        shards = [self._opened(name) for name in names]
        known = [shard.metadata or {} for shard in shards]
        # Of a killed writer's change the first collections may know already.
        revision, written = (min(int(each.get(key, 0)) for each in known) for key in ("revision", "format"))
        # An earlier Newsdesk that writes to the collection takes the mark away.
        if written < FORMAT and self._archive.tags.are_known_at(revision):
            raise LibraryError("an earlier Newsdesk wrote the vectors on the Chroma server; run `newsdesk rebuild`")
        removed = max(int(each.get("removed", 0)) for each in known)
        self._shards, self._kept = shards, {"revision": revision, "removed": removed, "format": FORMAT}

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
        shards = list(enumerate(self._shards))
        for number, shard in shards:
            self._delete(shard, [name for name in gone if self._place_of(name) == number])
            self._put(shard, [entry for entry in add if self._place_of(entry.article_id) == number])
        self._kept["revision"] = revision
        for _, shard in shards:
            self._asked(partial(shard.modify, metadata=dict(self._kept)))

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
        return sum(int(self._asked(shard.count)) for shard in self._shards)

    def close(self) -> None:
        """See `VectorIndex`."""
        _close(self._client)

    def _created(self, name: str) -> Any:
        return self._asked(
            lambda: self._client.create_collection(
                name, embedding_function=None, configuration={"hnsw": HNSW}, metadata=dict(self._kept)
            )
        )

    def _opened(self, name: str) -> Any:
        return self._asked(lambda: self._client.get_collection(name, embedding_function=None))

    def _place_of(self, article_id: str) -> int:
        return zlib.crc32(article_id.encode()) % len(self._shards)

    def _delete(self, shard: Any, article_ids: Sequence[str]) -> None:
        for start in range(0, len(article_ids), _DELETE_AT_ONCE):
            where = {"article": {"$in": list(article_ids[start : start + _DELETE_AT_ONCE])}}
            old = self._asked(partial(shard.get, where=where, include=[]))["ids"]
            if old:
                self._kept["removed"] += len(old)
                self._asked(partial(shard.delete, ids=old))

    def _put(self, shard: Any, entries: Sequence[IndexEntry]) -> None:
        for start in range(0, len(entries), _ENTRIES_AT_ONCE):
            part = entries[start : start + _ENTRIES_AT_ONCE]
            put = partial(
                shard.upsert,
                ids=[entry.passage_id for entry in part],
                embeddings=np.stack([entry.vector for entry in part]),
                metadatas=[metadata_of(entry) for entry in part],
            )
            self._asked(put)

    def _found(self, vector: Vectors, scope: Scope, limit: int) -> list[Hit]:
        find = partial(self._found_in, vector=vector, scope=scope, limit=limit)
        if len(self._shards) == 1:
            return find(self._shards[0])
        # The server works on them side by side.
        with ThreadPoolExecutor(len(self._shards)) as threads:
            hits = [hit for found in threads.map(find, self._shards) for hit in found]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def _found_in(self, shard: Any, *, vector: Vectors, scope: Scope, limit: int) -> list[Hit]:
        asked = partial(
            shard.query,
            query_embeddings=np.asarray([vector], dtype=np.float32),
            n_results=limit,
            where=where_of(scope),
            include=["distances"],
        )
        result = self._asked(asked)
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
