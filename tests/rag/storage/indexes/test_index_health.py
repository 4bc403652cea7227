"""Indexes have one owner, follow the archive, and are made anew where they are old, broken or gone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import chromadb
import numpy as np
import pytest
import tantivy

from rag.errors import LibraryBusy, LibraryError, StorageError
from rag.models.hashing_embedder import HashingEmbedder
from rag.scope import Scope
from rag.storage.archive.archive import Archive
from rag.storage.index_contract import Hit
from rag.storage.indexes.bm25 import BM25Index
from rag.storage.indexes.chroma import WRITING_FILE, ChromaIndex
from rag.storage.indexes.folders import IndexFolders
from rag.storage.indexes.health import are_current
from rag.storage.indexes.reader import IndexReader
from rag.storage.indexes.vectors import ExactIndex
from rag.storage.indexes.writer import IndexWriter
from rag.testing import make_article
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, entries, stored

EMBEDDER = HashingEmbedder()
NOW = datetime(2024, 7, 1, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("said", "error", "remedy"),
    [
        ("Failed to spawn meta file watcher thread", StorageError, "there is not enough memory for the word index"),
        ('Os { code: 24, message: "Too many open files" }', StorageError, "the word index may open no more files"),
        ("No space left on device", StorageError, "the disk is full"),
        ("index out of bounds", LibraryError, "run `newsdesk rebuild`"),
    ],
)
def test_a_panic_of_the_word_index_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, error: type[Exception], remedy: str
) -> None:
    class PanicException(BaseException):
        """As pyo3's."""

    def panics(*_: object, **__: object) -> None:
        raise PanicException(said)

    monkeypatch.setattr(tantivy, "Index", panics)
    with pytest.raises(error, match=remedy):
        BM25Index(tmp_path)


@pytest.mark.parametrize(
    ("said", "error", "remedy"),
    [
        ('Os { code: 24, message: "Too many open files" }', StorageError, "the vector index may open no more files"),
        ("index out of bounds", LibraryError, "run `newsdesk rebuild`"),
    ],
)
def test_a_panic_of_the_vector_index_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, error: type[Exception], remedy: str
) -> None:
    class PanicException(BaseException):
        """As pyo3's."""

    def panics(*_: object, **__: object) -> None:
        raise PanicException(said)

    monkeypatch.setattr(chromadb, "PersistentClient", panics)
    with pytest.raises(error, match=remedy):
        ChromaIndex(tmp_path)


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
