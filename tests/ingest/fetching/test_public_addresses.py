"""Which addresses are public, and which hosts may be connected to."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.errors import FetchError
from ingest.fetching.public_addresses import AllowedHosts, checked_addresses, is_public, system_resolver

NONE_ALLOWED = AllowedHosts.of(())


def checked(host: str, port: int, found: Sequence[str], *, allowed: AllowedHosts = NONE_ALLOWED) -> tuple[str, ...]:
    return checked_addresses(host, port, resolver=lambda *_: found, allowed=allowed, timeout_seconds=5)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8", "93.184.216.34", "172.32.0.1", "192.169.0.1", "2606:2800:220:1::1", "2a00:1450:4001::200e",
        "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
    ],
)  # fmt: skip
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1",
        "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::127.0.0.1", "::8.8.8.8", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1",
        "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "5f00::1", "2001:2::1", "2001:10::1",
        "2001:20::1", "64:ff9b:1::808:808", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1", "2002:a9fe:a9fe::", "2001:0:7f00:1::1",
        "2001:0:808:808:0:0:80ff:fffe", "2001:0:808:808:0:0:5601:5601",
    ],
)  # fmt: skip
def test_private_special_and_disguised_addresses_are_not(address: str) -> None:
    assert not is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_as_public_in_any_disguise(address: IPv4Address) -> None:
    number = int(address)
    disguises = (
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0x64FF9B << 96 | number),
        IPv6Address(0x2002 << 112 | number << 80),
    )
    assert {is_public(disguise) for disguise in disguises} == {is_public(address)}


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_a_public_address_is_never_one_that_python_takes_for_private_or_local(
    address: IPv4Address | IPv6Address,
) -> None:
    if is_public(address) and not (isinstance(address, IPv6Address) and (address.sixtofour or address.teredo)):
        kinds = (address.is_private, address.is_loopback, address.is_link_local, address.is_multicast)
        assert not any(kinds)


def test_a_host_is_refused_where_any_of_its_addresses_is_not_public() -> None:
    assert checked("news.example", 443, ["8.8.8.8", "2606:2800:220:1::1"]) == ("8.8.8.8", "2606:2800:220:1::1")
    for found in (["8.8.8.8", "10.0.0.1"], ["::1"], ["fe80::1%eth0", "8.8.8.8"]):
        with pytest.raises(FetchError, match="not public") as refused:
            checked("news.example", 443, found)
        assert refused.value.permanent
        assert not any(address in str(refused.value) for address in found), "tells nothing about the inside"


@pytest.mark.parametrize("found", [[], ["nonsense"], ["1.2.3"]])
def test_a_host_without_addresses_cannot_be_reached(found: list[str]) -> None:
    with pytest.raises(FetchError, match="cannot be reached") as refused:
        checked("news.example", 443, found)
    assert not refused.value.permanent


def test_an_address_is_not_looked_up() -> None:
    assert checked("8.8.8.8", 80, ["10.0.0.1"]) == ("8.8.8.8",)


def test_ports_other_than_the_webs_are_refused_unless_allowed() -> None:
    allowed = AllowedHosts.of(["News.example:8080", "wiki.example", "[::1]:8080", "::1", "Bücher.example."])
    with pytest.raises(FetchError, match=r"asks for port 22.*'news.example:22'"):
        checked("news.example", 22, ["8.8.8.8"], allowed=allowed)
    assert checked("news.example", 8080, ["10.0.0.1"], allowed=allowed) == ("10.0.0.1",)
    assert checked("wiki.example", 443, ["10.0.0.1"], allowed=allowed) == ("10.0.0.1",)
    assert checked("xn--bcher-kva.example", 80, ["10.0.0.1"], allowed=allowed) == ("10.0.0.1",)
    assert checked("::1", 8080, [], allowed=allowed) == ("::1",)
    assert checked("::1", 80, [], allowed=allowed) == ("::1",)
    for host, port in [("news.example", 80), ("wiki.example", 8080), ("sub.wiki.example", 80)]:
        with pytest.raises(FetchError):
            checked(host, port, ["10.0.0.1"], allowed=allowed)


def test_a_look_up_that_takes_too_long_is_given_up() -> None:
    hanging = threading.Event()

    def resolver(host: str, port: int) -> Sequence[str]:
        hanging.wait()
        return ()

    with pytest.raises(TimeoutError):
        checked_addresses("news.example", 80, resolver=resolver, allowed=NONE_ALLOWED, timeout_seconds=0.01)
    hanging.set()


def test_the_system_resolves_a_number_to_itself() -> None:
    assert system_resolver("127.0.0.1", 80) == ("127.0.0.1",)
