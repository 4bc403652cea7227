"""A library stays whole.

Changes answer at once, kills and other processes cost nothing, what cannot work is refused with the remedy.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.errors import EmbedderMismatch, LibraryBusy, LibraryError, StorageError, UsageError
from rag.models.hashing_embedder import HashingEmbedder
from rag.storage.library import Library, open_library
from rag.testing import make_article
from rag.types import Question
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, library_with, prepared, settings_for

SALTMARSH = Question(text="What closed at Saltmarsh?")


def ids(library: Library, question: Question = SALTMARSH) -> set[str]:
    from rag.retrieval.retrieve import retrieve

    return {piece.passage.article.id for piece in retrieve(library, question, limit=10)}


def test_ingesting_three_times_is_the_same_as_once(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        before = library.status()
        for _ in range(2):
            assert library.put([prepared(BRIDGE), prepared(STRIKE)]) == ["unchanged", "unchanged"]
        assert library.status() == before


def test_unchanged_articles_are_not_embedded_again(tmp_path: Path) -> None:
    class Counting(HashingEmbedder):
        texts = 0

        def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
            self.texts += len(texts)
            return super().embed_passages(texts)

    embedder = Counting()
    with open_library(settings_for(tmp_path, vector_index="exact"), embedder=embedder) as library:
        library.put([prepared(BRIDGE)])
        once = embedder.texts
        library.put([prepared(BRIDGE)])
        assert embedder.texts == once > 0


def test_a_changed_article_stops_answering_with_its_old_text(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        assert BRIDGE.ref.id in ids(library)
        library.put([prepared(make_article("The crossing is open.", title="Open again", url=BRIDGE.ref.url))])
        texts = {passage.text for passage in library.archive.passages(BRIDGE.ref.id)}
        assert texts == {"The crossing is open."}
        assert not library.search_words(Question(text="Saltmarsh piers"), 10)


def test_a_removed_article_is_gone_from_the_next_search_and_from_both_indexes(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE], vector_index="chroma") as library:
        assert BRIDGE.ref.id in ids(library)
        assert library.remove(BRIDGE.ref.id)
        assert BRIDGE.ref.id not in ids(library)
        assert library.status().clean
        assert not library.remove(BRIDGE.ref.id)


def test_what_a_command_stored_is_indexed_on_disk_when_it_ends(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE], stay_open=False, vector_index="auto"):
        pass
    with open_library(settings_for(tmp_path), embedder=HashingEmbedder()) as library:
        status = library.status()
        assert status.clean
        assert (status.articles, status.passages, status.vector_index) == (1, 1, "chroma")
        assert not status.owns_indexes
        assert BRIDGE.ref.id in ids(library)


def test_a_killed_ingest_is_completed_by_the_next_process(tmp_path: Path) -> None:
    killed = library_with(tmp_path, [BRIDGE, STRIKE], stay_open=False, vector_index="auto")
    killed.archive.close()
    with open_library(settings_for(tmp_path), embedder=HashingEmbedder()) as library:
        assert not library.status().clean
        assert BRIDGE.ref.id in ids(library)
        assert library.status().clean


def test_an_ingest_with_nothing_new_mends_what_a_kill_left(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE], stay_open=False, vector_index="auto"):
        pass
    (tmp_path / "indexes" / "vectors-0001" / "writing").touch()
    with open_library(settings_for(tmp_path), embedder=HashingEmbedder()) as library:
        library.settle()
        assert library.status().clean
    assert [folder.name for folder in (tmp_path / "indexes").glob("vectors-*/")] == ["vectors-0002"]
    assert not (tmp_path / "indexes" / "vectors-0002" / "writing").exists()


def test_a_process_that_stays_open_answers_from_what_another_ingests(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE], vector_index="auto") as page:
        assert ids(page) == {BRIDGE.ref.id}
        with open_library(settings_for(tmp_path), embedder=HashingEmbedder()) as other:
            other.put([prepared(STRIKE)])
        page.catch_up_if_behind()
        assert STRIKE.ref.id in ids(page, Question(text="Who went on strike in Port Lindow?"))
        assert page.status().clean


def test_two_processes_can_read_at_once(tmp_path: Path) -> None:
    with (
        library_with(tmp_path, [BRIDGE], vector_index="auto") as owner,
        open_library(settings_for(tmp_path), embedder=HashingEmbedder(), stay_open=True) as second,
    ):
        assert ids(owner) == ids(second) == {BRIDGE.ref.id}
        assert (owner.status().owns_indexes, second.status().owns_indexes) == (True, False)


def test_rebuild_restores_both_indexes_from_the_archive_alone(tmp_path: Path) -> None:
    import shutil

    with library_with(tmp_path, [BRIDGE, STRIKE, UNDATED], stay_open=False, vector_index="auto"):
        pass
    shutil.rmtree(tmp_path / "indexes")
    with open_library(settings_for(tmp_path), embedder=HashingEmbedder()) as library:
        library.rebuild()
        status = library.status()
        assert status.clean
        assert BRIDGE.ref.id in ids(library)


def test_rebuild_is_refused_while_the_page_has_the_library_open(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE], vector_index="auto") as page:
        ids(page)
        with (
            open_library(settings_for(tmp_path), embedder=HashingEmbedder()) as other,
            pytest.raises(LibraryBusy, match="stop it or try again"),
        ):
            other.rebuild()


def test_another_embedder_is_refused_with_the_command_that_changes_over(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE]):
        pass
    settings = settings_for(tmp_path)
    with open_library(settings, embedder=HashingEmbedder(32)) as library:
        with pytest.raises(EmbedderMismatch, match="newsdesk rebuild"):
            ids(library)
        with pytest.raises(EmbedderMismatch):
            library.put([prepared(STRIKE)])
    with open_library(settings, embedder=HashingEmbedder(32)) as library:
        library.rebuild()
    with open_library(settings, embedder=HashingEmbedder(32)) as library:
        assert ids(library) == {BRIDGE.ref.id}
        assert library.status().embedder == "hashing-32"


def test_an_interrupted_change_of_embedder_is_refused_until_it_is_completed(tmp_path: Path) -> None:
    class Dying(HashingEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
            raise KeyboardInterrupt

    with library_with(tmp_path, [BRIDGE]):
        pass
    settings = settings_for(tmp_path)
    library = open_library(settings, embedder=Dying(32))
    with pytest.raises(KeyboardInterrupt):
        library.rebuild()
    library.close()
    with (
        open_library(settings, embedder=HashingEmbedder()) as again,
        pytest.raises(EmbedderMismatch, match="interrupted"),
    ):
        ids(again)


def test_folders_that_are_no_library_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a-file"
    file.write_text("x")
    with pytest.raises(LibraryError, match="is a file"):
        open_library(settings_for(file))
    with pytest.raises(LibraryError, match="newsdesk ingest"):
        open_library(settings_for(tmp_path / "nothing-here"), create=False)
    assert not (tmp_path / "nothing-here").exists()


def test_a_half_deleted_library_is_refused_instead_of_started_anew(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE], stay_open=False, vector_index="auto"):
        pass
    archive = tmp_path / "archive.sqlite3"
    archive.unlink()
    with pytest.raises(LibraryError, match=r"archive\.sqlite3 is missing"):
        open_library(settings_for(tmp_path))
    archive.touch()
    with pytest.raises(LibraryError, match=r"archive\.sqlite3 is empty"):
        open_library(settings_for(tmp_path))


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises((StorageError, LibraryError), match="cannot make the folder"):
        open_library(settings_for(tmp_path / "file" / "library"))


def test_a_read_only_library_answers_and_refuses_changes(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE]):
        pass
    with open_library(settings_for(tmp_path, read_only=True), embedder=HashingEmbedder()) as library:
        assert ids(library) == {BRIDGE.ref.id}
        for change in (lambda: library.put([prepared(STRIKE)]), lambda: library.remove(BRIDGE.ref.id)):
            with pytest.raises(UsageError, match="reading only"):
                change()


def test_a_folder_on_a_read_only_disk_still_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with library_with(tmp_path, [BRIDGE], stay_open=False, vector_index="auto"):
        pass
    # The tests may run as root, whom no permission stops.
    monkeypatch.setattr("rag.storage.place.cannot_be_written", lambda folder: True)
    with open_library(settings_for(tmp_path), embedder=HashingEmbedder()) as library:
        assert ids(library) == {BRIDGE.ref.id}
        with pytest.raises(StorageError, match="read-only"):
            library.put([prepared(STRIKE)])


@pytest.mark.parametrize("kind", ["words", "vectors"])
def test_overwritten_index_files_are_no_clean_status(tmp_path: Path, kind: str) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE], stay_open=False, vector_index="auto") as library:
        pass
    with open_library(settings_for(tmp_path)) as library:
        assert library.status().clean
    for file in (tmp_path / "indexes").glob(f"{kind}-*/**/*"):
        if file.is_file() and file.name not in ("revision", "removed", "format.json"):
            # A new file in its place: who has the old one mapped still would get SIGBUS from a truncated one.
            file.unlink()
            file.write_bytes(b"overwritten")
    with open_library(settings_for(tmp_path)) as library:
        status = library.status()
        assert not status.clean
        assert "newsdesk rebuild" in status.problems[0]


@pytest.mark.parametrize("kind", ["words", "vectors"])
@pytest.mark.parametrize("claimed", ["999999", "1", "0", "-3", "nonsense", ""])
def test_an_index_that_claims_another_revision_is_no_clean_status_and_is_mended(
    tmp_path: Path, kind: str, claimed: str
) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE], stay_open=False, vector_index="auto") as library:
        pass
    (file,) = (tmp_path / "indexes").glob(f"{kind}-*/revision")
    file.write_text(claimed, encoding="ascii")
    with open_library(settings_for(tmp_path)) as library:
        status = library.status()
        assert not status.clean
        assert any("newsdesk rebuild" in problem for problem in status.problems) == (claimed == "999999")
    with library_with(tmp_path, [], stay_open=True, vector_index="auto") as library:
        library.catch_up()
        assert library.search_words(Question(text="bridge"), 5)
    with open_library(settings_for(tmp_path)) as library:
        assert library.status().clean


def test_a_process_ends_after_what_it_loads_in_the_background_and_without_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, ended = threading.Event(), threading.Event()

    def load() -> None:
        may_end.wait(10)
        ended.set()
        raise RuntimeError("can't register atexit after shutdown")

    monkeypatch.setattr("rag.storage.indexes.chroma.load_chroma", load)
    with open_library(settings_for(tmp_path, vector_index="exact"), embedder=HashingEmbedder()) as library:
        library.expect_writing()
        may_end.set()
    assert ended.is_set()
