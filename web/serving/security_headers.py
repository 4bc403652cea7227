"""What every response tells the browser: load nothing from elsewhere, guess no types, stand in nobody's frame."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.serving.asgi import refuse
from web.serving.bodies import UPLOAD_PATH

POLICY = "; ".join(
    (
        "default-src 'none'",
        # Gradio starts its page from inline scripts and makes its components' handlers from text.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self' blob:",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""The content-security policy (W3C CSP Level 3). That scripts may be inline rests on nothing inert becoming markup: see
docs/security.md; that nothing can be loaded from, or sent to, another host does not."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})

# Gradio would fetch what such a path names, for whoever asks.
_FETCHES = ("/gradio_api/file=http", "/gradio_api/proxy=")

HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class SecurityHeaders:
    """ASGI middleware that adds `HEADERS` to every response, in place of any of the same name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        ours = {name for name, _ in HEADERS}

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                held = message.get("headers") or ()
                kept = [pair for pair in held if pair[0].lower() not in ours]
                message["headers"] = [*kept, *HEADERS]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class Bounds:
    """ASGI middleware that refuses what no honest client sends: another host's name, a foreign origin.

    `hosts` are the names that the server may be called by (any where it is empty): a page open on loopback must not be
    reached through a name that somebody else's DNS gives it, and a host that a proxy names is passed on only where it
    is one of them. A browser's request from another site's page is refused whatever it asks.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], uploads: bool) -> None:
        self._app = app
        self._hosts = hosts
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer why not."""
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        headers = {name.lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}
        host = headers.get(b"host", "")
        if self._hosts and _name(host) not in self._hosts:
            return await refuse(scope, send, 421, "This server is not known by that name; see the setting page_hosts.")
        origin = headers.get(b"origin", "")
        # A frame that its page walls off has the origin "null", and so has a form of a page that tells no referrer, as
        # ours: which of them it is, the browser says beside it.
        own = headers.get(b"sec-fetch-site") in ("same-origin", "none")
        foreign = not own if origin == "null" else urlsplit(origin).netloc.lower() != host.lower()
        if origin and foreign:
            return await refuse(scope, send, 403, "Requests from other sites' pages are refused.")
        if _name(headers.get(b"x-forwarded-host", "")) not in self._hosts:
            kept = [pair for pair in scope["headers"] if pair[0].lower() != b"x-forwarded-host"]
            scope = {**scope, "headers": kept}
        path = scope.get("path", "")
        if path.startswith(UPLOAD_PATH) and not self._uploads:
            return await refuse(scope, send, 403, "Articles cannot be added on this page.")
        if path.startswith(_FETCHES):
            return await refuse(scope, send, 403, "Files of other sites are not fetched here.")
        await self._app(scope, receive, send)


def _name(host: str) -> str:
    """A host without its port, in lower case."""
    return (host if host.endswith("]") else host.rsplit(":", 1)[0]).lower()
