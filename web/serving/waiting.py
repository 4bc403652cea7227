"""While the database of a library cannot be reached: whoever asks is told so, and it is tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Protocol, TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from rag.errors import StorageUnavailable

PAUSE_SECONDS = 3

_NOT_YET = "The library cannot be reached just now; this page opens as soon as it is there."


class _Closable(Protocol):
    def close(self) -> None: ...


_Opened = TypeVar("_Opened", bound=_Closable)


def open_when_there(
    attempt: Callable[[], _Opened],
    *,
    waiting_room: Callable[[], AbstractContextManager[threading.Event]],
    announce: Callable[[str], None],
    pause_seconds: float = PAUSE_SECONDS,
) -> _Opened | None:
    """What `attempt` opens, tried again while the database cannot be reached.

    `waiting_room` is open in between: it serves `waiting_app` where the page will be, and gives what is set when this
    process is to end; None is returned then, and what was opened meanwhile is closed. Raises what else `attempt` does.
    """
    try:
        return attempt()
    except StorageUnavailable as error:
        announce(f"Waiting: {error}.")
    opened: _Opened | None = None
    with waiting_room() as ended:
        while opened is None and not ended.wait(pause_seconds):
            with suppress(StorageUnavailable):
                opened = attempt()
    # Opening takes long: the process may have been asked to end meanwhile.
    if opened is not None and ended.is_set():
        opened.close()
        return None
    return opened


def waiting_app() -> Starlette:
    """Says that this process lives, and that no reader should be sent here yet."""

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok", "detail": ""})

    async def ready(_: Request) -> Response:
        return JSONResponse({"status": "failing", "detail": StorageUnavailable.kind}, status_code=503)

    async def not_yet(request: Request) -> Response:
        after = {"Retry-After": str(PAUSE_SECONDS)}
        if request.url.path.startswith(("/api", "/v1", "/mcp")):
            kind = StorageUnavailable.kind
            error = {"kind": kind, "type": kind, "message": _NOT_YET}
            return JSONResponse({"error": error}, status_code=503, headers=after)
        # A browser that shows it looks again.
        return PlainTextResponse(_NOT_YET, status_code=503, headers=after | {"Refresh": str(PAUSE_SECONDS)})

    return Starlette(
        routes=[
            Route("/healthz", alive),
            Route("/readyz", ready),
            Route("/{rest:path}", not_yet, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]
    )
