"""Which addresses may be connected to: public ones, and what the user has allowed by name."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from ingest.fetching.errors import FetchError
from ingest.fetching.url import DEFAULT_PORTS, ascii_host, bracketed
from rag.errors import SettingsError

Resolver = Callable[[str, int], Sequence[str]]
"""Gives the IP addresses of a host name for a port; raises OSError where it has none."""

# IANA's special-purpose registries, as far as some supported version of Python takes their networks for public.
_NOT_PUBLIC_V4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
_NOT_PUBLIC_V6 = (IPv6Network("2001::/23"), IPv6Network("2001:db8::/32"), IPv6Network("3fff::/20"))
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address belongs to the public internet.

    An IPv6 address that stands for IPv4 ones (mapped, NAT64, 6to4, Teredo) is as public as those.
    """
    carried = _carried(address)
    if carried:
        return all(is_public(inner) for inner in carried)
    if isinstance(address, IPv6Address):
        return (
            address in _GLOBAL_UNICAST
            and address.is_global
            and not any(address in network for network in _NOT_PUBLIC_V6)
        )
    is_special = address.is_multicast or address.is_reserved or any(address in network for network in _NOT_PUBLIC_V4)
    return address.is_global and not is_special


def _carried(address: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    if not isinstance(address, IPv6Address):
        return ()
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    if address.teredo:
        return address.teredo
    inner = address.ipv4_mapped or address.sixtofour
    return (inner,) if inner else ()


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The hosts of the setting `allowed_hosts`: `host` stands for its ports 80 and 443, `host:port` for that port."""

    hosts_and_ports: frozenset[tuple[str, int]]

    @classmethod
    def of(cls, entries: Iterable[str]) -> AllowedHosts:
        """Read the setting; raises SettingsError where an entry is no host."""
        return cls(frozenset(pair for entry in entries for pair in _host_and_ports(entry)))

    def __contains__(self, host_and_port: tuple[str, int]) -> bool:
        return host_and_port in self.hosts_and_ports


def _host_and_ports(entry: str) -> list[tuple[str, int]]:
    host, colon, port = entry.rpartition(":")
    is_bare = not colon or (":" in host and not host.endswith("]"))
    try:
        name = ascii_host((entry if is_bare else host).strip("[]"))
        ports = tuple(DEFAULT_PORTS.values()) if is_bare else (int(port),)
    except (FetchError, ValueError):
        raise SettingsError(
            f"setting 'allowed_hosts': {entry!r} is no host; write a host, or host:port; see docs/settings.md"
        ) from None
    return [(name, port) for port in ports]


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Resolve as this machine does."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def checked_addresses(
    host: str, port: int, *, resolver: Resolver, allowed: AllowedHosts, timeout_seconds: float
) -> tuple[str, ...]:
    """Return the IP addresses that a connection to the host may go to, at least one, in the resolver's order.

    Raises a permanent FetchError where the port is not one of the web's or any of the addresses is not public, unless
    the host is allowed; a passing one where the name has no address; TimeoutError where the look-up takes too long.
    """
    is_allowed = (host, port) in allowed
    entry = bracketed(host) if port in DEFAULT_PORTS.values() else f"{bracketed(host)}:{port}"
    advice = f"add {entry!r} to NEWSDESK_ALLOWED_HOSTS only if that host is yours"
    if not is_allowed and port not in DEFAULT_PORTS.values():
        raise FetchError(f"asks for port {port}, and only 80 and 443 are fetched from; {advice}", permanent=True)
    found = _resolved(host, port, resolver=resolver, timeout_seconds=timeout_seconds)
    if not is_allowed and not all(is_public(address) for address in found):
        raise FetchError(f"leads to an address that is not public; {advice}", permanent=True)
    return tuple(str(address) for address in found)


def _resolved(
    host: str, port: int, *, resolver: Resolver, timeout_seconds: float
) -> tuple[IPv4Address | IPv6Address, ...]:
    try:
        return (ipaddress.ip_address(host),)
    except ValueError:
        pass
    unknown = "cannot be reached: its host name has no address; check the address and the network"
    try:
        found = tuple(
            ipaddress.ip_address(address) for address in _within(timeout_seconds, lambda: resolver(host, port))
        )
    except TimeoutError:
        raise
    except (OSError, ValueError):
        raise FetchError(unknown, permanent=False) from None
    if not found:
        raise FetchError(unknown, permanent=False)
    return found


def _within(seconds: float, look_up: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Do in a thread what the system gives no time-out for; raises what the look-up raises, or TimeoutError."""
    outcome: queue.SimpleQueue[Sequence[str] | OSError | ValueError] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put(look_up())
        except (OSError, ValueError) as error:
            outcome.put(error)

    threading.Thread(target=run, name="look-up", daemon=True).start()
    try:
        found = outcome.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(found, (OSError, ValueError)):
        raise found
    return found
