"""A session belongs to the login that began it: the page's, and that of the Model Context Protocol."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from tests.web.fakes import FakeDesk
from web.server import build_server
from web.serving.bodies import Bodies
from web.serving.context import AppContext
from web.serving.login import Login, Users
from web.serving.sessions import COOKIE, OwnedSessions, browser_of
from web.serving.user_file import UserFile

PASSWORD = "correct horse battery"
ADA, GRACE = ("ada", PASSWORD), ("grace", PASSWORD)


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Users:
    made = Users(UserFile(tmp_path_factory.mktemp("users") / "users"))
    made.put("ada", PASSWORD)
    made.put("grace", PASSWORD)
    return made


@pytest.fixture
def page(users: Users) -> Iterator[TestClient]:
    """What stands in front of the page, and in its place something that answers to every path."""
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def anything(path: str, request: Request) -> dict[str, bool]:
        return {"reached": bool(await request.body()) or True}

    app.add_middleware(OwnedSessions)
    app.add_middleware(Bodies, upload_bytes=1_000_000)
    app.add_middleware(Login, users=users)
    with TestClient(app) as client:
        yield client


WAYS = {
    "query": ("GET", "/gradio_api/queue/data?session_hash=abc", None),
    "body": ("POST", "/gradio_api/queue/join", {"session_hash": "abc", "data": []}),
    "path": ("GET", "/gradio_api/heartbeat/abc", None),
    "stream": ("GET", "/gradio_api/stream/abc/1/2/playlist.m3u8", None),
}


@pytest.mark.parametrize("begun", WAYS)
@pytest.mark.parametrize("taken", WAYS)
def test_another_login_does_not_get_a_session_whichever_way_it_names_it(
    page: TestClient, begun: str, taken: str
) -> None:
    def ask(way: str, login: tuple[str, str]) -> int:
        method, path, body = WAYS[way]
        return page.request(method, path, json=body, auth=login).status_code

    assert ask(begun, ADA) == 200
    assert ask(taken, GRACE) == 403
    assert ask(taken, ADA) == 200


def test_a_browser_gets_a_name_that_only_it_and_the_server_read(page: TestClient) -> None:
    given = page.get("/", auth=ADA).headers["set-cookie"]
    assert given.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=Strict"} <= set(given.split("; "))
    assert "set-cookie" not in page.get("/", auth=ADA).headers


@pytest.mark.parametrize("cookie", [b"", b"a=b", b";;;", b"\xff\xfe", b"newsdesk-browser"])
def test_a_cookie_that_is_none_tells_nothing(cookie: bytes) -> None:
    assert browser_of({b"cookie": cookie}) == ""


INITIALIZE: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
LIST = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}


def test_another_login_does_not_get_a_session_of_the_protocol(users: Users, tmp_path: Path) -> None:
    headers = {"accept": "application/json, text/event-stream"}
    with TestClient(build_server(AppContext.over(FakeDesk()), users=users)) as client:  # type: ignore[arg-type]
        begun = client.post("/mcp", json=INITIALIZE, headers=headers, auth=ADA)
        assert begun.status_code == 200
        headers["mcp-session-id"] = begun.headers["mcp-session-id"]
        assert client.post("/mcp", json=LIST, headers=headers, auth=GRACE).status_code == 404
        assert client.post("/mcp", json=LIST, headers=headers, auth=ADA).status_code == 200
