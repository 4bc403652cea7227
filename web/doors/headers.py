"""What every response tells the browser: load nothing from elsewhere, guess no types, stand in nobody's frame."""

from __future__ import annotations

from web.doors.asgi import App, Message, Receive, Scope, Send

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

HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class SecurityHeaders:
    """ASGI middleware that adds `HEADERS` to every response, in place of any of the same name."""

    def __init__(self, app: App) -> None:
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
