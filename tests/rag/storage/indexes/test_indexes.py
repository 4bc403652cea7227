"""The vector indexes and the word index keep one contract, and a broken index is replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from chromadb.api.models.Collection import Collection

from rag.errors import LibraryBusy, LibraryError
from rag.models.hashing_embedder import HashingEmbedder
from rag.scope import Scope
from rag.storage.archive.archive import Archive
from rag.storage.index_contract import Hit
from rag.storage.indexes.bm25 import BM25Index
from rag.storage.indexes.chroma import WRITING_FILE, ChromaIndex
from rag.storage.indexes.chroma_server import ChromaServerIndex
from rag.storage.indexes.folders import IndexFolders
from rag.storage.indexes.health import are_current
from rag.storage.indexes.reader import IndexReader
from rag.storage.indexes.vectors import ExactIndex, VectorIndex
from rag.storage.indexes.writer import IndexWriter
from rag.testing import make_article
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, entries, stored

EMBEDDER = HashingEmbedder()
ANYTHING = Scope()
NOW = datetime(2024, 7, 1, tzinfo=UTC)
MAY = Scope.of(after="2024-05-01", before="2024-05-31")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive(tmp_path / "archive.sqlite3")
    for article in (BRIDGE, STRIKE, UNDATED):
        stored(archive, article)
    yield archive
    archive.close()


NewIndex = Callable[[str], VectorIndex]


@pytest.fixture
def new_index(kind: str, tmp_path: Path, archive: Archive, request: pytest.FixtureRequest) -> NewIndex:
    """Makes an empty index of the kind."""
    if kind == "server":
        server = request.getfixturevalue("chroma_server")
        return lambda name: ChromaServerIndex.fresh(server, archive)
    return lambda name: ChromaIndex(tmp_path / name) if kind == "chroma" else ExactIndex()


def found(index: VectorIndex, text: str, limits: Scope = ANYTHING, limit: int = 10) -> list[str]:
    return [hit.passage_id for hit in index.search(EMBEDDER.embed_question(text), limits, limit)]


@pytest.mark.parametrize("kind", ["exact", "chroma", "server"])
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


def test_words_of_an_older_format_are_made_anew_by_whoever_opens_the_library(tmp_path: Path, archive: Archive) -> None:
    owned(tmp_path, archive).close()
    assert are_current(tmp_path, archive)
    (IndexFolders(tmp_path).current("words") / "format.json").write_text('{"format": 1}', encoding="utf-8")
    assert not are_current(tmp_path, archive)
    indexes = owned(tmp_path, archive)
    assert indexes.search_words("Saltmarsh", Scope(), 5, languages=["en"])
    assert are_current(tmp_path, archive)
    indexes.close()


@pytest.mark.parametrize(("tagged", "folder"), [(False, "vectors-0001"), (True, "vectors-0002")])
def test_vectors_that_an_earlier_newsdesk_wrote_past_a_tag_are_made_anew(
    tmp_path: Path, archive: Archive, tagged: bool, folder: str
) -> None:
    if tagged:
        archive.tags.change(STRIKE.ref.id, add=["sea"], now=NOW)
    owned(tmp_path, archive).close()
    (IndexFolders(tmp_path).current("vectors") / "format").unlink()
    indexes = owned(tmp_path, archive)
    assert IndexFolders(tmp_path).current("vectors").name == folder
    hits = indexes.search_vectors(EMBEDDER.embed_question("bridge"), Scope(tags=("sea",)), 3)
    assert [hit.passage_id for hit in hits] == ([f"{STRIKE.ref.id}:0"] if tagged else [])
    indexes.close()


def test_a_tag_that_is_given_limits_both_indexes_once_they_have_followed(tmp_path: Path, archive: Archive) -> None:
    indexes = owned(tmp_path, archive)
    archive.tags.change(STRIKE.ref.id, add=["sea"], now=NOW)
    assert indexes.catch_up() == 1
    only = Scope(tags=("sea",))
    words = indexes.search_words("bridge ferry moths", only, 5, languages=["en"])
    vectors = indexes.search_vectors(EMBEDDER.embed_question("bridge"), only, 5)
    assert [hit.passage_id for hit in (*words, *vectors)] == [f"{STRIKE.ref.id}:0"] * 2
    indexes.close()


def owned(tmp_path: Path, archive: Archive) -> IndexWriter:
    indexes = IndexWriter(tmp_path, archive, vector_kind="chroma")
    indexes.catch_up()
    return indexes


def test_only_one_process_owns_the_indexes(tmp_path: Path, archive: Archive) -> None:
    first = owned(tmp_path, archive)
    with pytest.raises(LibraryBusy, match="another process"):
        IndexWriter(tmp_path, archive, vector_kind="chroma")
    first.close()
    owned(tmp_path, archive).close()


def test_a_borrower_reads_what_the_owner_has_and_follows_the_archive(tmp_path: Path, archive: Archive) -> None:
    first = owned(tmp_path, archive)
    borrowed = IndexReader(tmp_path, archive)
    assert borrowed.search_words("Saltmarsh", Scope(), 5, languages=["en"])
    archive.remove(BRIDGE.ref.id)
    first.catch_up()
    borrowed.catch_up()
    assert borrowed.search_words("Saltmarsh", Scope(), 5, languages=["en"]) == []
    assert borrowed.vectors.count() == 2
    first.close()


def test_a_borrower_without_any_index_on_disk_makes_its_own(tmp_path: Path, archive: Archive) -> None:
    borrowed = IndexReader(tmp_path, archive)
    assert borrowed.search_words("Saltmarsh", Scope(), 5, languages=["en"])[0].passage_id == f"{BRIDGE.ref.id}:0"


def test_a_rebuilt_index_takes_the_place_of_the_old_one(tmp_path: Path, archive: Archive) -> None:
    indexes = owned(tmp_path, archive)
    seen: list[tuple[int, int]] = []
    indexes.rebuild(progress=lambda done, total: seen.append((done, total)))
    folders = IndexFolders(tmp_path)
    assert (folders.current("vectors").name, folders.current("words").name) == ("vectors-0002", "words-0002")
    assert not (folders.root / "vectors-0001").exists()
    assert seen[-1] == (3, 3)
    assert indexes.vectors.count() == indexes.words.count() == 3
    indexes.close()


def test_deleted_index_files_are_made_anew(tmp_path: Path, archive: Archive) -> None:
    owned(tmp_path, archive).close()
    import shutil

    shutil.rmtree(IndexFolders(tmp_path).root / "words-0001")
    shutil.rmtree(IndexFolders(tmp_path).root / "vectors-0001")
    indexes = owned(tmp_path, archive)
    assert indexes.vectors.count() == indexes.words.count() == 3
    indexes.close()


def test_an_index_whose_writer_was_killed_is_made_anew_unopened(tmp_path: Path, archive: Archive) -> None:
    owned(tmp_path, archive).close()
    folder = IndexFolders(tmp_path).current("vectors")
    assert not (folder / WRITING_FILE).exists()
    (folder / WRITING_FILE).touch()
    (folder / "chroma.sqlite3").write_bytes(b"opening this would fail")
    indexes = owned(tmp_path, archive)
    assert IndexFolders(tmp_path).current("vectors").name == "vectors-0002"
    assert indexes.vectors.count() == 3
    indexes.close()


def test_a_process_that_only_reads_leaves_no_mark(tmp_path: Path, archive: Archive) -> None:
    owned(tmp_path, archive).close()
    reader = owned(tmp_path, archive)
    reader.search_vectors(EMBEDDER.embed_question("bridge"), Scope(), 3)
    assert not (IndexFolders(tmp_path).current("vectors") / WRITING_FILE).exists()
    reader.close()


def test_an_index_that_holds_too_little_is_rebuilt_by_verify(tmp_path: Path, archive: Archive) -> None:
    indexes = owned(tmp_path, archive)
    indexes.vectors.update(drop=(BRIDGE.ref.id,), add=(), revision=archive.revision())
    indexes.verify()
    assert indexes.vectors.count() == 3
    indexes.close()


def test_an_index_that_lost_many_passages_is_made_anew(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.storage.indexes.chroma.REBUILD_AFTER_PASSAGES", 1)
    indexes = owned(tmp_path, archive)
    for version in range(2):
        for article in (BRIDGE, STRIKE):
            url, text = article.ref.url, f"{article.text} This is version {version}."
            stored(archive, make_article(text, title=article.ref.title, url=url))
        indexes.catch_up()
    assert IndexFolders(tmp_path).current("vectors").name != "vectors-0001"
    assert not indexes.vectors.needs_rebuild
    assert indexes.vectors.count() == 3
    indexes.close()


class _Broken(ExactIndex):
    def search(self, vector: np.typing.NDArray[np.float32], limits: Scope, limit: int) -> list[Hit]:
        raise LibraryError("the vector index does not work; run `newsdesk rebuild`")


def test_an_index_that_fails_to_follow_is_built_anew(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexes = owned(tmp_path, archive)
    indexes.catch_up()
    broken = indexes.words

    def update(**_: object) -> None:
        raise LibraryError("the word index does not work; run `newsdesk rebuild`")

    monkeypatch.setattr(broken, "update", update)
    stored(archive, make_article("Herons nest on the pier.", url="https://pier.example/herons"))
    indexes.catch_up()
    assert indexes.words is not broken
    assert (indexes.words.count(), indexes.words.revision) == (4, archive.revision())
    assert len(indexes.search_words("herons", Scope(), 5, languages=["en"])) == 1
    indexes.close()


def test_files_of_a_killed_commit_do_not_stop_the_next_one(tmp_path: Path, archive: Archive) -> None:
    """tantivy names the file of a segment's deletions by how many operations there were: the same after a kill."""
    folder = tmp_path / "words"
    words = BM25Index(folder)
    words.update(drop=(), add=entries(archive, BRIDGE, STRIKE, UNDATED), revision=3)
    words.close()
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    words = BM25Index(folder)
    words.update(drop=(BRIDGE.ref.id,), add=(), revision=4)
    words.close()
    left = {file.name for file in folder.glob("*.del")}
    assert left
    for name, content in before.items():
        if name not in (".managed.json", ".tantivy-writer.lock", ".tantivy-meta.lock"):
            (folder / name).write_bytes(content)
    again = BM25Index(folder)
    assert again.count() == 3  # as if the kill came before the last step of the commit
    again.update(drop=(BRIDGE.ref.id,), add=(), revision=4)
    assert again.count() == 2
    again.close()


def test_a_small_library_is_searched_exactly_while_chroma_follows(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexes = IndexWriter(tmp_path, archive, vector_kind="auto")
    indexes.catch_up()
    assert (indexes.vectors.name, indexes.vectors.count()) == ("chroma", 3)
    indexes.vectors.close()
    indexes.vectors = _Broken()
    asked = EMBEDDER.embed_question("bridge cracks")
    assert len(indexes.search_vectors(asked, Scope(), 3)) == 3
    assert indexes.problems == []
    monkeypatch.setattr("rag.storage.indexes.writer.EXACT_UP_TO_PASSAGES", 2)
    indexes.catch_up()  # it has grown: now the index is asked, and complains
    assert len(indexes.search_vectors(asked, Scope(), 3)) == 3
    assert indexes.problems != []
    indexes.close()


def test_a_vector_index_that_fails_while_running_is_replaced_by_exact_search(tmp_path: Path, archive: Archive) -> None:
    indexes = owned(tmp_path, archive)
    indexes.vectors.close()
    indexes.vectors = _Broken()
    hits = indexes.search_vectors(EMBEDDER.embed_question("bridge cracks"), Scope(), 3)
    assert len(hits) == 3
    assert indexes.problems == ["the vector index does not work; run `newsdesk rebuild`"]
    indexes.close()
