"""The one door to the web: `Fetcher(settings).get(url)`.

fetcher.py       redirects, repeats, robots.txt, conditional requests
url.py           an address, taken apart once
public_addresses.py which IP addresses may be connected to
connection.py    one request over a connection to a checked address (httpcore)
body.py          what comes back, unpacked within bounds
pacing.py        deadlines, pauses between requests, Retry-After
robots.py        robots.txt (Protego)
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from ingest.fetching.body import ACCEPTED
from ingest.fetching.errors import FetchError, status_error
from ingest.fetching.pacing import LONGEST_WAIT_SECONDS, Clock, HostPacing, backoff_seconds, retry_after_seconds
from ingest.fetching.public_addresses import AllowedHosts, Resolver, system_resolver
from ingest.fetching.robots import Robots
from ingest.fetching.url import WebAddress, shown
from ingest.types import Limits
from rag.settings import Settings

if TYPE_CHECKING:
    import ssl

    import httpcore

    from ingest.fetching.connection import Reply

__all__ = ["Clock", "FetchError", "Fetched", "Fetcher"]

_GOOD = (200, 203, 304)
_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_REDIRECTS = 5
_MAX_ATTEMPTS = 3
_ROBOTS_LIMITS = Limits(max_mb=1)
_READABLE = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.8"
)
_VALIDATOR = re.compile(r"[ -~]{1,1000}")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:+-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A page, feed or document from the web.

    `url` is the address after all redirects, without credentials and fragment; `media_type` is in lower case, without
    parameters; `charset` is what the server declared, true or not. What the server does not say is empty. Where
    `not_modified` is set there are no data: those of the last time still hold.
    """

    url: str
    status: int
    media_type: str
    charset: str
    data: bytes
    etag: str
    last_modified: str
    not_modified: bool


class Fetcher:
    """Fetches by http and https from public addresses, politely: see docs/security.md for what it refuses.

    Keep one for many pages: it remembers the sites' rules and pauses. Threads may share it; at the same host they wait
    for each other. As a context manager it closes nothing, since no connection outlasts its request.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        resolver: Resolver = system_resolver,
        clock: Clock | None = None,
        jitter: Callable[[], float] = random.random,
        network: httpcore.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`jitter` gives numbers from 0 to 1. Raises SettingsError where a setting cannot be used."""
        from ingest.fetching.connection import HttpConnection

        self._clock = clock or Clock()
        self._jitter = jitter
        self._limits = Limits.of(settings)
        self._headers = {"User-Agent": settings.user_agent, "Accept": _READABLE, "Accept-Encoding": ACCEPTED}
        self._pacing = HostPacing(self._clock, pause_seconds=settings.fetch_pause_seconds)
        self._robots = Robots(self._robots_file, user_agent=settings.user_agent, clock=self._clock)
        self._wire = HttpConnection(
            resolver=resolver,
            allowed=AllowedHosts.of(settings.allowed_hosts),
            clock=self._clock,
            timeout_seconds=settings.fetch_timeout_seconds,
            network=network,
            tls=tls,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """Fetch an address; with the `etag` or `last_modified` of the last time, only if it has changed since.

        Raises FetchError, whose `where` is the address without credentials.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        sent = {name: value for name, value in conditions.items() if _VALIDATOR.fullmatch(value)}
        visited_hosts: set[str] = set()

        def ask(address: WebAddress) -> Reply:
            with self._pacing.slot(address.host, with_pause=address.host not in visited_hosts):
                visited_hosts.add(address.host)
                self._pacing.slow_down(address.host, self._robots.check(address))
                return self._with_repeats(address, self._headers | sent, limits=self._limits)

        try:
            address, reply = _through_redirects(WebAddress.parse(url), ask)
            if reply.status == 304 and not sent:
                raise status_error(304)
        except FetchError as error:
            error.where = shown(url)
            raise
        return _fetched(address, reply, etag=etag, last_modified=last_modified)

    def _robots_file(self, address: WebAddress) -> bytes:
        def ask(address: WebAddress) -> Reply:
            return self._with_repeats(address, self._headers, limits=_ROBOTS_LIMITS, cut=True)

        return _through_redirects(address, ask)[1].data

    def _with_repeats(
        self, address: WebAddress, headers: Mapping[str, str], *, limits: Limits, cut: bool = False
    ) -> Reply:
        """Ask, and ask again after a while where a failure is likely to pass within seconds."""
        attempt = 0
        while True:
            try:
                reply = self._wire.ask(address, headers, limits=limits, cut=cut)
                if reply.status in _GOOD or reply.status in _REDIRECTS:
                    return reply
                after = retry_after_seconds(reply.headers.get("retry-after", ""), self._clock.now())
                raise status_error(reply.status, retry_after_seconds=after)
            except FetchError as error:
                wait = max(backoff_seconds(attempt, self._jitter()), error.retry_after_seconds or 0.0)
                attempt += 1
                if not error.worth_repeating or attempt == _MAX_ATTEMPTS or wait > LONGEST_WAIT_SECONDS:
                    if error.retry_after_seconds:
                        self._pacing.close(address.host, error.retry_after_seconds)
                    raise
            self._clock.sleep(wait)


def _through_redirects(start: WebAddress, ask: Callable[[WebAddress], Reply]) -> tuple[WebAddress, Reply]:
    """Return the first answer that is no redirect, and its address; each step is checked as the first one is."""
    visited = [start]
    while True:
        address = visited[-1]
        try:
            reply = ask(address)
        except FetchError as error:
            if len(visited) == 1:
                raise
            raise error.after(f"redirects to {address.host}, which") from error
        if reply.status not in _REDIRECTS:
            return address, reply
        visited.append(_next(visited, reply))


def _next(visited: list[WebAddress], reply: Reply) -> WebAddress:
    location = reply.headers.get("location", "")
    if not location:
        raise FetchError("redirects to nowhere; check the address", permanent=True, status=reply.status)
    try:
        # Servers write bytes beyond ASCII as they are, nearly always in UTF-8 (WHATWG URL).
        target = visited[-1].joined(location.encode("latin-1").decode("utf-8", errors="replace"))
    except FetchError as error:
        raise error.after("redirects to an address that") from error
    if visited[-1].scheme == "https" and target.scheme == "http":
        raise FetchError(
            f"redirects from https to http at {target.host}, where the page can be changed on its way; "
            "give that address itself if you accept this",
            permanent=True,
        )
    if target in visited:
        raise FetchError("redirects in a circle; check the address in your browser", permanent=True)
    if len(visited) > _MAX_REDIRECTS:
        raise FetchError(
            f"redirects more than {_MAX_REDIRECTS} times; give the address where your browser ends", permanent=True
        )
    return target


def _fetched(address: WebAddress, reply: Reply, *, etag: str, last_modified: str) -> Fetched:
    content_type = reply.headers.get("content-type", "")
    media_type, _, parameters = content_type.partition(";")
    charset = _CHARSET.search(parameters)
    not_modified = reply.status == 304
    return Fetched(
        url=address.url,
        status=reply.status,
        media_type=media_type.strip().lower(),
        charset=charset[1].lower() if charset else "",
        data=reply.data,
        etag=reply.headers.get("etag", etag if not_modified else ""),
        last_modified=reply.headers.get("last-modified", last_modified if not_modified else ""),
        not_modified=not_modified,
    )
