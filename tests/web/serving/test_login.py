"""Login: nobody without a name and the right password, no default, hashes only, and guessing is slowed down."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from rag.errors import UsageError
from tests.web.fakes import FakeDesk
from web.server import build_server
from web.serving.context import AppContext
from web.serving.login import Users
from web.serving.user_file import UserFile

PASSWORD = "correct horse battery"


@pytest.fixture
def users(tmp_path: Path) -> Users:
    made = Users(UserFile(tmp_path / "users"))
    made.put("ada", PASSWORD)
    return made


@pytest.fixture
def client(users: Users) -> Iterator[TestClient]:
    with TestClient(build_server(AppContext.over(FakeDesk()), users=users)) as opened:  # type: ignore[arg-type]
        yield opened


PATHS = ["/", "/api", "/api/v1/articles", "/v1/models", "/metrics", "/mcp", "/gradio_api/info"]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_reached_without_a_password(client: TestClient, path: str) -> None:
    got = client.get(path)
    assert got.status_code == 401
    assert got.headers["www-authenticate"].startswith("Basic")
    assert "default-src 'none'" in got.headers["content-security-policy"]


def test_the_right_password_lets_in_and_a_wrong_one_does_not(client: TestClient) -> None:
    assert client.get("/v1/models", auth=("ada", PASSWORD)).status_code == 200
    assert client.get("/v1/models", auth=("ada", PASSWORD + "!")).status_code == 401
    assert client.get("/v1/models", auth=("grace", PASSWORD)).status_code == 401
    assert client.get("/v1/models", headers={"Authorization": "Basic ###"}).status_code == 401
    assert client.get("/v1/models", headers={"Authorization": "Bearer x"}).status_code == 401


def test_whether_it_runs_is_asked_without_a_name(client: TestClient) -> None:
    assert client.get("/healthz").status_code == 200


def test_guessing_is_stopped_for_a_while(client: TestClient) -> None:
    for guess in range(10):
        client.get("/v1/models", auth=("ada", f"guess number {guess}"))
    assert client.get("/v1/models", auth=("ada", PASSWORD)).status_code == 429


def test_guesses_at_a_name_shut_out_nobody_elsewhere_and_no_other_name(client: TestClient, users: Users) -> None:
    users.put("grace", PASSWORD)
    for guess in range(12):
        client.get("/v1/models", auth=("ada", f"guess number {guess}"))
    assert client.get("/v1/models", auth=("grace", PASSWORD)).status_code == 200
    elsewhere = TestClient(client.app, client=("192.0.2.7", 50000))
    assert elsewhere.get("/v1/models", auth=("ada", PASSWORD)).status_code == 200


def test_one_address_does_not_guess_at_one_name_after_the_other(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Users, "check", lambda *_: False)
    codes = [client.get("/v1/models", auth=(f"name {number}", PASSWORD)).status_code for number in range(101)]
    assert codes == [401] * 100 + [429]


def test_guesses_at_the_same_time_are_so_many_guesses(client: TestClient) -> None:
    def guess(number: int) -> int:
        return client.get("/v1/models", auth=("ada", f"guess number {number}")).status_code

    with ThreadPoolExecutor(20) as guessers:
        codes = list(guessers.map(guess, range(30)))
    assert codes.count(401) == 10
    assert codes.count(429) == 20


def test_who_was_let_in_is_not_shut_out_by_another_s_guesses(client: TestClient) -> None:
    assert client.get("/v1/models", auth=("ada", PASSWORD)).status_code == 200
    for number in range(12):
        client.get("/v1/models", auth=("ada", f"guess number {number}"))
    assert client.get("/v1/models", auth=("ada", PASSWORD)).status_code == 200


def test_a_key_of_name_and_password_lets_in(client: TestClient) -> None:
    assert client.get("/v1/models", headers={"Authorization": f"Bearer ada:{PASSWORD}"}).status_code == 200


def test_without_the_file_nobody_comes_in_and_it_is_said(users: Users, client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "users").unlink()
    got = client.get("/v1/models", auth=("ada", PASSWORD))
    assert got.status_code == 503
    assert "users cannot be read" in got.json()["error"]["message"]


def test_the_file_holds_hashes_for_its_owner_only(users: Users, tmp_path: Path) -> None:
    file = tmp_path / "users"
    assert PASSWORD not in file.read_text(encoding="utf-8")
    assert "$argon2id$" in file.read_text(encoding="utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_password_that_is_changed_or_taken_away_no_longer_lets_in(users: Users) -> None:
    assert users.check("ada", PASSWORD)
    users.put("ada", "another one entirely")
    assert not users.check("ada", PASSWORD)
    assert users.check("ada", "another one entirely")
    users.remove("ada")
    assert not users.check("ada", "another one entirely")
    assert users.names() == []


@pytest.mark.parametrize("name", ["", "a:b", " ada", "a\nb"])
def test_a_name_that_cannot_be_one_is_refused(users: Users, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be a name"):
        users.put(name, PASSWORD)


def test_a_short_password_is_refused_and_a_missing_file_names_the_command(users: Users, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least 10"):
        users.put("grace", "short")
    with pytest.raises(UsageError, match="newsdesk users add"):
        Users(UserFile(tmp_path / "nowhere")).names()
    with pytest.raises(UsageError, match="newsdesk users list"):
        users.remove("grace")
