"""The vector indexes and the word index keep one contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from chromadb.api.models.Collection import Collection

from rag.errors import LibraryError
from rag.models.hashing_embedder import HashingEmbedder
from rag.scope import Scope
from rag.storage.archive.archive import Archive
from rag.storage.indexes import chroma_server
from rag.storage.indexes.bm25 import BM25Index
from rag.storage.indexes.chroma import ChromaIndex
from rag.storage.indexes.chroma_server import ChromaServerIndex
from rag.storage.indexes.vectors import ExactIndex, VectorIndex
from rag.testing import make_article
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, entries, stored

EMBEDDER = HashingEmbedder()
ANYTHING = Scope()
NOW = datetime(2024, 7, 1, tzinfo=UTC)
MAY = Scope.of(after="2024-05-01", before="2024-05-31")


NewIndex = Callable[[str], VectorIndex]


@pytest.fixture
def new_index(kind: str, tmp_path: Path, archive: Archive, request: pytest.FixtureRequest) -> NewIndex:
    """Makes an empty index of the kind."""
    if kind in ("server", "sharded server"):
        if kind == "sharded server":
            request.getfixturevalue("monkeypatch").setattr(chroma_server, "SHARD_PASSAGES", 1)
        server = request.getfixturevalue("chroma_server")
        return lambda name: ChromaServerIndex.fresh(server, archive)
    return lambda name: ChromaIndex(tmp_path / name) if kind == "chroma" else ExactIndex()


def found(index: VectorIndex, text: str, limits: Scope = ANYTHING, limit: int = 10) -> list[str]:
    return [hit.passage_id for hit in index.search(EMBEDDER.embed_question(text), limits, limit)]


@pytest.mark.parametrize("kind", ["exact", "chroma", "server", "sharded server"])
class TestVectorIndex:
    """The contract of `VectorIndex`."""

    @pytest.fixture
    def index(self, new_index: NewIndex, archive: Archive) -> Iterator[VectorIndex]:
        index = new_index("vectors")
        index.update(drop=(), add=entries(archive, BRIDGE, STRIKE, UNDATED), revision=3)
        yield index
        index.close()

    def test_a_passage_finds_itself_first_with_cosine_one(self, index: VectorIndex, archive: Archive) -> None:
        for stored_passage in archive.stored_passages([BRIDGE.ref.id, STRIKE.ref.id]):
            best = index.search(stored_passage.vector, Scope(), 1)[0]
            assert best.passage_id == stored_passage.passage.id
            assert best.score == pytest.approx(1.0, abs=1e-5)

    def test_scores_fall_and_the_limit_holds(self, index: VectorIndex) -> None:
        hits = index.search(EMBEDDER.embed_question("ferry strike pay"), Scope(), 2)
        assert len(hits) == 2
        assert hits[0].score >= hits[1].score

    def test_dates_bound_the_search_and_leave_undated_passages_out(self, index: VectorIndex) -> None:
        assert found(index, "bridge", MAY) == [f"{BRIDGE.ref.id}:0"]
        assert found(index, "bridge", Scope.of(after="2024-05-01")) != found(index, "bridge")

    def test_outlets_bound_the_search(self, index: VectorIndex) -> None:
        assert found(index, "bridge", Scope(outlets=("Harbour Post",))) == [f"{STRIKE.ref.id}:0"]
        assert found(index, "bridge", Scope(outlets=("Nobody",))) == []

    def test_named_articles_bound_the_search(self, index: VectorIndex) -> None:
        assert found(index, "bridge", Scope(articles=(STRIKE.ref.id,))) == [f"{STRIKE.ref.id}:0"]
        assert found(index, "bridge", Scope(articles=(STRIKE.ref.id,), outlets=("Evening Mail",))) == []

    def test_tags_bound_the_search(self, index: VectorIndex, archive: Archive) -> None:
        archive.tags.change(STRIKE.ref.id, add=["sea", "pay: 7%"], now=NOW)
        archive.tags.change(UNDATED.ref.id, add=["moths"], now=NOW)
        index.update(drop=(), add=entries(archive, STRIKE, UNDATED), revision=5)
        assert found(index, "bridge", Scope(tags=("pay: 7%",))) == [f"{STRIKE.ref.id}:0"]
        assert set(found(index, "bridge", Scope(tags=("sea", "moths")))) == {
            f"{STRIKE.ref.id}:0",
            f"{UNDATED.ref.id}:0",
        }
        assert found(index, "bridge", Scope(tags=("sea",), outlets=("Evening Mail",))) == []
        archive.tags.change(STRIKE.ref.id, remove=["sea"], now=NOW)
        index.update(drop=(), add=entries(archive, STRIKE), revision=6)
        assert found(index, "bridge", Scope(tags=("sea",))) == []
        assert len(found(index, "bridge")) == 3

    def test_updating_twice_is_the_same_as_once(self, index: VectorIndex, archive: Archive) -> None:
        before = found(index, "bridge")
        index.update(drop=(BRIDGE.ref.id,), add=entries(archive, BRIDGE), revision=3)
        assert (found(index, "bridge"), index.count()) == (before, 3)

    def test_a_dropped_article_is_gone(self, index: VectorIndex) -> None:
        index.update(drop=(BRIDGE.ref.id, "never stored"), add=(), revision=4)
        assert f"{BRIDGE.ref.id}:0" not in found(index, "bridge")
        assert (index.count(), index.revision) == (2, 4)

    def test_an_empty_index_finds_nothing(self, new_index: NewIndex, index: VectorIndex) -> None:
        empty = new_index("empty")
        assert found(empty, "anything") == []
        empty.close()


class TestPassagesThatNoLinkLeadsTo:
    """Whether HNSW leaves a vector alone is chance: here its answers leave one out."""

    @pytest.fixture
    def index(self, tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChromaIndex]:
        first = ChromaIndex(tmp_path / "vectors")
        first.update(drop=(), add=entries(archive, BRIDGE, STRIKE, UNDATED), revision=3)
        first.close()
        query = Collection.query

        def query_without_the_bridge(self: Collection, **asked: Any) -> Any:
            result = query(self, **asked)
            left = [i for i, name in enumerate(result["ids"][0]) if name != f"{BRIDGE.ref.id}:0"]
            distances = [[result["distances"][0][i] for i in left]] if result["distances"] else None
            return {"ids": [[result["ids"][0][i] for i in left]], "distances": distances}

        monkeypatch.setattr(Collection, "query", query_without_the_bridge)
        again = ChromaIndex(tmp_path / "vectors")
        yield again
        again.close()

    def test_it_is_found_nevertheless(self, index: ChromaIndex) -> None:
        assert found(index, "bridge", MAY) == [f"{BRIDGE.ref.id}:0"]
        assert sorted(found(index, "bridge")) == sorted(f"{a.ref.id}:0" for a in (BRIDGE, STRIKE, UNDATED))

    def test_its_score_is_the_cosine(self, index: ChromaIndex, archive: Archive) -> None:
        (entry,) = entries(archive, BRIDGE)
        (hit, *_) = index.search(entry.vector, Scope(), 1)
        assert (hit.passage_id, round(hit.score, 5)) == (entry.passage_id, 1.0)

    def test_the_limits_hold_for_it(self, index: ChromaIndex) -> None:
        assert found(index, "bridge", Scope(outlets=("Nobody",))) == []

    def test_it_is_gone_when_its_article_is(self, index: ChromaIndex) -> None:
        index.update(drop=(BRIDGE.ref.id,), add=(), revision=4)
        assert f"{BRIDGE.ref.id}:0" not in found(index, "bridge")


def test_what_is_searched_beside_the_graph_does_not_grow_with_the_library(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.storage.indexes.chroma._BESIDE_PASSAGES", 2)
    index = ChromaIndex(tmp_path / "vectors")
    index.update(drop=(), add=entries(archive, BRIDGE, STRIKE), revision=2)
    assert len(index.beside.passage_ids) == 2
    index.update(drop=(), add=entries(archive, UNDATED), revision=3)
    assert index.beside.passage_ids == []
    assert len(found(index, "bridge")) == 3
    index.close()


def test_chroma_comes_back_from_disk_at_its_revision(tmp_path: Path, archive: Archive) -> None:
    first = ChromaIndex(tmp_path / "vectors")
    first.update(drop=(), add=entries(archive, BRIDGE), revision=1)
    first.close()
    again = ChromaIndex(tmp_path / "vectors")
    assert (again.count(), again.revision) == (1, 1)
    again.close()


def test_exact_search_reads_the_archive_and_agrees_with_updates(archive: Archive) -> None:
    over = ExactIndex.over(archive)
    updated = ExactIndex()
    updated.update(drop=(), add=entries(archive, BRIDGE, STRIKE, UNDATED), revision=3)
    assert sorted(found(over, "moths at the mill")) == sorted(found(updated, "moths at the mill"))
    assert found(over, "moths at the mill")[0] == found(updated, "moths at the mill")[0]


class TestWordsIndex:
    @pytest.fixture
    def words(self, tmp_path: Path, archive: Archive) -> Iterator[BM25Index]:
        index = BM25Index(tmp_path / "words")
        index.update(drop=(), add=entries(archive, BRIDGE, STRIKE, UNDATED), revision=3)
        yield index
        index.close()

    def test_other_forms_of_a_word_are_found(self, words: BM25Index) -> None:
        assert words.search("repairing a cracked pier", Scope(), 5)[0].passage_id == f"{BRIDGE.ref.id}:0"

    def test_title_outlet_and_date_are_searchable(self, words: BM25Index) -> None:
        assert words.search("Harbour Post June", Scope(), 1)[0].passage_id == f"{STRIKE.ref.id}:0"

    def test_limits_hold(self, words: BM25Index) -> None:
        assert [hit.passage_id for hit in words.search("bridge ferry moths", MAY, 5)] == [f"{BRIDGE.ref.id}:0"]
        assert words.search("bridge", Scope(outlets=("Harbour Post",)), 5) == []
        assert words.search("bridge", Scope(articles=(STRIKE.ref.id,)), 5) == []
        assert words.search("bridge", Scope(articles=(BRIDGE.ref.id,)), 5)

    def test_a_tag_limits_what_is_ranked_and_not_what_was_ranked(self, words: BM25Index, archive: Archive) -> None:
        archive.tags.change(STRIKE.ref.id, add=["sea"], now=NOW)
        words.update(drop=(), add=entries(archive, STRIKE), revision=4)
        asked = "Saltmarsh bridge piers and a ferry"
        assert words.search(asked, Scope(), 1)[0].passage_id == f"{BRIDGE.ref.id}:0"
        assert words.search(asked, Scope(tags=("never given", "sea")), 1)[0].passage_id == f"{STRIKE.ref.id}:0"
        assert words.search(asked, Scope(tags=("never given",)), 1) == []

    def test_query_syntax_in_a_question_is_only_text(self, words: BM25Index) -> None:
        for text in ("title:bridge AND (", '"', "*", "bridge^9 -ferry", "\\", "text:[* TO *]"):
            words.search(text, Scope(), 5)
        assert words.search("bridge OR", Scope(), 1)[0].passage_id == f"{BRIDGE.ref.id}:0"

    def test_a_question_without_words_finds_nothing(self, words: BM25Index) -> None:
        assert words.search("?!", Scope(), 5) == []

    def test_scripts_without_spaces_are_searchable(self, words: BM25Index, archive: Archive) -> None:
        article = make_article("首相は水曜日に新しい橋を訪れた。", language="ja", title="橋の視察")
        stored(archive, article)
        words.update(drop=(), add=entries(archive, article), revision=4)
        assert words.search("新しい橋", Scope(), 1)[0].passage_id == f"{article.ref.id}:0"

    def test_dropping_and_adding_again_changes_nothing(self, words: BM25Index, archive: Archive) -> None:
        words.update(drop=(BRIDGE.ref.id,), add=entries(archive, BRIDGE), revision=4)
        assert (words.count(), words.revision) == (3, 4)
        words.update(drop=(BRIDGE.ref.id,), add=(), revision=5)
        assert words.search("Saltmarsh", Scope(), 5) == []

    def test_rare_terms_weigh_more_than_common_ones(self, words: BM25Index) -> None:
        rarity = words.rarity(["moth", "the", "unseen"])
        assert 0.0 < rarity["the"] < rarity["moth"] < rarity["unseen"] == 1.0

    def test_a_second_process_reads_what_was_committed(self, words: BM25Index, tmp_path: Path) -> None:
        reader = BM25Index(tmp_path / "words", read_only=True)
        assert reader.search("Saltmarsh", Scope(), 5) == words.search("Saltmarsh", Scope(), 5)
        with pytest.raises(LibraryError, match="reading only"):
            reader.update(drop=(), add=(), revision=9)

    def test_an_index_of_another_format_is_refused(self, words: BM25Index, tmp_path: Path) -> None:
        words.close()
        (tmp_path / "words" / "format.json").write_text('{"format": 0}', encoding="utf-8")
        with pytest.raises(LibraryError, match="newsdesk rebuild"):
            BM25Index(tmp_path / "words")
