"""Gives JSON to an address that the operator named: to a public one by https, or to a host of `allowed_hosts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.fetching.errors import FetchError
from ingest.fetching.pacing import Clock
from ingest.fetching.public_addresses import AllowedHosts, Resolver, system_resolver
from ingest.fetching.url import WebAddress, shown
from ingest.types import Limits
from rag.settings import Settings

if TYPE_CHECKING:
    import httpcore


def post_json(
    settings: Settings,
    url: str,
    body: bytes,
    *,
    resolver: Resolver = system_resolver,
    network: httpcore.NetworkBackend | None = None,
) -> None:
    """Send the body once, to this address alone: no redirect is followed.

    Raises FetchError where the address may not be used, cannot be reached, or answers with anything but success.
    """
    from ingest.fetching.connection import HttpConnection

    allowed = AllowedHosts.of(settings.allowed_hosts)
    address = WebAddress.parse(url)
    if address.scheme != "https" and (address.host, address.port) not in allowed:
        raise FetchError(
            "is no https: address; use one, or name the host in the setting allowed_hosts",
            permanent=True,
            where=shown(url),
        )
    wire = HttpConnection(
        resolver=resolver,
        allowed=allowed,
        clock=Clock(),
        timeout_seconds=settings.fetch_timeout_seconds,
        network=network,
    )
    headers = {
        "User-Agent": settings.user_agent,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    }
    try:
        reply = wire.ask(address, headers, limits=Limits.of(settings), cut=True, body=body)
    except FetchError as error:
        error.where = shown(url)
        raise
    if not 200 <= reply.status < 300:
        raise FetchError(f"did not take it (status {reply.status})", permanent=True, where=shown(url))
