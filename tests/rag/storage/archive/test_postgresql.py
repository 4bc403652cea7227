"""The archive on a server: what several machines write at once, and what a lost connection does to it."""

from __future__ import annotations

import math
import multiprocessing
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sql

from rag.errors import LibraryBusy, LibraryError, SettingsError, StorageError, StorageUnavailable
from rag.storage.archive import database, postgresql
from rag.storage.archive.archive import Archive
from rag.storage.archive.postgresql import PostgresqlDatabase
from rag.testing import make_article
from tests.postgresql_server import PostgresqlServer
from tests.rag.makers import BRIDGE, STRIKE, stored

ANSWER: dict[str, Any] = {"text": "Nine weeks.", "citations": []}
NOW = datetime(2024, 5, 6, 9, 30, tzinfo=UTC)


@pytest.fixture
def place(postgresql: PostgresqlServer) -> str:
    return postgresql.new_place()


@pytest.fixture
def archive(place: str) -> Iterator[Archive]:
    archive = Archive(place)
    yield archive
    archive.close()


def cut_off(archive: Archive) -> None:
    """Break every connection of the server but this one, as a restart does."""
    assert isinstance(archive.database, PostgresqlDatabase)
    with archive.database.own_connection() as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


def once(act: Callable[[], None], then: Callable[..., Any]) -> Callable[..., Any]:
    """`then`, before whose first call `act` is done."""
    waiting = [act]

    def call(*given: Any, **named: Any) -> Any:
        if waiting:
            waiting.pop()()
        return then(*given, **named)

    return call


def test_a_connection_that_was_lost_meanwhile_is_made_anew(archive: Archive) -> None:
    stored(archive, BRIDGE)
    cut_off(archive)
    assert archive.article(BRIDGE.ref.id) == BRIDGE
    cut_off(archive)
    assert stored(archive, STRIKE) == "added"


def test_a_connection_that_is_lost_within_a_change_leaves_nothing_of_it_and_it_is_made_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost_in_between = once(lambda: cut_off(archive), archive.database.new_revision)
    monkeypatch.setattr(archive.database, "new_revision", lost_in_between)
    assert stored(archive, BRIDGE) == "added"
    assert (archive.count(), [change.revision for change in archive.changed_since(0, limit=9)]) == (1, [1])
    changed = make_article("The bridge is open again.", url=BRIDGE.ref.url)
    monkeypatch.setattr(archive.database, "new_revision", once(lambda: cut_off(archive), lost_in_between))
    assert stored(archive, changed) == "changed"
    assert [version.article.text for version in archive.history.versions(BRIDGE.ref.id)] == [BRIDGE.text, changed.text]


def test_a_server_that_is_started_anew_is_waited_for(archive: Archive, postgresql: PostgresqlServer) -> None:
    stored(archive, BRIDGE)
    postgresql.stop()
    start = threading.Timer(0.5, postgresql.start)
    start.start()
    try:
        assert stored(archive, STRIKE) == "added"
        assert archive.count() == 2
    finally:
        start.join()


def test_a_server_that_stays_away_is_said_in_one_sentence_without_the_password(
    archive: Archive, postgresql: PostgresqlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "RETRY_SECONDS", 0)
    postgresql.stop()
    elsewhere = "postgresql://ada:secret@127.0.0.1:9/library"
    try:
        for attempt in (archive.count, lambda: Archive(elsewhere)):
            with pytest.raises(StorageUnavailable, match=r"cannot be reached .* nothing stored is lost") as said:
                attempt()
            assert said.value.retryable
            assert "secret" not in str(said.value)
            assert "\n" not in str(said.value)
    finally:
        postgresql.start()


def test_what_may_be_stored_already_is_not_stored_again(archive: Archive) -> None:
    assert isinstance(archive.database, PostgresqlDatabase)
    engine = archive.database.engine
    sql.event.listen(engine, "commit", lambda _connection: cut_off(archive), once=True)
    with pytest.raises(StorageUnavailable) as lost:
        archive.answers.keep(ANSWER, now=NOW)
    assert lost.value.may_be_stored
    assert archive.answers.kept() == []


def test_a_follower_misses_no_revision_of_several_writers(archive: Archive) -> None:
    def write(number: int) -> None:
        own = Archive(str(archive.place))
        for i in range(25):
            stored(own, make_article(f"Writer {number} stored article {i}."))
        own.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for writer in writers:
        writer.start()
    seen: set[str] = set()
    reached = 0
    while True:
        done = not any(writer.is_alive() for writer in writers)
        for change in archive.changed_since(reached, limit=1000):
            seen.add(change.article_id)
            reached = change.revision
        if done:
            break
    assert len(seen) == archive.count() == 75


def _store_the_same(place: str) -> None:
    archive = Archive(place)
    for i in range(20):
        stored(archive, make_article(f"Article {i} of the agency.", url=f"https://agency.example/{i}"))
    archive.close()


def test_two_ingests_of_the_same_articles_store_each_once(place: str) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_store_the_same, args=(place,)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    archive = Archive(place)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert (archive.count(), archive.revision(), archive.history.corrections()) == (20, 20, {})
    archive.close()


def test_a_change_is_heard_by_who_listens(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "_LOOK_ANYWAY_SECONDS", math.inf)
    other = Archive(str(archive.place))
    listener, stop = archive.listener(), threading.Event()
    assert listener.wait(stop, 0.01), "what came before it listened is looked for"
    assert not listener.wait(stop, 0.01)
    stored(other, BRIDGE)
    assert listener.wait(stop, 60)
    assert not listener.wait(stop, 0.01)
    cut_off(archive)
    # When the loss is noticed is the server's affair.
    tries = (listener.wait(stop, 0.05) for _ in range(200))
    assert any(tries), "and so is what came while the connection was lost"
    listener.close()
    other.close()


def test_an_article_that_another_process_is_changing_is_waited_for_and_then_said(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(postgresql._SERVER_OPTIONS, "lock_timeout", "50ms")
    other = Archive(str(archive.place))
    with archive.database.writing(article=BRIDGE.ref.id):
        assert stored(other, STRIKE) == "added", "another article is free"
        with pytest.raises(LibraryBusy, match="try again when it is done"):
            stored(other, BRIDGE)
    other.close()


@pytest.mark.parametrize(
    "address",
    ["mysql://ada:secret@host/news", "postgresql+psycopg://ada:secret@host", "postgresql+asyncpg://ada:secret@host/n"],
)
def test_what_is_no_address_of_postgresql_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(SettingsError, match=r"postgresql\+psycopg://user@host/database") as refused:
        Archive(address)
    assert "secret" not in str(refused.value)


def test_a_database_that_cannot_hold_a_library_is_refused(postgresql: PostgresqlServer) -> None:
    with pytest.raises(LibraryError, match="ENCODING 'UTF8'"):
        Archive(postgresql.new_database(encoding="LATIN1"))
    with pytest.raises(StorageError, match=r"does not exist.*correct NEWSDESK_ARCHIVE"):
        Archive(postgresql.address("nobody_made_it"))
    with pytest.raises(LibraryError, match=r"no library in the database .* run `newsdesk ingest"):
        Archive(postgresql.new_place(), create=False)


def test_text_of_every_script_comes_back_and_what_no_database_takes_is_refused_alone(archive: Archive) -> None:
    article = make_article(
        "Ein Sprecher sagte: „Straße“. 東京で会議が開かれた。 العربية 🗞️ 'q' %s :x \\n", title="Ω % :y"
    )
    assert stored(archive, article) == "added"
    assert archive.article(article.ref.id) == article
    assert [p.text for p in archive.passages(article.ref.id)] == [article.text]
    with pytest.raises(StorageError, match="refuses"):
        stored(archive, make_article("A\x00B is no text."))
    assert archive.count() == 1


def test_what_was_done_exclusively_may_be_done_again_before_the_server_sees_the_connection_closed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []
    with ExitStack() as later:

        @contextmanager
        def closed_later(connection: Any) -> Iterator[None]:
            later.callback(connection.close)
            yield

        monkeypatch.setattr(postgresql, "closing", closed_later)
        for _ in range(3):
            with archive.database.exclusively("rebuilding") as mine:
                held.append(mine)

    assert all(held)


def test_what_failed_exclusively_is_free_at_once(archive: Archive) -> None:
    def fail() -> None:
        with archive.database.exclusively("rebuilding") as mine:
            raise ZeroDivisionError if mine else AssertionError

    for _ in range(20):
        with pytest.raises(ZeroDivisionError):
            fail()


def test_nobody_else_does_what_is_done_exclusively(archive: Archive) -> None:
    with archive.database.exclusively("rebuilding") as mine, archive.database.exclusively("rebuilding") as other:
        assert mine
        assert not other


def test_a_connection_lost_while_something_is_done_exclusively_hides_nothing(archive: Archive) -> None:
    with archive.database.exclusively("rebuilding") as mine:
        cut_off(archive)

    assert mine
