"""One page in several languages: which of them a request is answered with."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.wording import SOURCE, preferred

CHOSEN = "newsdesk_language"
"""The cookie in which the page's script keeps what its reader chose."""

OF_PATH = "newsdesk.language"
"""The language that a request's path names, in its scope."""


def prefix_of(language: str) -> str:
    """What the paths of a page in this language begin with: what a page asks for is answered by that page, whatever its
    reader chose since in another tab."""
    return "" if language == SOURCE else f"/{language}"


class LanguagePaths:
    """ASGI middleware that takes the language off a path, before anybody looks at the path."""

    def __init__(self, app: ASGIApp, *, languages: Mapping[str, str]) -> None:
        self._app = app
        self._prefixes = {prefix_of(language): language for language in languages if prefix_of(language)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        path = scope.get("path", "")
        prefix = "/" + path[1:].partition("/")[0]
        if prefix in self._prefixes and path != prefix:
            rest = path.removeprefix(prefix)
            raw = scope.get("raw_path", b"").removeprefix(prefix.encode())
            scope = {**scope, "path": rest, "raw_path": raw, OF_PATH: self._prefixes[prefix]}
        await self._app(scope, receive, send)


class ByLanguage:
    """Answers with the page in the language that its path names; the document itself in the one that the reader chose,
    else in the `usual` one; where there is none, in the one that the reader's browser asks for, else in English."""

    def __init__(self, pages: Mapping[str, ASGIApp], *, usual: str = "") -> None:
        self._pages = pages
        self._usual = usual

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        named = str(scope.get(OF_PATH, ""))
        if scope["type"] != "http" or named or scope["path"] != "/":
            await self._pages[named or SOURCE](scope, receive, send)
            return

        async def varied(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).add_vary_header("Accept-Language, Cookie")
            await send(message)

        await self._pages[self._language(scope)](scope, receive, varied)

    def _language(self, scope: Scope) -> str:
        chosen = HTTPConnection(scope).cookies.get(CHOSEN, "")
        if chosen in self._pages:
            return chosen
        wished = self._usual or preferred(Headers(scope=scope).get("accept-language", ""))
        return wished if wished in self._pages else SOURCE
