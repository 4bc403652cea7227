"""How a middleware refuses a request: one error in the form that every endpoint has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope, Send

KINDS = {
    400: "usage",
    401: "login",
    403: "forbidden",
    408: "usage",
    413: "usage",
    421: "host",
    429: "too_many",
    503: "settings",
}
"""Status -> the name of an error for programs."""


async def refuse(scope: Scope, send: Send, status: int, said: str, *, close: bool = False) -> None:
    """Answer with an error in the form that every endpoint has; 401 asks a browser for name and password. `close` ends
    the connection, so that what is left of a body is not read."""
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close", "code": 1008})
    headers = [(b"content-type", b"application/json")]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="Newsdesk", charset="UTF-8"'))
    if close:
        headers.append((b"connection", b"close"))
    kind = KINDS[status]
    body = json.dumps({"error": {"kind": kind, "type": kind, "message": said}}).encode()
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
