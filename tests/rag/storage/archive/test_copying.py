"""A copy holds what the other holds, whatever their engines; a backup is whole or refused."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql

from rag.errors import LibraryError, StorageError, UsageError
from rag.models.hashing_embedder import HashingEmbedder
from rag.storage.archive import copying, schema
from rag.storage.archive.archive import Archive
from rag.storage.archive.backup import back_up, check, opened, restore
from rag.storage.archive.copying import copy_archive, digests_of
from rag.storage.archive.database import Place
from rag.storage.library import open_library
from rag.testing import make_article
from tests.postgresql_server import PostgresqlServer
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, settings_for, stored
from tests.rag.storage.conftest import ENGINES

NOW = datetime(2024, 5, 6, 9, 30, 15, 250_001, tzinfo=UTC)
FEED = "https://evening-mail.example/feed.xml"
NewPlace = Callable[[], Place]


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """An archive with something in every table: corrected and removed articles, a claimed feed, kept answers."""
    for article in (BRIDGE, STRIKE, UNDATED, make_article("Gone tomorrow.")):
        stored(archive, article)
    stored(archive, make_article("The bridge is open again — at last. 東京 🗞️", title="Open", url=BRIDGE.ref.url))
    archive.remove(make_article("Gone tomorrow.").ref.id)
    passages = archive.passages(STRIKE.ref.id)
    wire = make_article("A copy of the wire. It has a story.", url="https://copy.example/1")
    archive.put(wire, (), HashingEmbedder().embed_passages([]), bands=(3, -9), story=STRIKE.ref.id)
    archive.feeds.add(FEED, now=NOW)
    archive.feeds.note_entries(FEED, {"a": "1", "b": "2"}, NOW)
    archive.feeds.claim(FEED, now=NOW, lease_seconds=60)
    cited = {"marker": 1, "article_id": STRIKE.ref.id, "start": 0, "end": 5, "quote": passages[0].text[:5]}
    archive.answers.keep({"citations": [cited]}, now=NOW)
    archive.set_note("embedder", "hashing-64")
    archive.shared.users.put("ada", "hash")
    archive.shared.spending.add("2024-05-06", 0.1, at_most=None)
    archive.shared.feedback.add({"verdict": "good"})
    archive.shared.attempts.add("ada", at_most=1, seconds=60, now=NOW.timestamp())
    archive.tags.change(STRIKE.ref.id, add=["sea", "pay"], now=NOW)
    archive.tags.change(STRIKE.ref.id, remove=["pay"], now=NOW)
    return archive


@pytest.fixture(params=ENGINES)
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> NewPlace:
    """Makes places of the engine that is copied into."""
    if request.param == "sqlite":
        numbers = itertools.count()
        return lambda: tmp_path / f"target-{next(numbers)}.sqlite3"
    server = request.getfixturevalue("postgresql")
    assert isinstance(server, PostgresqlServer)
    return server.new_place


@pytest.fixture
def target(new_place: NewPlace) -> Iterator[Archive]:
    archive = Archive(new_place())
    yield archive
    archive.close()


def test_a_copy_has_every_row_and_goes_on_counting_where_the_other_was(filled: Archive, target: Archive) -> None:
    steps: list[tuple[int, int]] = []
    told = copy_archive(filled, target, lambda done, total: steps.append((done, total)))
    assert told == digests_of(filled) == digests_of(target)
    assert steps[-1] == (4, 4)
    assert target.identity != filled.identity
    assert target.article(UNDATED.ref.id) == UNDATED
    assert target.history.versions(BRIDGE.ref.id)[0].article == BRIDGE
    assert target.note("embedder") == "hashing-64"
    assert target.feeds.claim(FEED, now=NOW, lease_seconds=60), "who polls a feed is no part of a copy"
    revision = target.revision()
    assert stored(target, make_article("One more.")) == "added"
    assert target.revision() == revision + 1
    assert target.answers.keep({"citations": []}, now=NOW) == 2
    assert target.feeds.add("https://harbour-post.example/rss", now=NOW)


def test_a_copy_that_was_ended_goes_on_with_what_changed_meanwhile(
    filled: Archive, target: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def ended(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(copying, "_ARTICLES_AT_ONCE", 1)
    with pytest.raises(KeyboardInterrupt):
        copy_archive(filled, target, ended)
    assert target.count() == 2
    filled.remove(target.article_ids()[0])
    stored(filled, make_article("Written between the two."))
    with closing(Archive(tmp_path / "another.sqlite3")) as another, pytest.raises(UsageError, match="of another copy"):
        copy_archive(another, target)
    again: list[tuple[int, int]] = []
    copy_archive(filled, target, lambda done, total: again.append((done, total)))
    assert digests_of(filled) == digests_of(target)
    assert len(again) == 3, "what was copied already is not copied again"


def test_a_copy_takes_nobodys_place(filled: Archive, target: Archive) -> None:
    stored(target, BRIDGE)
    with pytest.raises(UsageError, match="holds 1 articles; name an empty library"):
        copy_archive(filled, target)
    assert target.count() == 1


def test_a_copy_that_differs_is_said_and_not_taken_for_complete(
    filled: Archive, target: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows_of = copying._rows_of

    def damaged(connection: sql.Connection, names: Sequence[str]) -> dict[sql.Table, list[Mapping[str, Any]]]:
        found = rows_of(connection, names)
        found[schema.articles] = [{**row, "title": "?"} for row in found[schema.articles]]
        return found

    monkeypatch.setattr(copying, "_rows_of", damaged)
    with pytest.raises(LibraryError, match=r"differs .*articles"):
        copy_archive(filled, target)
    assert target.note("copying")


def test_a_library_is_lost_and_restored_from_its_backup(filled: Archive, new_place: NewPlace, tmp_path: Path) -> None:
    made = back_up(filled, tmp_path / "monday.backup")
    held = digests_of(filled)
    stored(filled, make_article("Written after the backup."))
    assert (made.articles, made.revision) == (4, filled.revision() - 1)
    with closing(Archive(new_place())) as anew:
        assert restore(tmp_path / "monday.backup", anew) == made
        assert digests_of(anew) == held
    assert sorted(file.name for file in tmp_path.glob("monday*")) == ["monday.backup"]


def test_a_backup_is_made_while_others_write(filled: Archive, tmp_path: Path) -> None:
    def write(done: int, total: int) -> None:
        stored(filled, make_article("Written meanwhile."))

    made = back_up(filled, tmp_path / "backup", write)
    with closing(opened(tmp_path / "backup")) as held:
        assert check(held, tmp_path / "backup") == made
        assert held.count() == filled.count() - 1


def test_a_backup_that_was_ended_goes_on(filled: Archive, tmp_path: Path) -> None:
    def ended(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(filled, tmp_path / "backup", ended)
    with pytest.raises(LibraryError, match="no backup"):
        opened(tmp_path / "backup")
    assert back_up(filled, tmp_path / "backup").articles == 4
    with pytest.raises(UsageError, match="is there already"):
        back_up(filled, tmp_path / "backup")


def test_a_backup_that_is_not_in_one_file_is_none(filled: Archive, tmp_path: Path) -> None:
    reader: list[sqlite3.Connection] = []

    def look(done: int, total: int) -> None:
        if not reader:
            reader.append(sqlite3.connect(tmp_path / "backup.part"))
            reader[0].execute("BEGIN")
            reader[0].execute("SELECT count(*) FROM articles")

    with pytest.raises(StorageError, match="has no room for the backup; make room and run the same command again"):
        back_up(filled, tmp_path / "backup", look)
    reader[0].close()
    assert list(tmp_path.glob("backup*")) == []
    assert back_up(filled, tmp_path / "backup").articles == 4


def test_a_backup_that_was_ended_before_it_had_its_name_is_made_anew(filled: Archive, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup")
    (tmp_path / "backup").rename(tmp_path / "backup.part")
    stored(filled, make_article("Written since."))
    assert back_up(filled, tmp_path / "backup").articles == 5


@pytest.mark.parametrize(
    "statement", ["UPDATE articles SET text = replace(text, 'strike', 'party')", "DELETE FROM bands"]
)
def test_a_damaged_backup_is_refused_and_nothing_is_restored(tmp_path: Path, statement: str) -> None:
    file = tmp_path / "backup"
    with closing(Archive(tmp_path / "archive.sqlite3")) as archive:
        stored(archive, STRIKE)
        archive.put(BRIDGE, (), HashingEmbedder().embed_passages([]), bands=(7,))
        back_up(archive, file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
        connection.commit()
    with closing(Archive(tmp_path / "anew.sqlite3")) as anew:
        with pytest.raises(LibraryError, match="is damaged; take an older one"):
            restore(file, anew)
        assert anew.count() == 0
    file.write_bytes(file.read_bytes()[:5000])
    with closing(Archive(tmp_path / "again.sqlite3")) as anew, pytest.raises(LibraryError):
        restore(file, anew)


def test_a_library_into_which_something_is_being_copied_is_not_opened(tmp_path: Path) -> None:
    with closing(Archive(tmp_path / "archive.sqlite3")) as archive:
        archive.set_note("copying", "another")
    with pytest.raises(LibraryError, match="run the same `newsdesk copy` or `newsdesk restore` again"):
        open_library(settings_for(tmp_path))


def test_a_backup_of_the_version_before_which_has_no_tags_is_whole_and_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    with closing(Archive(tmp_path / "archive.sqlite3")) as archive:
        stored(archive, BRIDGE)
        back_up(archive, file)
    with closing(sqlite3.connect(file)) as connection:
        (told,) = connection.execute("SELECT value FROM notes WHERE key = 'backup'").fetchone()
        note = json.loads(told)
        del note["digests"]["tags"]
        connection.executescript("DROP TABLE tags; UPDATE alembic_version SET version_num = '0003'")
        connection.execute("UPDATE notes SET value = ? WHERE key = 'backup'", (json.dumps(note),))
        connection.commit()
    with closing(Archive(tmp_path / "restored.sqlite3")) as archive:
        assert restore(file, archive).articles == 1
        assert archive.article(BRIDGE.ref.id) == BRIDGE
        assert archive.tags.counts() == {}
