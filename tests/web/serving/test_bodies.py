"""Bodies: so much, so fast, and JSON that every reader understands alike; the rest is refused in a sentence."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from tests.web.fakes import FakeDesk
from web.server import Running, build_server
from web.serving.bodies import DOCUMENT, UPLOAD_PATH, Bodies, read_json
from web.serving.connection_timeouts import TimedProtocol
from web.serving.context import AppContext

JSON = {"content-type": "application/json"}
MOST_UPLOAD = 3_000_000


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = build_server(AppContext.over(FakeDesk()), uploads=True)  # type: ignore[arg-type]
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize(
    "path",
    ["/api/v1/upload", "/x/gradio_api/upload", UPLOAD_PATH + "/", UPLOAD_PATH + "s", "/gradio_api/queue/join", "/mcp"],
)
def test_only_the_route_of_uploads_takes_more_than_a_question_needs(client: TestClient, path: str) -> None:
    got = client.post(path, content=b" " * 1_100_000, headers=JSON)
    assert (got.status_code, got.json()["error"]["kind"]) == (413, "usage")


def test_an_upload_is_bounded_too_whether_it_tells_its_length_or_not() -> None:
    app = FastAPI()
    app.add_middleware(Bodies, upload_bytes=MOST_UPLOAD)

    @app.post(UPLOAD_PATH)
    async def counted(request: Request) -> int:
        return sum([len(piece) async for piece in request.stream()])

    def pieces(number: int) -> Iterator[bytes]:
        for _ in range(number):
            yield b"x" * 100_000

    with TestClient(app) as client:
        assert client.post(UPLOAD_PATH, content=pieces(20)).json() == 2_000_000
        for content in (b"x" * (MOST_UPLOAD + 1), pieces(40)):
            assert client.post(UPLOAD_PATH, content=content).status_code == 413


ODD = {
    "NaN": b'{"query": "bridge", "limit": NaN}',
    "infinity": b'{"query": "bridge", "limit": -Infinity}',
    "a number beyond a float": b'{"query": "bridge", "limit": 1e999}',
    "a number without end": b'{"query": "bridge", "limit": ' + b"9" * 5000 + b"}",
    "depth without end": b"[" * 200_000,
    "half a character": b'{"query": "\\ud800", "limit": 3}',
    "no UTF-8": b'{"query": "\xff", "limit": 3}',
    "no end": b'{"query": "bridge", ',
    "two values": b"{} {}",
    "nothing": b" ",
    "a list": b"[1, 2]",
    "null": b"null",
}


@pytest.mark.parametrize("path", ["/api/v1/search", "/api/v1/ask", "/v1/chat/completions", "/mcp"])
@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
def test_odd_json_is_the_senders_mistake(client: TestClient, path: str, body: bytes) -> None:
    headers = {**JSON, "accept": "application/json, text/event-stream"}
    assert 400 <= client.post(path, content=body, headers=headers).status_code < 500


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner))


@given(VALUES)
def test_json_that_every_reader_takes_is_read_as_it_is(value: object) -> None:
    assert read_json(json.dumps(value).encode()) == value


@given(st.binary())
def test_whatever_is_sent_is_read_or_refused(body: bytes) -> None:
    with suppress(ValueError):
        read_json(body)


class _Quick(TimedProtocol):
    head_seconds = 0.2


@pytest.fixture
def hasty() -> Iterator[Running]:
    """A server that waits for nobody."""
    app = FastAPI()
    app.add_middleware(Bodies, upload_bytes=MOST_UPLOAD, body_seconds=0.2)

    @app.post("/{path:path}")
    async def read(path: str, request: Request) -> dict[str, object]:
        await request.body()
        return {"json": request.scope.get(DOCUMENT)}

    server = Running(app, host="127.0.0.1", port=0, protocol=_Quick)
    yield server
    server.stop()


def answer_to(server: Running, sent: bytes) -> bytes:
    """All that the server says before it closes the connection."""
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(sent)
        told = b""
        while piece := connection.recv(65536):
            told += piece
    return told


@pytest.mark.parametrize("sent", [b"", b"POST / HT", b"POST / HTTP/1.1\r\nHost: a\r\nX-Slow: "])
def test_a_head_that_does_not_end_is_not_waited_for(hasty: Running, sent: bytes) -> None:
    assert answer_to(hasty, sent) == b""


def test_a_second_head_that_does_not_end_is_not_waited_for_either(hasty: Running) -> None:
    whole = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"
    assert answer_to(hasty, whole + b"POST / HT").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("path", ["/", UPLOAD_PATH])
def test_a_body_that_does_not_end_is_answered_and_not_waited_for(hasty: Running, path: str) -> None:
    told = answer_to(hasty, f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{{".encode())
    assert told.startswith(b"HTTP/1.1 408")
    assert b"did not come to its end" in told


def test_a_body_beyond_the_bound_is_refused_before_it_is_sent(hasty: Running) -> None:
    told = answer_to(hasty, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 400000000\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 413")
