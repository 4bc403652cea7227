"""robots.txt: what a site keeps programs out of, and how long a pause it asks for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.fetching.errors import FetchError
from ingest.fetching.pacing import Clock
from ingest.fetching.url import WebAddress

if TYPE_CHECKING:
    from protego import Protego

_KEPT_SECONDS = 3600.0
_FAILURE_KEPT_SECONDS = 300.0
_MAX_SITES = 256


class Robots:
    """The rules of the sites met so far. Method: RFC 9309, with `Crawl-delay` as most sites write it.

    A file that is missing or refused (4xx) allows everything; one that cannot be had in passing (5xx, 429, no
    connection) allows nothing for now.
    """

    def __init__(self, fetch: Callable[[WebAddress], bytes], *, user_agent: str, clock: Clock) -> None:
        """`fetch` gives the bytes of a robots.txt and raises FetchError; of `user_agent` the first word counts."""
        self._fetch = fetch
        self._name = user_agent.replace("/", " ").split()[0]
        self._clock = clock
        self._sites: dict[str, _Site] = {}
        self._lock = threading.Lock()

    def check(self, address: WebAddress) -> float:
        """Return the pause in seconds that the site asks for, 0 where it asks for none.

        Raises FetchError: a permanent one where the site forbids the address, a passing one where its rules cannot be
        had now.
        """
        site = self._site(address)
        if site.failure:
            has_answered = site.failure.status is not None
            raise site.failure.after(
                "cannot be fetched for now: the site's robots.txt" if has_answered else "is on a site that"
            )
        if site.rules is None:
            return 0.0
        if not site.rules.can_fetch(address.url, self._name):
            raise FetchError(
                "is closed to programs by the site's robots.txt; save the page from your browser and ingest the file",
                permanent=True,
            )
        return site.rules.crawl_delay(self._name) or 0.0

    def _site(self, address: WebAddress) -> _Site:
        now = self._clock.monotonic()
        with self._lock:
            known = self._sites.get(address.origin)
        if known and now < known.until:
            return known
        site = self._read(address)
        with self._lock:
            self._sites.pop(address.origin, None)
            if len(self._sites) >= _MAX_SITES:
                del self._sites[next(iter(self._sites))]
            self._sites[address.origin] = site
        return site

    def _read(self, address: WebAddress) -> _Site:
        from protego import Protego

        try:
            data = self._fetch(address.joined("/robots.txt"))
        except FetchError as error:
            now = self._clock.monotonic()
            if error.permanent:
                return _Site(now + _KEPT_SECONDS)
            return _Site(now + _FAILURE_KEPT_SECONDS, failure=error)
        rules = Protego.parse(data.decode("utf-8-sig", errors="replace"))
        return _Site(self._clock.monotonic() + _KEPT_SECONDS, rules=rules)


@dataclass(frozen=True, slots=True)
class _Site:
    until: float
    rules: Protego | None = None
    failure: FetchError | None = None
