"""A page whose database is not there yet waits for it, and says so to whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.testclient import TestClient

from rag.errors import LibraryError, StorageUnavailable
from web.serving.waiting import open_when_there, waiting_app

AWAY = "the database news on db.example cannot be reached (connection refused); see that its server runs and try again"


class Opened:
    """A desk that tells whether it was closed."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


class Waiting:
    """A database that comes up after so many attempts, and the room where its readers wait."""

    def __init__(self, *, attempts: int) -> None:
        self.left = attempts
        self.said: list[str] = []
        self.room: list[str] = []
        self.ended = threading.Event()
        self.desk = Opened()

    def attempt(self) -> Opened:
        if self.left:
            self.left -= 1
            raise StorageUnavailable(AWAY)
        return self.desk

    @contextmanager
    def waiting_room(self) -> Iterator[threading.Event]:
        self.room.append("opened")
        yield self.ended
        self.room.append("closed")

    def opened(self) -> Opened | None:
        return open_when_there(self.attempt, waiting_room=self.waiting_room, announce=self.said.append, pause_seconds=0)


def test_a_database_that_is_there_is_opened_without_a_word() -> None:
    waiting = Waiting(attempts=0)
    assert (waiting.opened(), waiting.said, waiting.room) == (waiting.desk, [], [])


def test_a_database_that_comes_up_later_is_waited_for_with_one_sentence() -> None:
    waiting = Waiting(attempts=3)
    assert waiting.opened() is waiting.desk
    assert not waiting.desk.is_closed
    assert (waiting.said, waiting.room) == ([f"Waiting: {AWAY}."], ["opened", "closed"])


def test_a_process_that_is_asked_to_end_waits_no_longer() -> None:
    waiting = Waiting(attempts=3)
    waiting.ended.set()
    assert (waiting.opened(), waiting.room) == (None, ["opened", "closed"])


def test_a_process_that_is_asked_to_end_while_it_opens_closes_what_it_opened() -> None:
    class AskedToEnd(Waiting):
        def attempt(self) -> Opened:
            desk = super().attempt()
            self.ended.set()
            return desk

    waiting = AskedToEnd(attempts=1)
    assert (waiting.opened(), waiting.desk.is_closed, waiting.room) == (None, True, ["opened", "closed"])


def test_what_waiting_does_not_mend_is_raised() -> None:
    def refused() -> Opened:
        raise LibraryError("this database holds something else")

    waiting = Waiting(attempts=0)
    with pytest.raises(LibraryError, match="something else"):
        open_when_there(refused, waiting_room=waiting.waiting_room, announce=waiting.said.append)
    assert waiting.room == []


def test_who_asks_meanwhile_is_told_and_sent_nowhere() -> None:
    client = TestClient(waiting_app())
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"status": "failing", "detail": "storage_unavailable"})
    page = client.get("/")
    assert (page.status_code, page.headers["retry-after"], page.headers["refresh"]) == (503, "3", "3")
    assert page.text == "The library cannot be reached just now; this page opens as soon as it is there."
    asked = client.post("/api/v1/ask", json={"question": "Who?"})
    assert (asked.status_code, asked.json()["error"]["kind"]) == (503, "storage_unavailable")
