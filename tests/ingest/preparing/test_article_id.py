"""Canonical URLs and ids."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.metadata.canonical_url import canonical_url
from ingest.preparing.article_id import article_id
from ingest.types import RawArticle


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://News.Example/A/b", "https://news.example/A/b"),
        ("https://news.example/a#top", "https://news.example/a"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://news.example/a/", "https://news.example/a"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example/a?utm_source=x&id=7&fbclid=y", "https://news.example/a?id=7"),
        ("https://news.example/a?b=2&a=1", "https://news.example/a?a=1&b=2"),
        ("https://news.example/a?ref=home&refid=9", "https://news.example/a?refid=9"),
        ("https://news.example/a?UTM_Medium=x&mc_cid=1&gclid=2", "https://news.example/a"),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"),
        ("  https://news.example/a ", "https://news.example/a"),
    ],
)
def test_an_address_has_one_form(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/hosts",
        "news.example/a",
        "http://[bad",
        "https://",
        "http://a:99999/",
    ],
)
def test_what_is_no_web_address_has_no_form(url: str) -> None:
    assert canonical_url(url) == ""


PARTS = [
    "http://",
    "HTTPS://",
    "news.example",
    "A.B",
    ":443",
    ":80",
    "/",
    "//",
    "a",
    "?",
    "&",
    "=",
    "utm_x=1",
    "b=2",
    "#",
    "%20",
    "%2F",
    " ",
    "\t",
    "@",
    ";",
    "é",
    "..",
    "[::1]",
    "[::%.]",
    "[::A%@]",
    "]",
]


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(PARTS), max_size=12).map("".join),
        st.text().map("https://news.example/".__add__),
    )
)
def test_canonical_form_is_idempotent(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@pytest.mark.parametrize("host", ["[::A%@]", "[::%.]", "[fe80::1%eth0]", "[a:b]", "x]", "[::1", "a@]"])
def test_a_host_in_broken_brackets_is_none(host: str) -> None:
    assert canonical_url(f"https://{host}/a") == ""


def test_an_ipv6_address_has_one_form() -> None:
    assert canonical_url("https://[2001:DB8:0:0::1]:443/a") == "https://[2001:db8::1]/a"


def raw(**given: str) -> RawArticle:
    return RawArticle(where="here", text="", **given)  # type: ignore[arg-type]


def test_the_id_is_the_beginning_of_the_hash_of_the_canonical_url() -> None:
    url = "https://news.example/a"
    assert (
        article_id(raw(given_id="7", source="feed.jsonl"), url=url, text="one")
        == hashlib.sha256(url.encode()).hexdigest()[:16]
    )


def test_a_source_s_own_id_is_unique_within_that_source_only() -> None:
    one, two = (article_id(raw(given_id="7", source=name), url="", text="same") for name in ("a.jsonl", "b.jsonl"))
    assert one != two
    assert one == article_id(raw(given_id="7", source="a.jsonl"), url="", text="corrected")


def test_without_url_and_id_the_text_names_the_article() -> None:
    one = article_id(raw(), url="", text="The  talks\nfailed.")
    assert one == article_id(raw(), url="", text="The talks failed.")
    assert one != article_id(raw(), url="", text="The talks went on.")


def test_the_same_text_in_two_outlets_is_two_articles() -> None:
    assert article_id(raw(outlet="Harbour Standard"), url="", text="x") != article_id(
        raw(outlet="Civic Lantern"), url="", text="x"
    )
