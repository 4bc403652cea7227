"""The page's templates: whatever they are given stays text, and what they cannot show is an error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateAssertionError, UndefinedError, nodes

from rag.text.links import web_host
from rag.types import ArticleRef
from tests.web.inert import Page
from web.page.html.rendering import TEMPLATES, environment, fragment, load_templates, render, text_html

ATTRIBUTE = environment().from_string('<p title="{{ value }}"></p>')
LINK = environment().from_string('{% import "macros.html" as page %}{% call page.link(url) %}{{ label }}{% endcall %}')


def published(article: ArticleRef) -> str:
    return fragment("macros.html", "published", article)


@given(st.text())
def test_any_text_stays_text(value: str) -> None:
    page = Page(f"<p>{text_html(value)}</p>")
    assert len(page.characters) == len(value)
    page.characters.encode("utf-8")


@given(st.text())
def test_any_text_stays_inside_an_attribute(value: str) -> None:
    assert len(Page(ATTRIBUTE.render(value=value)).attributes) == 1


def test_what_cannot_be_sent_is_replaced_one_for_one() -> None:
    assert text_html("a\x00b\ud800c\td\ne") == "a\ufffdb\ufffdc\td\ne"


def test_every_template_compiles() -> None:
    load_templates()
    assert len(environment().list_templates()) > 20


@pytest.mark.parametrize("template", environment().list_templates(extensions=["html"]))
def test_every_filter_and_test_that_a_template_names_is_there(template: str) -> None:
    # Inside an `if` a missing one is no error before the day on which the `if` is true.
    source = (TEMPLATES / template).read_text(encoding="utf-8")
    parsed = environment().parse(source)
    named = [one.name for one in parsed.find_all((nodes.Filter, nodes.Test))]
    assert [one for one in named if one not in environment().filters and one not in environment().tests] == []


def test_what_a_template_needs_and_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'words' is undefined"):
        render("text.html")
    with pytest.raises(UndefinedError, match="no attribute 'number'"):
        fragment("turn.html", "turn", "no turn")


@pytest.mark.parametrize("value", [None, True, 1.5, b"bytes", ["list"]])
def test_what_is_not_in_words_is_an_error(value: object) -> None:
    with pytest.raises(TypeError, match="put it into words first"):
        render("text.html", words=value)


@pytest.mark.parametrize("source", ["{{ x | safe }}", "{{ x | tojson }}", "{{ x | urlize }}", "{{ x | xmlattr }}"])
def test_no_filter_makes_markup_of_text(source: str) -> None:
    with pytest.raises(TemplateAssertionError, match="No filter named"):
        environment().from_string(source)


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
    assert LINK.render(url=url, label="label") == ""


def test_a_link_opens_elsewhere_and_gives_nothing_away() -> None:
    page = Page(LINK.render(url='https://a.example/x?q="><script>&b=1', label="it's <b>"))
    assert page.values("href") == ['https://a.example/x?q="><script>&b=1']
    assert page.values("target") == ["_blank"]
    assert page.text.startswith("it's <b>")


@given(st.text())
def test_no_address_makes_an_acting_link(url: str) -> None:
    Page(LINK.render(url=url, label="label"))
    Page(LINK.render(url=f"https://{url}", label="label"))


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


@pytest.mark.parametrize(
    ("names", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_are_listed_each_with_a_direction_of_its_own(names: list[str], words: str) -> None:
    listed = fragment("macros.html", "listed", names)
    assert Page(listed).text == words
    assert listed.count("<bdi>") == len(names)
