from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.formatting import clipped
from rag.text.links import web_host
from rag.types import ArticleRef
from tests.web.inert import Page
from web.page.html import counted, language, link, listed, published, text


@given(st.text())
def test_any_text_stays_text(value: str) -> None:
    page = Page(f"<p>{text(value)}</p>")
    assert len(page.text) == len(value)
    page.text.encode("utf-8")


@given(st.text())
def test_any_text_stays_inside_an_attribute(value: str) -> None:
    assert len(Page(f'<p title="{text(value)}"></p>').attributes) == 1


def test_what_cannot_be_sent_is_replaced_one_for_one() -> None:
    assert text("a\x00b\ud800c\td\ne") == "a\ufffdb\ufffdc\td\ne"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
        ),
        *("//evil.example/x", "/local", "ftp://host/x", "http://", "http://[::1", "https://user:pw@evil.example/", ""),
        *(
            "http://a.example/\x00",
            "https://a.example/ b",
            "https:\\\\evil.example",
            "vbscript:x",
            "file:///etc/passwd",
        ),
    ],
)
def test_an_address_that_is_not_plain_http_makes_no_link(url: str) -> None:
    assert web_host(url) == ""
    assert link(url, "label") == ""


def test_a_link_opens_elsewhere_and_gives_nothing_away() -> None:
    made = link('https://a.example/x?q="><script>&b=1', "it's <b>")
    page = Page(made)
    assert page.values("href") == ['https://a.example/x?q="><script>&b=1']
    assert page.values("target") == ["_blank"]
    assert page.text.startswith("it's <b>")


@given(st.text())
def test_no_address_makes_an_acting_link(url: str) -> None:
    Page(link(url, "label"))
    Page(link(f"https://{url}", "label"))


@pytest.mark.parametrize(
    ("published_at", "words"),
    [
        (datetime(2024, 6, 21, 3, 15, tzinfo=UTC), "21 June 2024, 03:15 UTC"),
        (datetime(2024, 6, 1, 15, 30, tzinfo=timezone(timedelta(hours=2))), "1 June 2024, 15:30 UTC+02:00"),
    ],
)
def test_a_date_is_in_words_with_its_zone(published_at: datetime, words: str) -> None:
    page = Page(published(ArticleRef(id="a", published=published_at)))
    assert page.text == words
    assert page.values("datetime") == [published_at.isoformat()]


def test_a_date_known_to_the_day_claims_no_hour() -> None:
    ref = ArticleRef(id="a", published=datetime(2024, 6, 21, tzinfo=UTC), precision="day")
    assert published(ref) == '<time datetime="2024-06-21">21 June 2024</time>'


def test_an_unknown_date_is_said_to_be_unknown() -> None:
    assert Page(published(ArticleRef(id="a"))).text == "date unknown"


@given(st.text(), st.integers(min_value=2, max_value=50))
def test_a_clipped_text_is_a_short_line(value: str, limit: int) -> None:
    short = clipped(value, limit)
    assert len(short) <= limit + 1
    assert "\n" not in short


def test_clipping_ends_at_a_word() -> None:
    assert clipped("one two three four", 12) == "one two…"


def test_numbers_agree_with_their_nouns() -> None:
    assert [counted(1, "article"), counted(2, "article"), counted(1200, "outlet")] == [
        "1 article",
        "2 articles",
        "1,200 outlets",
    ]
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_only_a_language_tag_becomes_a_language() -> None:
    assert language("pt-BR") == ' lang="pt-BR"'
    assert language('en" onclick="x') == ""
