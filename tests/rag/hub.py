"""A loopback stand-in for the Hugging Face hub: one file behind a redirect, and every way in which that goes wrong."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from rag.models.discovery import Recommended

CONTENT = b"GGUF" + bytes(range(256)) * 300


def model(content: bytes = CONTENT) -> Recommended:
    """A recommended model whose file is `content`."""
    return Recommended(
        name="tiny",
        repository="someone/Tiny-GGUF",
        revision="0" * 40,
        file="tiny.gguf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        licence="Apache-2.0",
        memory_gb=1,
        about="small",
    )


@dataclass
class Hub:
    """What the hub serves and what it was asked for.

    `cut_after` bytes of a body the connection ends; `linked` is the digest that the redirect names. Requests to the
    storage are kept as their Range and If-Range headers, None where one was not sent.
    """

    content: bytes = CONTENT
    tag: str = '"first"'
    status: int = 200
    ranges: bool = True
    heeds_if_range: bool = True
    cut_after: int | None = None
    linked: str = ""
    port: int = 0
    paths: list[str] = field(default_factory=list)
    asked: list[tuple[str | None, str | None]] = field(default_factory=list)
    credentials: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start_of(self, wanted: str | None, edition: str | None) -> int | None:
        """Where an answer to these headers begins; None is the whole file."""
        if not wanted or not self.ranges or (self.heeds_if_range and edition not in (None, self.tag)):
            return None
        (found,) = re.findall(r"^bytes=(\d+)-$", wanted)
        return int(found)


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            hub.credentials += [self.headers[name] for name in ("Authorization", "Cookie") if self.headers[name]]
            if self.path != "/storage":
                hub.paths.append(self.path)
                self._answer(
                    302, {"Location": "/storage"} | ({"X-Linked-Etag": f'"{hub.linked}"'} if hub.linked else {})
                )
                return
            wanted, edition = self.headers["Range"], self.headers["If-Range"]
            hub.asked.append((wanted, edition))
            if hub.status != 200:
                self._answer(hub.status, {})
                return
            start = hub.start_of(wanted, edition)
            if start is not None and start >= len(hub.content):
                self._answer(416, {})
                return
            body = hub.content[start or 0 :]
            headers = {"ETag": hub.tag} if hub.tag else {}
            if start is not None:
                headers["Content-Range"] = f"bytes {start}-{len(hub.content) - 1}/{len(hub.content)}"
            self._answer(200 if start is None else 206, headers, body)

        def _answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if hub.cut_after is None else body[: hub.cut_after])

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A hub that answers until the block ends."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    hub.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
