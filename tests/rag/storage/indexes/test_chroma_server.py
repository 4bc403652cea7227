"""Vectors on a Chroma server: shared by machines, built anew while the old ones serve, and not needed to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.errors import LibraryBusy, StorageUnavailable
from rag.models.hashing_embedder import HashingEmbedder
from rag.scope import Scope
from rag.storage.archive.archive import Archive
from rag.storage.indexes import chroma_server as module
from rag.storage.indexes.chroma_server import ChromaServer, ChromaServerIndex
from rag.storage.indexes.writer import rebuilt_on_server
from rag.storage.library import Library, open_library
from rag.testing import make_article
from rag.types import Question
from tests.chroma_server import RunningChroma
from tests.postgresql_server import PostgresqlServer
from tests.rag.makers import BRIDGE, STRIKE, prepared, settings_for

EMBEDDER = HashingEmbedder()
Machine = Callable[[str], Library]


@pytest.fixture
def machine(postgresql: PostgresqlServer, chroma_server: ChromaServer, tmp_path: Path) -> Machine:
    """Opens the shared library on the machine of that name; its vectors are always asked on the server."""
    place = postgresql.new_place()

    def opened(name: str) -> Library:
        settings = settings_for(
            tmp_path / name, archive=place, vector_index="chroma", chroma=chroma_server.address, chroma_token="t"
        )
        return open_library(settings, embedder=EMBEDDER, stay_open=True)

    return opened


def nearest(library: Library, text: str) -> str:
    hits = library.search_vectors(Question(text=text), EMBEDDER.embed_question(text), 1)
    return hits[0].passage_id.partition(":")[0] if hits else ""


def collections(chroma_server: ChromaServer, archive: Archive) -> list[str]:
    index = ChromaServerIndex(chroma_server, archive)
    names = [found.name for found in index._client.list_collections()]
    index.close()
    return [name for name in names if name.startswith(f"newsdesk-{archive.identity}")]


def test_machines_share_the_vectors_and_each_may_let_them_follow(machine: Machine, chroma_server: ChromaServer) -> None:
    with machine("first") as first, machine("second") as second:
        first.put([prepared(BRIDGE)])
        assert nearest(first, BRIDGE.text) == BRIDGE.ref.id
        assert nearest(second, BRIDGE.text) == BRIDGE.ref.id
        second.put([prepared(STRIKE)])
        second.remove(BRIDGE.ref.id)
        assert nearest(second, BRIDGE.text) == STRIKE.ref.id
        assert nearest(first, BRIDGE.text) == STRIKE.ref.id
        assert first.status().vector_index == "chroma server"
        assert first.status().clean
        assert len(collections(chroma_server, first.archive)) == 1


def test_a_collection_that_an_earlier_newsdesk_wrote_past_a_tag_is_made_anew(
    machine: Machine, chroma_server: ChromaServer
) -> None:
    def tagged(library: Library) -> list[str]:
        vector = EMBEDDER.embed_question(BRIDGE.text)
        hits = library.search_vectors(Question(text="bridge", scope=Scope(tags=("sea",))), vector, 5)
        return [hit.passage_id.partition(":")[0] for hit in hits]

    with machine("first") as first:
        first.put([prepared(BRIDGE), prepared(STRIKE)])
        assert nearest(first, BRIDGE.text) == BRIDGE.ref.id
        old = collections(chroma_server, first.archive)
        first.tag(STRIKE.ref.id, add=["sea"])
        index = ChromaServerIndex(chroma_server, first.archive)
        # As a version without tags follows: its mark of the collection names no format.
        index._shards[0].modify(metadata={"revision": first.archive.revision(), "removed": 1})
        index.close()
        assert tagged(first) == [STRIKE.ref.id]
        assert collections(chroma_server, first.archive) != old


def test_a_rebuilt_collection_takes_the_place_of_the_old_one_under_whoever_searches_it(
    machine: Machine, chroma_server: ChromaServer
) -> None:
    with machine("first") as first:
        first.put([prepared(BRIDGE), prepared(STRIKE)])
        assert nearest(first, BRIDGE.text) == BRIDGE.ref.id
        old = collections(chroma_server, first.archive)

        def asked_meanwhile(done: int, total: int) -> None:
            assert nearest(first, BRIDGE.text) == BRIDGE.ref.id
            assert set(old) < set(collections(chroma_server, first.archive))

        rebuilt_on_server(chroma_server, first.archive, asked_meanwhile).close()
        assert nearest(first, STRIKE.text) == STRIKE.ref.id
        (left,) = collections(chroma_server, first.archive)
        assert left not in old
        assert first.status().problems == ()


def test_a_large_archive_is_spread_over_collections_that_follow_and_change_over_together(
    machine: Machine, chroma_server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [make_article(f"Pier {number} is closed.", url=f"https://shard.example/{number}") for number in range(6)]
    with machine("first") as first, machine("second") as second:
        first.put([prepared(article) for article in articles[:5]])
        first.catch_up()
        monkeypatch.setattr(module, "SHARD_PASSAGES", 2)
        rebuilt_on_server(chroma_server, first.archive, None).close()
        assert len(collections(chroma_server, first.archive)) == 3
        second.put([prepared(articles[5])])
        second.remove(articles[0].ref.id)
        for library in (first, second):
            for article in articles[1:]:
                assert nearest(library, article.text) == article.ref.id
            assert nearest(library, articles[0].text) != articles[0].ref.id
        index = ChromaServerIndex(chroma_server, first.archive)
        assert (index.count(), index.revision) == (5, first.archive.revision())
        index.close()


def test_of_a_change_that_was_killed_between_two_collections_nothing_is_taken_for_done(
    machine: Machine, chroma_server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHARD_PASSAGES", 1)
    with machine("first") as first:
        first.put([prepared(BRIDGE), prepared(STRIKE)])
        first.catch_up()
        rebuilt_on_server(chroma_server, first.archive, None).close()
        first.catch_up()
        index = ChromaServerIndex(chroma_server, first.archive)
        index._shards[1].modify(metadata={"revision": 1, "removed": 0, "format": 2})
        index.refresh()
        assert index.revision == 1
        index.close()


def test_one_machine_at_a_time_writes_the_vectors(machine: Machine, chroma_server: ChromaServer) -> None:
    with machine("first") as first, machine("second") as second:
        first.put([prepared(BRIDGE)])
        first.catch_up()
        with second.archive.database.exclusively(module.LOCK) as mine:
            assert mine
            with pytest.raises(LibraryBusy, match="another machine"):
                rebuilt_on_server(chroma_server, first.archive, None)
            first.put([prepared(STRIKE)])
            first.catch_up()
            assert first.status().vectors_revision == 1, "who has the lock lets them follow"
        first.catch_up()
        assert first.status().vectors_revision == 2


def test_a_collection_that_is_gone_or_holds_too_little_is_built_anew(
    machine: Machine, chroma_server: ChromaServer
) -> None:
    with machine("first") as first:
        first.put([prepared(BRIDGE), prepared(STRIKE)])
        first.catch_up()
        index = ChromaServerIndex(chroma_server, first.archive)
        index._shards[0].delete(ids=[f"{BRIDGE.ref.id}:0"])
    with machine("second") as second:
        assert nearest(second, BRIDGE.text) == BRIDGE.ref.id
        name = second.archive.note(module.COLLECTION_NOTE)
        index._client.delete_collection(name)
        second.put([prepared(make_article("A third one."))])
        assert nearest(second, BRIDGE.text) == BRIDGE.ref.id
        assert second.status().clean
    index.close()


def test_without_the_server_questions_are_answered_from_the_archive_and_then_with_it_again(
    machine: Machine, running_chroma: RunningChroma, chroma_server: ChromaServer
) -> None:
    with machine("first") as first:
        first.put([prepared(BRIDGE)])
        assert nearest(first, BRIDGE.text) == BRIDGE.ref.id
        running_chroma.stop()
        try:
            assert nearest(first, BRIDGE.text) == BRIDGE.ref.id
            with pytest.raises(StorageUnavailable, match=r"cannot be reached .* see that it runs"):
                ChromaServerIndex(chroma_server, first.archive)
            first.put([prepared(STRIKE)])
            assert nearest(first, STRIKE.text) == STRIKE.ref.id
        finally:
            running_chroma.start()
        first.put([prepared(make_article("A third one."))])
        assert nearest(first, STRIKE.text) == STRIKE.ref.id
        assert first.status().vector_index == "chroma server"
        assert first.status().vectors_revision == 3


def test_a_library_in_a_folder_may_have_its_vectors_on_a_server_and_take_them_back(
    tmp_path: Path, chroma_server: ChromaServer
) -> None:
    def opened(**given: str) -> Iterator[Library]:
        with open_library(settings_for(tmp_path, vector_index="chroma", **given), embedder=EMBEDDER) as library:
            yield library

    for library in opened():
        library.put([prepared(BRIDGE)])
    for library in opened(chroma=chroma_server.address):
        library.put([prepared(STRIKE)])
        library.remove(BRIDGE.ref.id)
        assert nearest(library, BRIDGE.text) == STRIKE.ref.id
    for library in opened():
        assert nearest(library, BRIDGE.text) == STRIKE.ref.id
        assert library.status().vector_index == "chroma"


def test_a_token_and_a_request_without_end(chroma_server: ChromaServer) -> None:
    client = module._client(ChromaServer(address=f"{chroma_server.address}?tenant=default_tenant", token="secret"))
    session = client._server._session
    assert session.headers["Authorization"] == "Bearer secret"
    assert session.headers["x-chroma-token"] == "secret"
    assert (session.timeout.connect, session.timeout.read) == (module._CONNECT_SECONDS, module._REQUEST_SECONDS)
    module._close(client)
    assert session.is_closed
    assert "secret" not in repr(ChromaServer(address="http://host", token="secret"))
