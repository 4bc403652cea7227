"""The bad internet, played on 127.0.0.1: a server that says exactly what a test tells it to, byte for byte.

    with BadWeb() as web:
        web.page("/feed", "<rss/>", content_type="application/rss+xml")
        Fetcher(web.settings()).get(web.url + "/feed")

`web.settings()` allows the server's own address. `web.fetcher(...)` goes further: it believes in an internet of names
(`hosts`, name -> IP addresses) whose every address and port is this server, so that nothing has to be allowed.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import httpcore

from ingest.fetching.fetcher import Clock, Fetcher
from rag.settings import Settings

PUBLIC = "93.184.216.34"
"""Some public address; nothing in the tests reaches it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the server was asked; header names in lower case."""

    target: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""


Responder = Callable[[Request], Iterable[bytes]]


def answer(
    body: bytes | str = b"", *, status: int = 200, content_type: str = "text/html; charset=utf-8", **headers: str
) -> bytes:
    """Return a whole answer; the underscores in the names of `headers` become hyphens, an empty content type none."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(data)}"]
    lines += [f"Content-Type: {content_type}"] if content_type else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + data


class BadWeb:
    """A threaded server of pages; every other path does not exist (404). `requests` is what was asked, in order."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._responders: dict[str, Responder] = {}
        self._server = _Server(self, tls)
        self.port: int = self._server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"{'https' if tls else 'http'}://{self.host}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def page(self, path: str, body: bytes | str = b"", **more: Any) -> None:
        """Answer a path (with its query) always in the same way; `more` as for `answer`."""
        self.respond(path, lambda _: [answer(body, **more)])

    def pages(self, path: str, *answers: bytes) -> None:
        """Answer a path with one after the other, the last one again and again."""
        waiting = list(answers)
        self.respond(path, lambda _: [waiting.pop(0) if len(waiting) > 1 else waiting[0]])

    def redirect(self, path: str, location: str, *, status: int = 302) -> None:
        """Send a path on to another address."""
        self.page(path, status=status, Location=location)

    def respond(self, path: str, responder: Responder) -> None:
        """Answer a path with whatever bytes the responder gives, without end if it has none."""
        self._responders[path] = responder

    def silence(self) -> Iterator[bytes]:
        """Say nothing until the server closes: to be yielded from by responders."""
        self.closing.wait()
        yield from ()

    def targets(self) -> list[str]:
        """Return the paths that were asked for, without robots.txt."""
        return [request.target for request in self.requests if request.target != "/robots.txt"]

    def settings(self, **given: Any) -> Settings:
        """Return settings that allow this server and make no pauses."""
        return Settings(**{"allowed_hosts": (self.host,), "fetch_pause_seconds": 0.0} | given)

    def fetcher(
        self,
        *,
        hosts: Mapping[str, Sequence[str]] | None = None,
        clock: Clock | None = None,
        network: RecordingNetwork | None = None,
        tls: ssl.SSLContext | None = None,
        **settings: Any,
    ) -> Fetcher:
        """Return a fetcher for which every address of the internet is this server."""
        return Fetcher(
            Settings(**{"fetch_pause_seconds": 0.0} | settings),
            resolver=fake_resolver(hosts or {"news.example": [PUBLIC]}),
            clock=clock or FakeClock(),
            jitter=lambda: 0.0,
            network=network or RecordingNetwork(self.port),
            tls=tls,
        )

    def responder(self, target: str) -> Responder:
        """Return what answers a path."""
        return self._responders.get(target, lambda _: [answer("nothing here", status=404)])


def fake_resolver(hosts: Mapping[str, Sequence[str]]) -> Callable[[str, int], Sequence[str]]:
    """Return a resolver that knows these names only."""

    def resolve(host: str, port: int) -> Sequence[str]:
        if host not in hosts:
            raise OSError(f"no address for {host}")
        return hosts[host]

    return resolve


class RecordingNetwork(httpcore.NetworkBackend):
    """Connects to the server on 127.0.0.1 whatever the address, and writes down which address was meant."""

    def __init__(self, port: int, *, unreachable: Sequence[str] = ()) -> None:
        self.connected: list[tuple[str, int]] = []
        self._port = port
        self._unreachable = unreachable

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self.connected.append((host, port))
        if host in self._unreachable:
            raise httpcore.ConnectError from OSError("no route to host")
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self._port, timeout=timeout)


@dataclass
class FakeClock(Clock):
    """A clock that stands still but while somebody sleeps; `tick_seconds` pass whenever it is looked at."""

    tick_seconds: float = 0.0
    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)
    start: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        self.seconds += self.tick_seconds
        return self.seconds

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds - 1000.0)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, web: BadWeb, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.web = web
        self.tls = tls

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, peer = super().get_request()
        if self.tls:
            # The handshake comes with the first read, in the thread of the connection.
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, peer


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with suppress(OSError):
            request = self._request()
            self.server.web.requests.append(request)
            for part in self.server.web.responder(request.target)(request):
                self.wfile.write(part)

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()

    def _request(self) -> Request:
        words = self.rfile.readline().decode("latin-1").split()
        headers = {}
        while (line := self.rfile.readline().decode("latin-1").strip()) and ":" in line:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if len(words) != 3:
            raise ConnectionAbortedError
        return Request(words[1], headers, words[0], self.rfile.read(int(headers.get("content-length", 0))))
