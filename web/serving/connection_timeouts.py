"""Connections that begin a request and never end its head are closed; uvicorn waits for them without end."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 15.0
"""From the connection, or the first byte of a further request, to the end of its head."""


class TimedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a bound on the time that a request's head takes."""

    head_seconds = HEAD_SECONDS
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """A connection must begin with a request."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._head_is_here()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A further request on the same connection."""
        super().on_message_begin()
        self._wait_for_head()

    def on_headers_complete(self) -> None:
        """From here on the application reads."""
        self._head_is_here()
        super().on_headers_complete()

    def _wait_for_head(self) -> None:
        self._head_is_here()
        self._head_timer = self.loop.call_later(self.head_seconds, self.transport.close)

    def _head_is_here(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
