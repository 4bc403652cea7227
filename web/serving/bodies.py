"""What may be sent as a request's body: so much for each route, so fast, and JSON that means the same to everybody."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Iterator
from typing import Any, NoReturn

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.serving.asgi import refuse

UPLOAD_PATH = "/gradio_api/upload"
CONVERSATIONS_PATH = "/conversations"
MOST_BODY_BYTES = 1_000_000
MOST_CONVERSATION_BYTES = 8_000_000
"""A hundred answers with their quotes, in any script."""
DOCUMENT = "newsdesk.json"
"""Where a request's scope holds the JSON that came as its body."""

BODY_SECONDS = 30.0
"""A body that is read whole is here by then; an upload sends something within it."""
UPLOAD_SECONDS = 1800.0

_NO_JSON = ("multipart/form-data", "application/x-www-form-urlencoded")


class Bodies:
    """ASGI middleware that lets a body in, or says why not.

    Everything but an upload is read here, whole, so that whoever comes after it waits for nobody. Bytes are counted as
    they come, whatever the header says.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        upload_bytes: int,
        conversation_bytes: int = MOST_BODY_BYTES,
        body_seconds: float = BODY_SECONDS,
        upload_seconds: float = UPLOAD_SECONDS,
    ) -> None:
        self._app = app
        self._upload_bytes = upload_bytes
        self._conversation_bytes = conversation_bytes
        self._body_seconds = body_seconds
        self._upload_seconds = upload_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400, 408 or 413."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        upload = scope["path"] == UPLOAD_PATH
        most = self._most(scope["path"])
        headers = dict(scope["headers"])
        told = headers.get(b"content-length", b"")
        if told.isdigit() and int(told[:20]) > most:
            return await _refuse_size(scope, send, most)
        try:
            if upload:
                return await self._streamed(scope, receive, send)
            body = await self._whole(receive, most)
        except TimeoutError:
            return await refuse(scope, send, 408, "The request did not come to its end; send it again.", close=True)
        except _TooLarge:
            return await _refuse_size(scope, send, most)
        kind = headers.get(b"content-type", b"").decode("latin-1").lower()
        if body and not kind.startswith(_NO_JSON):
            try:
                scope = {**scope, DOCUMENT: read_json(body)}
            except ValueError as error:
                return await refuse(scope, send, 400, f"The body is no JSON that can be used: {error}; see /api.")
        await self._app(scope, _again(body, receive), send)

    def _most(self, path: str) -> int:
        if path == UPLOAD_PATH:
            return self._upload_bytes
        return self._conversation_bytes if path.startswith(f"{CONVERSATIONS_PATH}/") else MOST_BODY_BYTES

    async def _whole(self, receive: Receive, most: int) -> bytes:
        body = bytearray()
        async with asyncio.timeout(self._body_seconds):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if len(body) > most:
                    raise _TooLarge
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return bytes(body)

    async def _streamed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an upload on piece by piece."""
        taken, ended, begun = 0, False, False
        until = time.monotonic() + self._upload_seconds
        failure: TimeoutError | _TooLarge | None = None

        async def bounded() -> Message:
            nonlocal taken, ended, failure
            if ended:
                return await receive()
            try:
                async with asyncio.timeout(min(self._body_seconds, max(0.0, until - time.monotonic()))):
                    message = await receive()
                taken += len(message.get("body", b""))
                if taken > self._upload_bytes:
                    raise _TooLarge
            except (TimeoutError, _TooLarge) as error:
                failure = error
                raise
            ended = not message.get("more_body", False)
            return message

        async def watched(message: Message) -> None:
            # What a reader of the body makes of its end is not what is to be told.
            nonlocal begun
            if failure is None or begun:
                begun = True
                await send(message)

        try:
            await self._app(scope, bounded, watched)
        # Whatever the reader of a body that ended too early makes of it.
        except BaseException:
            if failure is None or begun:
                raise
        if failure is not None and not begun:
            raise failure


def read_json(body: bytes) -> Any:
    """The JSON value (RFC 8259) that `body` holds; raises `ValueError` for what only some readers take: NaN, numbers
    beyond a float, half a surrogate pair, depth without end."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_number, parse_float=_float)
        if b"\\u" in body:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except UnicodeEncodeError:
        raise ValueError("it holds half of a character") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg.lower()} at character {error.pos}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _float(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError("a number is too large")
    return value


def _again(body: bytes, receive: Receive) -> Receive:
    """What gives the whole body once, and afterwards what the connection tells."""
    waiting: Iterator[Message] = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replayed() -> Message:
        held = next(waiting, None)
        return held if held is not None else await receive()

    return replayed


async def _refuse_size(scope: Scope, send: Send, most: int) -> None:
    await refuse(scope, send, 413, f"The request is too large; send less than {most / 1e6:,.0f} MB.", close=True)


class _TooLarge(Exception):
    """A body beyond its bound."""
