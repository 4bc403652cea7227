"""The archive keeps the truth: one change, one transaction, one revision."""

from __future__ import annotations

import multiprocessing
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sql

from ingest.preparing.chunking import cut_passages
from rag.errors import LibraryError, StorageError
from rag.scope import Scope
from rag.storage.archive.archive import Archive
from rag.storage.archive.database import Place
from rag.storage.archive.sqlite import SqliteDatabase
from rag.testing import make_article
from rag.types import Origin
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, stored


def test_an_article_comes_back_as_it_was_stored(archive: Archive) -> None:
    assert stored(archive, BRIDGE) == "added"
    assert archive.article(BRIDGE.ref.id) == BRIDGE
    assert archive.passages(BRIDGE.ref.id) == cut_passages(BRIDGE)
    assert archive.article("no such id") is None


def test_storing_the_same_article_again_changes_nothing(archive: Archive) -> None:
    stored(archive, BRIDGE)
    revision = archive.revision()
    assert stored(archive, BRIDGE) == "unchanged"
    assert (archive.revision(), archive.count()) == (revision, 1)


def test_a_changed_article_replaces_its_passages(archive: Archive) -> None:
    stored(archive, BRIDGE)
    shorter = make_article("The bridge is open again.", title="Open", url=BRIDGE.ref.url)
    assert stored(archive, shorter) == "changed"
    assert [passage.text for passage in archive.passages(BRIDGE.ref.id)] == ["The bridge is open again."]
    assert archive.passage_count() == 1


def test_a_removed_article_leaves_nothing_behind(archive: Archive) -> None:
    stored(archive, BRIDGE)
    passage_id = archive.passages(BRIDGE.ref.id)[0].id
    assert archive.remove(BRIDGE.ref.id)
    assert not archive.remove(BRIDGE.ref.id)
    assert archive.passages_by_id([passage_id]) == {}
    assert archive.vectors_of([passage_id]) == {}
    assert (archive.count(), archive.passage_count()) == (0, 0)


def test_the_source_of_an_article_is_written_down_beside_it_and_forgotten_with_it(archive: Archive) -> None:
    harbour, export = Origin(source="host harbour.example"), Origin(source="file export jsonl")
    stored(archive, BRIDGE, origin=harbour)
    stored(archive, STRIKE)
    assert (archive.origins.of(BRIDGE.ref.id), archive.origins.of(STRIKE.ref.id)) == (harbour, Origin())
    shorter = make_article("The bridge is open again.", title="Open", url=BRIDGE.ref.url)
    stored(archive, shorter, origin=export)
    assert archive.origins.of(BRIDGE.ref.id) == export
    archive.remove(BRIDGE.ref.id)
    assert archive.origins.of(BRIDGE.ref.id) == Origin()


def test_a_rival_is_told_with_the_article_at_its_address_as_long_as_that_is_there(archive: Archive) -> None:
    claim = Origin(source="file planted jsonl", rival_of=BRIDGE.ref.id)
    stored(archive, BRIDGE, origin=Origin(source="host harbour.example"))
    stored(archive, STRIKE, origin=claim)
    both = [BRIDGE.ref.id, STRIKE.ref.id]
    assert archive.origins.of(STRIKE.ref.id) == claim
    assert archive.origins.rivals(both) == {STRIKE.ref.id: BRIDGE.ref}
    archive.remove(BRIDGE.ref.id)
    assert archive.origins.rivals(both) == {}
    assert archive.origins.rivals([]) == {}


def test_every_change_is_a_revision_that_followers_can_ask_for(archive: Archive) -> None:
    stored(archive, BRIDGE)
    stored(archive, STRIKE)
    archive.remove(BRIDGE.ref.id)
    assert [(c.revision, c.article_id) for c in archive.changed_since(1, limit=10)] == [
        (2, STRIKE.ref.id),
        (3, BRIDGE.ref.id),
    ]
    assert archive.changed_since(3, limit=10) == []


def test_revisions_never_go_back_even_when_the_last_article_is_removed(place: Place) -> None:
    first = Archive(place)
    stored(first, BRIDGE)
    first.remove(BRIDGE.ref.id)
    first.close()
    again = Archive(place)
    stored(again, STRIKE)
    assert again.revision() == 3
    again.close()


def test_articles_are_listed_newest_first_and_undated_last(archive: Archive) -> None:
    for article in (UNDATED, BRIDGE, STRIKE):
        stored(archive, article)
    assert [ref.id for ref in archive.refs()] == [STRIKE.ref.id, BRIDGE.ref.id, UNDATED.ref.id]
    may = archive.refs(Scope(after=datetime(2024, 5, 6, 9, tzinfo=UTC), before=datetime(2024, 5, 31, tzinfo=UTC)))
    assert [ref.id for ref in may] == [BRIDGE.ref.id]
    assert [ref.id for ref in archive.refs(Scope(outlets=("Harbour Post",)))] == [STRIKE.ref.id]
    assert [ref.id for ref in archive.refs(Scope(articles=(BRIDGE.ref.id,)))] == [BRIDGE.ref.id]
    assert [ref.id for ref in archive.refs(limit=1, offset=1)] == [BRIDGE.ref.id]


def test_the_archive_knows_its_outlets_languages_and_period(archive: Archive) -> None:
    assert archive.period() == (None, None)
    for article in (UNDATED, BRIDGE, STRIKE):
        stored(archive, article)
    assert archive.outlets() == ["Evening Mail", "Harbour Post"]
    assert archive.languages() == ["en"]
    assert archive.period() == (BRIDGE.ref.published, STRIKE.ref.published)


def test_vectors_come_back_bit_for_bit(archive: Archive) -> None:
    passages = cut_passages(BRIDGE)
    vectors = np.random.default_rng(0).normal(size=(len(passages), 8)).astype(np.float32)
    archive.put(BRIDGE, passages, vectors)
    rows = archive.vector_matrix()
    assert rows.passage_ids == [passage.id for passage in passages]
    np.testing.assert_array_equal(rows.matrix, vectors)
    np.testing.assert_array_equal(archive.stored_passages([BRIDGE.ref.id])[0].vector, vectors[0])


def test_passages_and_vectors_must_be_as_many(archive: Archive) -> None:
    with pytest.raises(ValueError, match="vectors"):
        archive.put(BRIDGE, cut_passages(BRIDGE), np.empty((0, 8), dtype=np.float32))
    assert archive.count() == 0


def test_stories_and_bands_follow_their_article(archive: Archive) -> None:
    passages = cut_passages(BRIDGE)
    vectors = np.ones((len(passages), 4), dtype=np.float32)
    archive.put(BRIDGE, passages, vectors, bands=(7, -9), story="s1")
    assert archive.band_candidates([-9, 1]) == [BRIDGE.ref.id]
    assert archive.story_of(BRIDGE.ref.id) == "s1"
    assert [ref.id for ref in archive.story_members(["s1"])["s1"]] == [BRIDGE.ref.id]
    archive.remove(BRIDGE.ref.id)
    assert archive.band_candidates([7, -9]) == []


def _store_many(place: Place, number: int) -> None:
    archive = Archive(place)
    for i in range(20):
        stored(archive, make_article(f"Writer {number} stored article {i}."))
    archive.close()


def test_several_processes_write_without_losing_anything(place: Place) -> None:
    Archive(place).close()
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_store_many, args=(place, n)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    archive = Archive(place)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert (archive.count(), archive.revision()) == (60, 60)
    archive.close()


def test_an_archive_that_was_deleted_or_replaced_while_open_answers_no_more(tmp_path: Path) -> None:
    folder, away = tmp_path / "library", tmp_path / "away"
    folder.mkdir()
    archive = Archive(folder / "archive.sqlite3")
    stored(archive, BRIDGE)
    folder.rename(away)
    with pytest.raises(LibraryError, match="was deleted while it was open; start Newsdesk again"):
        archive.count()
    folder.mkdir()
    Archive(folder / "archive.sqlite3").close()
    with pytest.raises(LibraryError, match="was replaced while it was open; start Newsdesk again"):
        archive.set_note("a", "b")
    folder.rename(tmp_path / "other")
    away.rename(folder)
    assert archive.count() == 1  # back in its place, it is the same library
    archive.close()


def test_an_archive_of_a_newer_newsdesk_is_refused(archive: Archive) -> None:
    with archive.database.writing() as connection:
        connection.execute(sql.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(sql.text("UPDATE notes SET value = '9998' WHERE key = 'works_with'"))
    with pytest.raises(LibraryError, match="newer Newsdesk"):
        Archive(archive.place)


def test_a_file_that_is_no_archive_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite3"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(LibraryError, match="damaged or not a Newsdesk archive"):
        Archive(path)
    assert path.read_bytes() == b"not a database" * 100


def test_a_read_only_archive_reads_and_refuses_to_write(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite3"
    first = Archive(path)
    stored(first, BRIDGE)
    first.close()
    archive = Archive(path, read_only=True)
    assert archive.article(BRIDGE.ref.id) == BRIDGE
    with pytest.raises(StorageError, match="read-only"):
        archive.remove(BRIDGE.ref.id)
    archive.close()


def test_a_full_disk_is_said_and_nothing_is_half_written(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive.sqlite3")
    stored(archive, BRIDGE)
    archive.close()
    with closing(sqlite3.connect(tmp_path / "archive.sqlite3")) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()

    def limited(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    full = Archive(tmp_path / "archive.sqlite3")
    full.close()
    assert isinstance(full.database, SqliteDatabase)
    sql.event.listen(full.database.engine, "connect", limited)
    with pytest.raises(StorageError, match="full"):
        stored(full, make_article("A sentence that needs room. " * 5000))
    assert full.count() == 1
    assert full.article(BRIDGE.ref.id) == BRIDGE
    full.close()
