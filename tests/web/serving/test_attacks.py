"""What strangers send to a served page: each is refused with a code of its own mistake, and the page goes on."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests.web.served import Site, serving

JSON = {"Content-Type": "application/json"}
MCP = JSON | {"Accept": "application/json, text/event-stream"}
LONG = json.dumps({"question": "x" * 2_000_000})
HALF_SENT = 300


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("attacked")
    with serving(folder / "library") as served:
        yield served


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/api/v1/ask", '{"question": NaN}', 400),
        ("/api/v1/ask", '{"question": "x", "limit": 1e999}', 400),
        ("/api/v1/ask", '{"question": "\\ud800"}', 400),
        ("/api/v1/ask", "[" * 100_000, 400),
        ("/api/v1/ask", '{"question": "x", "limit": ' + "9" * 5000 + "}", 400),
        ("/api/v1/ask", '{"question": "who", "question": 5}', 400),
        ("/api/v1/ask", '{"question": null}', 400),
        ("/api/v1/ask", "[]", 400),
        ("/api/v1/ask", "", 400),
        ("/api/v1/ask", json.dumps({"question": "who " * 50_000}), 400),
        ("/api/v1/ask", LONG, 413),
        ("/api/v1/upload/ask", LONG, 413),
        ("//gradio_api/upload", LONG, 413),
        ("/gradio_api/upload/", LONG, 413),
        ("/gradio_api/upload/%2e%2e/queue/join", LONG, 413),
        ("/v1/chat/completions", json.dumps({"model": "newsdesk", "messages": "x"}), 400),
        ("/v1/chat/completions", json.dumps({"model": "newsdesk", "messages": [{"role": "user"}] * 1001}), 400),
        ("/mcp", '{"jsonrpc": "2.0", "id": NaN, "method": "initialize"}', 400),
    ],
)
def test_a_body_that_no_program_of_good_will_sends_is_the_senders_mistake(
    site: Site, path: str, body: str, code: int
) -> None:
    got = httpx.post(f"{site.address}{path}", content=body, headers=MCP, timeout=60)
    assert got.status_code == code
    assert "Traceback" not in got.text


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/gradio_api/file=/etc/passwd", 403),
        ("/gradio_api/file=%2e%2e/%2e%2e/etc/passwd", 403),
        ("/api/v1/articles?limit=-1", 400),
        ("/api/v1/articles?limit=99999999999999999999", 400),
        ("/api/v1/articles?outlet=%00", 400),
        ("/api/v1/articles/..%2f..%2fetc", 404),
        ("/api/v1/changes?since=0000-99-99", 400),
        ("/api/v1/stories/%ff%fe", 404),
    ],
)
def test_a_place_that_is_nobodys_to_see_is_not_shown(site: Site, path: str, code: int) -> None:
    got = httpx.get(f"{site.address}{path}", timeout=60)
    assert got.status_code == code
    assert "root:" not in got.text
    assert "Traceback" not in got.text


def test_requests_that_do_not_end_keep_nobody_out(site: Site) -> None:
    host, port = site.address.removeprefix("http://").split(":")
    with ExitStack() as held:
        for _ in range(HALF_SENT):
            half = held.enter_context(socket.create_connection((host, int(port)), timeout=60))
            half.sendall(b"POST /api/v1/ask HTTP/1.1\r\nHost: x\r\nContent-Le")
        assert httpx.get(f"{site.address}/healthz", timeout=60).status_code == 200


def test_a_conversation_of_as_many_messages_as_are_taken_is_answered(site: Site) -> None:
    said = [{"role": "user", "content": "Who opened the bridge?"}, {"role": "assistant", "content": "Nobody."}]
    asked = {"model": "newsdesk", "messages": [*(said * 499), {"role": "user", "content": "And when?"}]}
    got = httpx.post(f"{site.address}/v1/chat/completions", json=asked, timeout=60)
    assert got.status_code == 200
