"""Addresses are taken apart once, into parts that mean the same to everybody."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.errors import FetchError
from ingest.fetching.pacing import backoff_seconds, retry_after_seconds
from ingest.fetching.url import WebAddress, ascii_host, shown

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ODD = st.text(alphabet=string.printable + "éß。１@\\[]%:/?#\x00\x85\u2028\ud800", max_size=40)  # noqa: RUF001


@pytest.mark.parametrize(
    ("url", "same"),
    [
        (" HTTP://News.Example:80 ", "http://news.example/"),
        ("https://news.example:443/a/../b?q=1#top", "https://news.example/a/../b?q=1"),
        ("http://news.example.:8080/x", "http://news.example:8080/x"),
        ("https://[2606:2800:0220:0001::0001]:8443/x", "https://[2606:2800:220:1::1]:8443/x"),
        ("http://Straße.example/ä b", "http://strasse.example/%C3%A4%20b"),
        ("http://news.example?q=%41&r=a|b", "http://news.example/?q=%41&r=a|b"),
        ("http://\uff18.\uff18.8.8/", "http://8.8.8.8/"),
        ("http://good.example\\@news.example/", None),
        ("http://news.example/a\r\nHost: evil.example", "http://news.example/aHost:%20evil.example"),
    ],
)
def test_an_address_is_brought_into_one_form(url: str, same: str | None) -> None:
    if same is None:
        with pytest.raises(FetchError):
            WebAddress.parse(url)
    else:
        assert WebAddress.parse(url).url == same


@pytest.mark.parametrize(
    "url",
    [
        "", "news.example", "//news.example/", "ftp://news.example/", "file:///etc/passwd", "javascript:alert(1)",
        "http:///x", "http://", "http://:80/", "http://.example/", "http://a..example/", "http://a b/", "http://a%20b/",
        "http://a_b!/", "http://[::1/", "http://[::1%25eth0]/", "http://[1.2.3.4]/", "http://x:99999/", "http://x:y/",
        "http://256.1.1.1/", "http://1.2.3/", "http://0x7f.0.0.1/", "http://127.0.0.0x1/", "http://08.8.8.8/",
        "http://u@news.example/", "http://u:p@news.example/", "http://" + "a" * 64 + ".example/",
        "http://" + "a." * 200 + "example/", "http://news.example/" + "a" * 8000,
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused_for_good(url: str) -> None:
    with pytest.raises(FetchError) as refused:
        WebAddress.parse(url)
    assert refused.value.permanent
    assert re.search(r"[;:] ?\w", str(refused.value)), "names the next action"


@given(st.one_of(st.text(max_size=60), ODD.map("http://".__add__), ODD.map("https://news.example/".__add__)))
def test_any_text_is_refused_or_becomes_an_address_that_cannot_be_misread(text: str) -> None:
    try:
        address = WebAddress.parse(text)
    except FetchError:
        return
    assert re.fullmatch(r"[a-z0-9_.:-]+", address.host)
    assert re.fullmatch(r"/[!-~]*", address.target)
    assert WebAddress.parse(address.url) == address
    assert ascii_host(address.host) == address.host


@given(ODD)
def test_an_address_in_a_message_is_one_line_without_credentials(text: str) -> None:
    line = shown(f"http://reader:secret@news.example/{text}")
    assert line.startswith("http://news.example/")
    assert "\n" not in line
    assert "\x00" not in line


@given(st.integers(0, 10_000_000))
def test_retry_after_in_seconds_is_at_most_a_day(seconds: int) -> None:
    assert retry_after_seconds(str(seconds), NOW) == min(seconds, 86_400)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("Mon, 23 Nov 2026 12:02:00 GMT", 120.0),
        ("Monday, 23-Nov-26 12:02:00 GMT", 120.0),
        ("Mon, 23 Nov 2026 12:02:00", 120.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("Wed, 01 Jan 3026 00:00:00 GMT", 86_400.0),
        ("9" * 5000, 86_400.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("Mon, 99 Nov 2026 12:02:00 GMT", None),
        ("²", None),
    ],
)
def test_retry_after_is_read_in_every_form_and_nonsense_is_none(value: str, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds


@given(st.integers(0, 8), st.floats(0, 1))
def test_a_wait_doubles_and_is_never_the_same_for_everybody(attempt: int, jitter: float) -> None:
    assert 0.5 * 2**attempt <= backoff_seconds(attempt, jitter) <= 2**attempt
