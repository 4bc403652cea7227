"""Several pages behind a balancer: whichever a reader meets, the same limits, users and feedback hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from rag.errors import StorageError, UsageError
from rag.settings import Settings
from rag.storage.archive.archive import Archive
from tests.postgresql_server import PostgresqlServer
from tests.web.fakes import FakeDesk
from web.page.feedback import Feedback
from web.server import build_server
from web.serving import shared_users
from web.serving.context import AppContext
from web.serving.login import IN_THE_ARCHIVE, Users, users_of
from web.serving.readiness import MOST_BEHIND

PASSWORD = "correct horse battery"
SETTINGS = Settings(users=IN_THE_ARCHIVE)
ASK = {"question": "Who is Ottoline Vance?"}


class Replica:
    """One page over the archive, with a connection pool of its own as on a machine of its own."""

    def __init__(self, address: str, *, rate: str = "", with_users: bool = True) -> None:
        self.archive = Archive(address)
        self.desk = FakeDesk()
        self.desk.library.shared = self.archive.shared
        self.app_context = AppContext.over(self.desk, rate=rate)  # type: ignore[arg-type]
        self.users: Users | None = users_of(SETTINGS, self.archive.shared) if with_users else None
        self.client = TestClient(build_server(self.app_context, users=self.users))

    def close(self) -> None:
        self.client.__exit__(None, None, None)
        self.archive.close()


@pytest.fixture
def address(postgresql: PostgresqlServer) -> str:
    made = postgresql.new_place()
    archive = Archive(made)
    archive.shared.users.put("ada", hashed(PASSWORD))
    archive.close()
    return made


@pytest.fixture
def replicas(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Replica]]:
    monkeypatch.setattr(shared_users, "FRESH_SECONDS", 0.0)
    made = [Replica(address) for _ in range(2)]
    for replica in made:
        replica.client.__enter__()
    yield made
    for replica in made:
        replica.close()


def hashed(password: str) -> str:
    from argon2 import PasswordHasher

    return PasswordHasher().hash(password)


def status(replica: Replica, name: str = "ada", password: str = PASSWORD) -> int:
    return replica.client.get("/v1/models", auth=(name, password)).status_code


def test_who_is_added_or_removed_at_one_is_so_at_the_other(replicas: list[Replica]) -> None:
    first, second = replicas
    assert status(first) == status(second) == 200
    assert first.users is not None
    first.users.put("grace", PASSWORD)
    assert status(second, "grace") == 200
    first.users.remove("ada")
    assert status(second) == status(first) == 401


def test_guesses_at_all_of_them_are_so_many_guesses(replicas: list[Replica]) -> None:
    answers = [status(replicas[number % 2], password=f"wrong {number}") for number in range(11)]
    assert answers == [401] * 10 + [429]
    assert status(replicas[0], "grace") == 401


def test_nobody_comes_in_where_the_users_cannot_be_read(
    replicas: list[Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost() -> dict[str, str]:
        raise StorageError("the database cannot be reached; try again")

    assert status(replicas[0]) == 200
    monkeypatch.setattr(replicas[0].archive.shared.users, "hashes", lost)
    assert status(replicas[0]) == 503


def test_a_reader_has_one_rate_at_all_of_them(address: str) -> None:
    replicas = [Replica(address, rate="3/hour", with_users=False) for _ in range(2)]
    for replica in replicas:
        replica.client.__enter__()
    asked = [replicas[number % 2].client.post("/api/v1/ask", json=ASK) for number in range(4)]
    assert [one.status_code for one in asked] == [200, 200, 200, 429]
    assert 0 < int(asked[3].headers["retry-after"]) <= 3600
    for replica in replicas:
        replica.close()


def test_a_session_of_mcp_is_no_replicas_own(address: str) -> None:
    replicas = [Replica(address, with_users=False) for _ in range(2)]
    headers = {"accept": "application/json, text/event-stream"}
    called: dict[str, Any] = {"jsonrpc": "2.0", "id": 7, "method": "tools/list", "params": {}}
    for replica in replicas:
        with replica.client as client:
            got = client.post("/mcp", json=called, headers=headers)
            assert got.status_code == 200
            assert "mcp-session-id" not in got.headers
            assert "search" in got.text
        replica.archive.close()


def test_feedback_given_at_one_is_exported_at_the_other(replicas: list[Replica]) -> None:
    first, second = (Feedback.of(replica.archive.shared, Path("nowhere")) for replica in replicas)
    answer = next(event.answer for event in replicas[0].desk.stream("Who?") if hasattr(event, "answer"))
    first.keep(answer, "good", "")
    assert [row["verdict"] for row in second.rows()] == ["good"]
    assert second.clear() == 1
    with pytest.raises(UsageError, match="the page asks"):
        list(first.rows())


def test_a_page_that_is_behind_or_ends_gets_no_more_readers_and_answers_those_it_has(replicas: list[Replica]) -> None:
    page = replicas[0]
    page.desk.library.behind = lambda: MOST_BEHIND
    assert page.client.get("/readyz").status_code == 200
    page.desk.library.behind = lambda: MOST_BEHIND + 1
    got = page.client.get("/readyz")
    assert (got.status_code, got.json()) == (503, {"status": "behind", "detail": str(MOST_BEHIND + 1)})
    page.app_context.readiness.stop()
    got = page.client.get("/readyz")
    assert (got.status_code, got.json()["status"]) == (503, "stopping")
    assert page.client.post("/api/v1/ask", json=ASK, auth=("ada", PASSWORD)).status_code == 200


def test_users_in_the_archive_need_one_that_machines_share() -> None:
    with pytest.raises(UsageError, match="NEWSDESK_ARCHIVE"):
        users_of(SETTINGS, None)
