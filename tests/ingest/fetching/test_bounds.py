"""Fetching is bounded in size, on the wire and unpacked, and in time; what is damaged is told."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.body import read_body
from ingest.fetching.fetcher import Fetcher, FetchError
from ingest.fetching.pacing import Deadline
from ingest.types import Limits
from rag.settings import Settings
from tests.ingest.bad_web import BadWeb, FakeClock, Request, answer

TEXT = b"The council met on Monday. " * 500
LIMITS = Limits(max_mb=1)


@pytest.fixture
def web() -> Iterator[BadWeb]:
    with BadWeb() as server:
        yield server


def failure(fetcher: Fetcher, url: str = "http://news.example/") -> FetchError:
    with pytest.raises(FetchError) as raised:
        fetcher.get(url)
    return raised.value


def body(data: bytes, encoding: str, *, size: int = 0, cut: bool = False) -> bytes:
    parts = [data[start : start + size] for start in range(0, len(data), size)] if size else [data]
    return read_body(parts, encoding=encoding, limits=LIMITS, deadline=Deadline(FakeClock(), 1), cut=cut)


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def test_gigabytes_of_zeros_are_refused_while_they_are_unpacked(web: BadWeb) -> None:
    sent = []

    def bomb(_: Request) -> Iterator[bytes]:
        packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
        yield b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
        for _ in range(10_000):
            part = packer.compress(b"\0" * 1_000_000)
            sent.append(len(part))
            yield part

    web.respond("/", bomb)
    error = failure(web.fetcher(max_file_mb=5))
    assert (str(error), error.permanent) == ("is larger than 5 MB; raise NEWSDESK_MAX_FILE_MB", True)
    assert len(sent) < 10_000


@pytest.mark.parametrize("head", ["Transfer-Encoding: chunked", "Connection: close"])
def test_a_body_that_never_ends_is_refused_at_the_limit(web: BadWeb, head: str) -> None:
    def endless(_: Request) -> Iterator[bytes]:
        yield f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode()
        while not web.closing.is_set():
            yield b"4000\r\n" + b"x" * 0x4000 + b"\r\n"

    web.respond("/", endless)
    assert "is larger than 1 MB" in str(failure(web.fetcher(max_file_mb=1)))


def test_a_body_that_says_it_is_too_large_is_not_read(web: BadWeb) -> None:
    web.respond("/", lambda _: [b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n"])
    assert "is larger than 1 MB" in str(failure(web.fetcher(max_file_mb=1)))


def test_a_body_that_drips_for_ever_ends_with_the_time(web: BadWeb) -> None:
    def drip(_: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        while not web.closing.is_set():
            yield b"x"

    web.respond("/", drip)
    error = failure(web.fetcher(clock=FakeClock(tick_seconds=0.5), fetch_timeout_seconds=20))
    assert "did not answer in time" in str(error)
    assert not error.permanent


def test_headers_that_drip_for_ever_end_with_the_time_or_the_limit_of_headers(web: BadWeb) -> None:
    def drip(_: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        while not web.closing.is_set():
            yield b"X-More: and more\r\n"

    web.respond("/", drip)
    # A fast server fills the limit of headers in two reads: the time must be over before.
    in_time = failure(web.fetcher(clock=FakeClock(tick_seconds=2), fetch_timeout_seconds=5))
    in_size = failure(web.fetcher())
    assert "did not answer in time" in str(in_time)
    assert "did not answer as a web server does" in str(in_size)
    assert not in_time.permanent
    assert not in_size.permanent


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\nContent-", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha"]
)
def test_a_server_that_falls_silent_is_given_up(web: BadWeb, said: bytes) -> None:
    def silent(_: Request) -> Iterator[bytes]:
        yield said
        yield from web.silence()

    web.respond("/", silent)
    error = failure(web.fetcher(fetch_timeout_seconds=0.05))
    assert str(error) == "did not answer in time; try again later, or raise NEWSDESK_FETCH_TIMEOUT_SECONDS"
    assert len(web.targets()) == 3


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 999 No\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n: nameless\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 1000,
        b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
        b"\x00" * 200_000,
    ],
)
def test_what_is_no_answer_of_a_web_server_is_told(web: BadWeb, raw: bytes) -> None:
    web.respond("/", lambda _: [raw])
    assert ";" in str(failure(web.fetcher()))


STATUS = st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.0 304 No", b"HTTP/1.1 302 On", b"HTTP/1.1 429 No", b"200"])
HEADERS = st.sampled_from(
    [
        b"Location: /x?\xff", b"Location: http://[", b"Location: //10.0.0.1:x/", b"Content-Encoding: gzip", b":",
        b"Content-Length: 3", b"Transfer-Encoding: chunked", b"Content-Type: \xff; charset=", b"Retry-After: 1e9",
        b"ETag: \xe4", b"Content-Length: 00", b"Location:", b" folded", b"Connection: keep-alive", b"\x00: \x01",
    ]
)  # fmt: skip


@given(STATUS, st.lists(HEADERS, max_size=4), st.one_of(st.binary(max_size=60), st.just(gzip.compress(TEXT))))
def test_whatever_bytes_a_server_says_a_page_is_fetched_or_the_failure_told(
    status: bytes, headers: list[bytes], rest: bytes
) -> None:
    network = httpcore.MockBackend([b"\r\n".join([status, *headers]), b"\r\n\r\n", rest])
    fetcher = Fetcher(Settings(), resolver=lambda *_: ["93.184.216.34"], clock=FakeClock(), network=network)
    try:
        page = fetcher.get("http://news.example/")
    except FetchError as error:
        assert error.where == "http://news.example/"  # noqa: PT017  (most of these answers are failures)
    else:
        assert page.status == 200


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, bare_deflate, lambda data: data])
@pytest.mark.parametrize("size", [0, 2, 7])
def test_a_body_is_unpacked_however_it_arrives(pack: object, size: int) -> None:
    assert callable(pack)
    packed = pack(TEXT)
    encoding = "" if packed == TEXT else " GZIP "
    assert body(packed, encoding, size=size) == TEXT


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.integers(1, 400))
def test_a_body_in_several_gzip_members_is_whole_however_it_is_cut(members: list[bytes], size: int) -> None:
    packed = b"".join(gzip.compress(member) for member in members)
    assert body(packed, "gzip", size=size) == b"".join(members)


@given(st.binary(max_size=400), st.sampled_from(["gzip", "deflate", "identity"]), st.integers(1, 50))
def test_any_bytes_are_unpacked_or_refused(data: bytes, encoding: str, size: int) -> None:
    try:
        unpacked = body(data, encoding, size=size)
    except FetchError:
        return
    assert unpacked == data or encoding != "identity"


def test_bytes_after_the_end_of_a_packed_body_do_no_harm() -> None:
    assert body(gzip.compress(TEXT) + b"\n<!-- served in 3 ms -->", "gzip") == TEXT


def test_a_packed_body_that_is_cut_off_may_be_whole_next_time(web: BadWeb) -> None:
    whole = gzip.compress(TEXT)
    web.pages("/", answer(whole[:-20], Content_Encoding="gzip"), answer(whole, Content_Encoding="gzip"))
    assert web.fetcher().get("http://news.example/").data == TEXT


def test_a_packed_body_that_is_damaged_is_told(web: BadWeb) -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[len(packed) // 2] ^= 0xFF
    web.page("/", bytes(packed), Content_Encoding="gzip")
    web.page("/not", TEXT, Content_Encoding="gzip")
    for path in ("/", "/not"):
        error = failure(web.fetcher(), f"http://news.example{path}")
        assert "was sent damaged" in str(error)
        assert error.permanent


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_a_packing_that_was_not_asked_for_is_refused(web: BadWeb, encoding: str) -> None:
    web.page("/", b"x", Content_Encoding=encoding)
    error = failure(web.fetcher())
    assert f"is packed with {encoding!r}" in str(error)
    assert error.permanent


def test_unpacking_ends_with_the_time() -> None:
    bomb = gzip.compress(b"\0" * 900_000)
    with pytest.raises(TimeoutError):
        read_body([bomb], encoding="gzip", limits=LIMITS, deadline=Deadline(FakeClock(tick_seconds=1), 5))


def test_a_body_that_may_be_cut_is_cut_at_the_limit() -> None:
    data = bytes(range(256)) * 5000
    assert body(data, "", size=9999, cut=True) == data[:1_000_000]
    assert body(gzip.compress(data), "gzip", size=500, cut=True) == data[:1_000_000]
