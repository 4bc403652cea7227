"""One HTTP request over a connection whose address was checked; the only file that opens connections."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore

from ingest.fetching.body import read_body, too_large
from ingest.fetching.errors import FetchError
from ingest.fetching.pacing import Clock, Deadline
from ingest.fetching.public_addresses import AllowedHosts, Resolver, checked_addresses
from ingest.fetching.url import WebAddress
from ingest.types import Limits

_WITH_BODY = (200, 203)
_NUMBER = re.compile(r"[0-9]{1,18}")
_MAX_ADDRESSES_TRIED = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What a server answered.

    `headers` are by lower-case name, the last of each; `data` is unpacked, and empty unless the status is 200 or 203.
    """

    status: int
    headers: Mapping[str, str]
    data: bytes


class HttpConnection:
    """Sends requests, each over a connection of its own, ignoring proxies of the environment and redirects."""

    def __init__(
        self,
        *,
        resolver: Resolver,
        allowed: AllowedHosts,
        clock: Clock,
        timeout_seconds: float,
        network: httpcore.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`network` opens the connections (the system's sockets by default); `tls` says which certificates are good."""
        self._resolver = resolver
        self._allowed = allowed
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._network = network or httpcore.SyncBackend()
        self._tls = tls
        self._tls_lock = threading.Lock()

    def ask(
        self,
        address: WebAddress,
        headers: Mapping[str, str],
        *,
        limits: Limits,
        cut: bool = False,
        body: bytes | None = None,
    ) -> Reply:
        """Send a GET request, or a POST request with this body, and read the answer, whatever its status; `cut`
        shortens what is answered to the limit.

        Raises FetchError where the address may not be connected to, there is no answer in time, or it cannot be read.
        """
        deadline = Deadline(self._clock, self._timeout_seconds)
        network = _CheckedNetwork(self._network, deadline, resolver=self._resolver, allowed=self._allowed)
        url = httpcore.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
        sent = [("Host", address.netloc), *headers.items(), ("Connection", "close")]
        tls = self._tls_context() if address.scheme == "https" else None
        with (
            _told_as_fetch_errors(),
            httpcore.HTTPConnection(url.origin, ssl_context=tls, network_backend=network) as connection,
            connection.stream("GET" if body is None else "POST", url, headers=sent, content=body) as response,
        ):
            return _reply(response, limits=limits, deadline=deadline, cut=cut)

    def _tls_context(self) -> ssl.SSLContext:
        """Load the certificates that are trusted once; it takes as long as a request."""
        with self._tls_lock:
            self._tls = self._tls or httpcore.default_ssl_context()
            return self._tls


def _reply(response: httpcore.Response, *, limits: Limits, deadline: Deadline, cut: bool) -> Reply:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    data = b""
    if response.status in _WITH_BODY:
        length = headers.get("content-length", "")
        if not cut and _NUMBER.fullmatch(length) and int(length) > limits.max_bytes:
            raise too_large(limits)
        encoding = headers.get("content-encoding", "")
        data = read_body(response.iter_stream(), encoding=encoding, limits=limits, deadline=deadline, cut=cut)
    return Reply(status=response.status, headers=headers, data=data)


@contextmanager
def _told_as_fetch_errors() -> Iterator[None]:
    try:
        yield
    except (TimeoutError, httpcore.TimeoutException) as error:
        raise FetchError(
            "did not answer in time; try again later, or raise NEWSDESK_FETCH_TIMEOUT_SECONDS",
            permanent=False,
            worth_repeating=True,
        ) from error
    except httpcore.ConnectError as error:
        raise _no_connection(error.__cause__) from error
    except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
        raise FetchError(
            "broke off, or did not answer as a web server does; try again later", permanent=False, worth_repeating=True
        ) from error
    except httpcore.ProtocolError as error:
        raise FetchError("cannot be asked for or read by HTTP; check the address", permanent=True) from error


def _no_connection(cause: BaseException | None) -> FetchError:
    if isinstance(cause, ssl.SSLCertVerificationError):
        reason = cause.verify_message.strip().rstrip(".")
        return FetchError(f"has no certificate that can be trusted ({reason}); check the address", permanent=False)
    if isinstance(cause, ssl.SSLError):
        return FetchError("does not speak TLS that can be trusted; check the address", permanent=False)
    return FetchError(
        "cannot be reached; check the address and the network, or try again later",
        permanent=False,
        worth_repeating=isinstance(cause, ConnectionResetError),
    )


class _CheckedNetwork(httpcore.NetworkBackend):
    """Resolves a host once, checks what it found, and connects to exactly that.

    Between the check and the connection no name is looked up again, so a name cannot lead elsewhere in the meantime.
    """

    def __init__(
        self, network: httpcore.NetworkBackend, deadline: Deadline, *, resolver: Resolver, allowed: AllowedHosts
    ) -> None:
        self._network = network
        self._deadline = deadline
        self._resolver = resolver
        self._allowed = allowed

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that answers."""
        addresses = checked_addresses(
            host, port, resolver=self._resolver, allowed=self._allowed, timeout_seconds=self._deadline.left()
        )[:_MAX_ADDRESSES_TRIED]
        for untried in range(len(addresses), 0, -1):
            seconds = self._deadline.left() / untried
            try:
                stream = self._network.connect_tcp(addresses[-untried], port, timeout=seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if untried == 1:
                    raise
            else:
                return _TimedStream(stream, self._deadline)
        raise AssertionError("a host that was checked has an address")


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every operation ends with the request's time, however slowly the bytes drip."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
