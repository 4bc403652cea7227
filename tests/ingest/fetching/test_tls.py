"""Fetching by https: the certificate must be that of the name, however the connection was made."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.fetching.fetcher import FetchError
from tests.ingest.bad_web import PUBLIC, BadWeb, RecordingNetwork

# Made for these tests, valid until 2120 and for news.example only; the key guards nothing.
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBejCCASCgAwIBAgIBATAKBggqhkjOPQQDAjAXMRUwEwYDVQQDDAxuZXdzLmV4
YW1wbGUwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBcxFTATBgNV
BAMMDG5ld3MuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABF3iQPwG
ViBnBnvIH0vI1YPL+6jKFvSEJDLwJsrMS72kOhHQ/w9gvECBeluss7RauDSzDMbm
HrxveqC32rjCcqajWzBZMA8GA1UdEwEB/wQFMAMBAf8wFwYDVR0RBBAwDoIMbmV3
cy5leGFtcGxlMA4GA1UdDwEB/wQEAwIChDAdBgNVHQ4EFgQUP/ipwEo4RtAB2/lV
KZx2HWzg/9YwCgYIKoZIzj0EAwIDSAAwRQIhAPsLw2TCKj+jfNPmlvcJTgLX2nYf
7L3GjN4x3x2ZuWa/AiB7dOduvREFYYQ7VogpND0khvsq5q/NnfFSZAaTbOiwtQ==
-----END CERTIFICATE-----
"""
KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgwZRrvIP/IbL3adXG
QFc/H9WCW2bWH7GyEojcqqhDbWWhRANCAARd4kD8BlYgZwZ7yB9LyNWDy/uoyhb0
hCQy8CbKzEu9pDoR0P8PYLxAgXpbrLO0Wrg0swzG5h68b3qgt9q4wnKm
-----END PRIVATE KEY-----
"""
HOSTS = {"news.example": [PUBLIC], "other.example": [PUBLIC]}


@pytest.fixture
def names() -> list[str]:
    """The names that clients asked for in their TLS handshakes."""
    return []


@pytest.fixture
def web(tmp_path: Path, names: list[str]) -> Iterator[BadWeb]:
    (tmp_path / "both.pem").write_text(KEY + CERTIFICATE, encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    context.sni_callback = lambda _, name, __: names.append(name)
    with BadWeb(tls=context) as server:
        server.page("/", "page")
        yield server


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=CERTIFICATE)


def test_the_handshake_is_with_the_name_and_the_connection_to_the_checked_address(
    web: BadWeb, names: list[str]
) -> None:
    network = RecordingNetwork(web.port)
    page = web.fetcher(network=network, tls=trusting()).get("https://news.example/")
    assert (page.url, page.data) == ("https://news.example/", b"page")
    assert set(names) == {"news.example"}
    assert set(network.connected) == {(PUBLIC, 443)}
    assert web.requests[-1].headers["host"] == "news.example"


def test_a_certificate_for_another_name_is_not_accepted(web: BadWeb) -> None:
    with pytest.raises(FetchError, match=r"has no certificate that can be trusted .*other\.example"):
        web.fetcher(hosts=HOSTS, tls=trusting()).get("https://other.example/")
    assert web.requests == []


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(web: BadWeb) -> None:
    with pytest.raises(FetchError, match=r"has no certificate that can be trusted .*self-signed") as refused:
        web.fetcher().get("https://news.example/")
    assert web.requests == []
    assert not refused.value.permanent


def test_a_server_that_speaks_no_tls_is_told() -> None:
    with BadWeb() as web, pytest.raises(FetchError, match="does not speak TLS that can be trusted"):
        web.fetcher().get("https://news.example/")


def test_a_redirect_from_https_to_http_is_refused(web: BadWeb) -> None:
    web.redirect("/down", "http://news.example/plain")
    with pytest.raises(FetchError, match=r"redirects from https to http at news\.example") as refused:
        web.fetcher(tls=trusting()).get("https://news.example/down")
    assert refused.value.permanent
    assert "/plain" not in web.targets()


def test_a_redirect_from_http_to_https_is_followed(web: BadWeb) -> None:
    with BadWeb() as plain:
        plain.redirect("/", "https://news.example/")
        page = web.fetcher(network=_ByPort({80: plain.port, 443: web.port}), tls=trusting()).get("http://news.example/")
    assert (page.url, page.data) == ("https://news.example/", b"page")


class _ByPort(RecordingNetwork):
    """Connects to another server for each port."""

    def __init__(self, servers: dict[int, int]) -> None:
        super().__init__(0)
        self._servers = servers

    def connect_tcp(self, host: str, port: int, *args: object, **kwargs: object) -> object:  # type: ignore[override]
        return RecordingNetwork(self._servers[port]).connect_tcp(host, port)
