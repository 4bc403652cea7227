"""A session of the page belongs to whoever began it: the login, and the browser."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterator
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.serving.asgi import refuse
from web.serving.bodies import DOCUMENT
from web.serving.login import READER

if TYPE_CHECKING:
    from collections.abc import Mapping

COOKIE = "newsdesk-browser"
"""Tells one browser from another; it says nothing of who uses it."""

_REMEMBERED = 20_000
_LONGEST = 200


class OwnedSessions:
    """ASGI middleware that gives every browser a cookie, and refuses a page's session to another login.

    Gradio names a session in a query, in a body or in a path, and hands its events to whoever names it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._owners: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        login = str(scope.get(READER, ""))
        if not all(self._owns(login, session) for session in _sessions_of(scope)):
            return await refuse(scope, send, 403, "This session belongs to another login; load the page anew.")
        if scope["path"] != "/" or browser_of(dict(scope["headers"])):
            return await self._app(scope, receive, send)
        await self._app(scope, receive, _with_cookie(scope, send))

    def _owns(self, login: str, session: str) -> bool:
        owner = self._owners.setdefault(session, login)
        self._owners.move_to_end(session)
        if len(self._owners) > _REMEMBERED:
            self._owners.popitem(last=False)
        return owner == login


def browser_of(headers: Mapping[bytes, bytes]) -> str:
    """What the browser's cookie holds; "" where it has none."""
    try:
        held = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE)
    except CookieError:
        return ""
    return held.value if held is not None else ""


def sender_of(request: Any) -> str:
    """Whose upload it is: login or address, and browser. Takes Gradio's requests, too."""
    from web.serving.context import reader_of

    inner = getattr(request, "request", None) or request
    return f"{reader_of(inner)}\0{browser_of(dict(inner.scope['headers']))}"


def _sessions_of(scope: Scope) -> Iterator[str]:
    """Every session that a request to the page names."""
    path = scope["path"]
    if not path.startswith("/gradio_api/"):
        return
    named: list[Any] = [*parse_qs(scope.get("query_string", b"").decode("latin-1")).get("session_hash", ())]
    given = scope.get(DOCUMENT)
    if isinstance(given, dict):
        named.append(given.get("session_hash"))
    kind, _, rest = path.removeprefix("/gradio_api/").partition("/")
    if kind in ("heartbeat", "stream"):
        named.append(rest.partition("/")[0])
    yield from (session[:_LONGEST] for session in named if isinstance(session, str) and session)


def _with_cookie(scope: Scope, send: Send) -> Send:
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    cookie = f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; SameSite=Strict{secure}"

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return sent
