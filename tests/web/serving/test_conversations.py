"""Conversations in the library: every login reads and changes its own, whatever it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from rag.errors import UsageError
from rag.storage.archive.archive import Archive
from tests.web.fakes import FakeDesk
from web.launch import conversations_of
from web.server import build_server
from web.serving.context import AppContext
from web.serving.login import Users
from web.serving.user_file import UserFile

PASSWORD = "correct horse battery"
ADA, GRACE = ("ada", PASSWORD), ("grace", PASSWORD)
ID = "0123456789abcdef"
TURN = {"question": "Why?", "text": "Because.", "markdown": "> Because.", "turn": "{}"}
GIVEN = {"name": "The reason", "changed": "2026-03-01T10:00:00.123Z", "known": 0, "turns": [TURN]}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    users = Users(UserFile(tmp_path / "users"))
    users.put(*ADA)
    users.put(*GRACE)
    archive = Archive(tmp_path / "archive.sqlite3")
    app_context = AppContext.over(FakeDesk(), conversations=archive.shared.conversations)  # type: ignore[arg-type]
    with TestClient(build_server(app_context, users=users)) as opened:
        yield opened
    archive.close()


def test_a_login_keeps_lists_searches_renames_and_deletes_its_own(client: TestClient) -> None:
    assert client.put(f"/conversations/{ID}", json=GIVEN, auth=ADA).json() == {"kept": True}
    (head,) = client.get("/conversations", auth=ADA).json()
    assert (head["id"], head["name"], head["answers"], head["size"]) == (ID, "The reason", 1, 24)
    assert client.get(f"/conversations/{ID}", auth=ADA).json() == [TURN]
    assert client.get("/conversations/holding", params={"word": ["because", "why"]}, auth=ADA).json() == [ID]
    assert client.patch(f"/conversations/{ID}", json={"name": "Why"}, auth=ADA).json() == {"renamed": True}
    assert client.put(f"/conversations/{ID}", json=GIVEN, auth=ADA).json() == {"kept": False}
    assert client.post("/conversations/removed", json={"ids": [ID]}, auth=ADA).json() == {"removed": 1}
    assert client.get("/conversations", auth=ADA).json() == []


def test_nobody_meets_what_another_login_keeps(client: TestClient) -> None:
    client.put(f"/conversations/{ID}", json=GIVEN, auth=ADA)
    assert client.get("/conversations", auth=GRACE).json() == []
    assert client.get(f"/conversations/{ID}", auth=GRACE).json() == []
    assert client.get("/conversations/holding", params={"word": "why"}, auth=GRACE).json() == []
    assert client.patch(f"/conversations/{ID}", json={"name": "Mine"}, auth=GRACE).json() == {"renamed": False}
    assert client.post("/conversations/removed", json={"ids": [ID]}, auth=GRACE).json() == {"removed": 0}
    assert client.get(f"/conversations/{ID}").status_code == 401
    assert client.get(f"/conversations/{ID}", auth=ADA).json() == [TURN]


def test_another_sites_page_cannot_change_anything_and_nothing_stays_in_a_cache(client: TestClient) -> None:
    foreign = {"origin": "https://elsewhere.example", "host": "testserver"}
    assert client.put(f"/conversations/{ID}", json=GIVEN, auth=ADA, headers=foreign).status_code == 403
    assert client.get("/conversations", auth=ADA).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"name": "a\0b"},
        {"changed": "yesterday"},
        {"known": -1},
        {"turns": []},
        {"turns": [TURN] * 101},
        {"turns": [{**TURN, "owner": "grace"}]},
        {"owner": "grace"},
    ],
)
def test_what_is_no_conversation_is_refused(client: TestClient, change: dict[str, object]) -> None:
    assert client.put(f"/conversations/{ID}", json={**GIVEN, **change}, auth=ADA).status_code == 400
    assert client.get("/conversations", auth=ADA).json() == []


@pytest.mark.parametrize("name", ["short", "0123456789ABCDEF", "0123456789abcdef0", "..%2Fusers"])
def test_what_is_no_name_of_one_is_refused(client: TestClient, name: str) -> None:
    assert client.put(f"/conversations/{name}", json=GIVEN, auth=ADA).status_code >= 400


def test_a_long_conversation_fits_where_conversations_are_kept_alone(client: TestClient) -> None:
    long = {**TURN, "markdown": "é" * 30_000}
    assert client.put(f"/conversations/{ID}", json={**GIVEN, "turns": [long] * 100}, auth=ADA).json() == {"kept": True}
    with TestClient(build_server(AppContext.over(FakeDesk()))) as without:  # type: ignore[arg-type]
        assert without.put(f"/conversations/{ID}", json={**GIVEN, "turns": [long] * 100}).status_code == 413
        assert without.get("/conversations").status_code == 404


def test_without_logins_or_a_library_to_write_to_nothing_is_kept_and_the_reason_told(tmp_path: Path) -> None:
    desk = FakeDesk()
    assert conversations_of(desk, has_users=True) is None  # type: ignore[arg-type]
    desk.settings = desk.settings.model_copy(update={"keep_conversations": True})
    with pytest.raises(UsageError, match="NEWSDESK_USERS"):
        conversations_of(desk, has_users=False)  # type: ignore[arg-type]
    desk.settings = desk.settings.model_copy(update={"read_only": True})
    with pytest.raises(UsageError, match="can be changed"):
        conversations_of(desk, has_users=True)  # type: ignore[arg-type]
