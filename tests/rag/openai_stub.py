"""A loopback server that speaks as much of the OpenAI chat protocol as the tests need."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class OpenAIStub:
    """What the server answers and what it was asked. With `hang` it sends `pieces`, then nothing until `released`."""

    pieces: Sequence[str] = ()
    status: int = 200
    hang: bool = False
    released: threading.Event = field(default_factory=threading.Event)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    port: int = 0
    stop: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


def _handler(stub: OpenAIStub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            stub.keys.append(self.headers.get("Authorization", ""))
            stub.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if stub.status != 200:
                self._refuse()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for piece in stub.pieces:
                self._event({"role": "assistant", "content": piece}, None)
            if stub.hang:
                stub.released.wait()
                return
            self._event({}, "stop")
            if (stub.requests[-1].get("stream_options") or {}).get("include_usage"):
                usage = {"prompt_tokens": 1000, "completion_tokens": 20, "total_tokens": 1020}
                chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": []}
                self.wfile.write(f"data: {json.dumps({**chunk, 'usage': usage})}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

        def _refuse(self) -> None:
            body = json.dumps({"error": {"message": "secret-detail", "type": "stub", "code": None}}).encode()
            self.send_response(stub.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("retry-after-ms", "1")
            self.end_headers()
            self.wfile.write(body)

        def _event(self, delta: dict[str, str], finish: str | None) -> None:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def openai_stub(*pieces: str, status: int = 200, hang: bool = False, port: int = 0) -> Iterator[OpenAIStub]:
    """A running server; it ends, hanging requests too, with the block, or with `stop`."""
    stub = OpenAIStub(pieces=pieces, status=status, hang=hang)
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(stub))
    stub.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def stop() -> None:
        stub.released.set()
        server.shutdown()
        thread.join()
        server.server_close()

    stub.stop = stop
    try:
        yield stub
    finally:
        stop()
