"""What is read of a page's title, authors and address; every page here is invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.html.authors import names_of
from ingest.readers.html.titles import without_outlet
from tests.ingest.readers.html_pages import PROSE, linked, of


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>New chair chosen | Harbour Standard</title>", "<h1>New chair chosen</h1>", "New chair chosen"),
        (
            "<title>New chair: the council votes</title>",
            "<h1>New chair for the council</h1>",
            "New chair for the council",
        ),
        (
            '<meta property="og:title" content="Council: a new chair is chosen">',
            "<h1>A new chair is chosen</h1>",
            "A new chair is chosen",
        ),
        (
            '<meta property="og:title" content="A new chair is chosen">',
            "<h1><span>Council</span> <span>A new chair is chosen</span></h1>",
            "A new chair is chosen",
        ),
        (
            "<title>A new chair is chosen - Harbour</title>",
            '<h1><a href="/">Harbour Standard Daily News</a></h1><h1>A new chair is chosen</h1>',
            "A new chair is chosen",
        ),
        ('<meta property="og:title" content="Ferry &amp;#8211; no more">', "", "Ferry – no more"),  # noqa: RUF001
        ("<title>Ferry</title>", "<h1>News</h1>", "Ferry"),
        ("", "", ""),
    ],
)
def test_the_title_is_the_headline_that_readers_see(head: str, body: str, title: str) -> None:
    assert of(body, head=head).title == title


@pytest.mark.parametrize(
    ("title", "outlet", "host", "expected"),
    [
        ("Ferry stops | Harbour Standard", "Harbour Standard", "", "Ferry stops"),
        ("Ferry stops - News - Harbour Standard", "Harbour Standard", "", "Ferry stops - News"),
        ("Ferry stops » harbour.example", "", "harbour.example", "Ferry stops"),
        ("Ferry stops – Harbour", "", "harbour.example", "Ferry stops"),  # noqa: RUF001
        ("Ferry - a love story", "Harbour Standard", "harbour.example", "Ferry - a love story"),
        ("Harbour-side ferry stops", "Harbour", "", "Harbour-side ferry stops"),
    ],
)
def test_the_outlet_is_taken_off_the_title(title: str, outlet: str, host: str, expected: str) -> None:
    assert without_outlet(title, outlet, host) == expected


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ana Ruiz and Tom Hale", ["Ana Ruiz", "Tom Hale"]),
        ("Written by: Ana Ruiz, PhD", ["Ana Ruiz"]),
        ("Von Lea Orne und Kim Berg", ["Lea Orne", "Kim Berg"]),
        ("Ana Ruiz; Tom Hale", ["Ana Ruiz", "Tom Hale"]),
        ("Posted on June 19, 2024 by Ana Ruiz", ["Ana Ruiz"]),
        ("https://social.example/anaruiz", []),
        ("@anaruiz", []),
        ("No Author", []),
        ("admin", []),
        ("harbour.com, Harbour Town", []),
        ("Web Works GmbH", []),
        ("", []),
    ],
)
def test_a_byline_gives_names_alone(byline: str, names: list[str]) -> None:
    assert names_of(byline) == names


@given(st.text(max_size=400))
def test_names_are_short_and_no_addresses(text: str) -> None:
    assert all(0 < len(name) <= 60 and "://" not in name for name in names_of(text))


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (linked('{"@type": "NewsArticle", "author": {"name": "Ana Ruiz"}}'), ""),
        (linked('{"@graph": [{"@type": "Article", "headline": "x", "author": {"@id": "#a"}},'
                ' {"@id": "#a", "@type": "Person", "name": "Ana Ruiz"}]}'), ""),
        ('<meta name="author" content="Ana Ruiz">', ""),
        ("", '<h1>A new chair is chosen</h1><a rel="author" href="/ana">Ana Ruiz</a>'),
        ("", '<h1>A new chair is chosen</h1><div itemprop="author">Ana Ruiz</div>'),
        ("", '<h1>A new chair is chosen</h1><p class="author">Ana Ruiz, Harbour Correspondent</p>'),
        ("", '<h1>A new chair is chosen</h1><div class="article-byline">By <a href="/ana">Ana Ruiz</a></div>'),
        ("", "<h1>A new chair is chosen</h1><p>By <b>Ana Ruiz</b></p>"),
        ('<meta name="author" content="https://social.example/a">', "<h1>A new chair is chosen</h1><p>By Ana Ruiz</p>"),
    ],
)  # fmt: skip
def test_the_author_is_found(head: str, body: str) -> None:
    assert of(body, head=head).authors == ("Ana Ruiz",)


def test_a_byline_below_the_headline_goes_before_the_account_that_posted() -> None:
    head = linked('{"@type": "NewsArticle", "headline": "A new chair is chosen", "author": {"name": "Web Desk Two"}}')
    body = '<h1>A new chair is chosen</h1><p>By <a rel="author">Ana Ruiz</a>, <a rel="author">Tom Hale</a></p>'
    assert of(body, head=head).authors == ("Ana Ruiz", "Tom Hale")


@pytest.mark.parametrize(
    "body",
    [
        '<div class="comments"><span class="author vcard">Loud Voice</span></div>',
        '<aside><a rel="author">Other Writer</a></aside>',
    ],
)
def test_who_comments_or_writes_elsewhere_is_no_author(body: str) -> None:
    assert of(f"<h1>A new chair is chosen</h1>{PROSE}{body}").authors == ()


def test_the_outlet_is_no_author_unless_readers_see_it_as_one() -> None:
    head = '<meta property="og:site_name" content="Harbour"><meta name="author" content="Harbour">'
    assert of("<h1>A new chair is chosen</h1>", head=head).authors == ()
    assert of('<h1>A new chair is chosen</h1><p>By <a rel="author">Harbour</a></p>', head=head).authors == ("Harbour",)


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("/news/chair?utm_source=x", "https://harbour.example/news/chair"),
        ("https://www.harbour.example/chair", "https://www.harbour.example/chair"),
        ("https://other.example.org/chair", "https://harbour.example/a?id=7"),
        ("https://harbour.example/", "https://harbour.example/a?id=7"),
        ("javascript:alert(1)", "https://harbour.example/a?id=7"),
        ("http://[harbour]/chair", "https://harbour.example/a?id=7"),
    ],
)
def test_a_fetched_page_names_addresses_of_its_own_outlet_only(canonical: str, url: str) -> None:
    head = f'<link rel="canonical" href="{canonical}">'
    assert of("", head=head, url="https://harbour.example/a?id=7&utm_medium=mail").url == url


def test_the_outlet_is_the_site_and_not_the_agency_that_a_story_comes_from() -> None:
    publisher = linked('{"@type": "NewsArticle", "publisher": {"@type": "Organization", "name": "Wire Agency"}}')
    assert of("", head=publisher).outlet == "Wire Agency"
    assert of("", head=publisher + '<meta property="og:site_name" content="Harbour Standard">').outlet == (
        "Harbour Standard"
    )


def test_the_outlet_is_the_host_where_the_page_names_none() -> None:
    assert of("", url="https://www.harbour.example/a").outlet == "harbour.example"


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="dc.language" content="de">',
        linked('{"@type": "Article", "inLanguage": "de-AT"}'),
    ],
)
def test_the_language_is_found(head: str) -> None:
    assert of("", head=head).language == "de"


@given(st.text(alphabet='<>/ ="abch1pdivtimeclauor-0129:', max_size=300))
def test_any_page_is_read(body: str) -> None:
    found = of(f"<h1>A new chair is chosen</h1>{body}")
    assert found.published is None or found.published.tzinfo is not None


@pytest.mark.parametrize(
    "heading",
    [
        '<h1><span class="kicker">Harbour council</span>A new chair is chosen</h1>',
        '<h1><span class="article__eyebrow">Harbour council</span> <span>A new chair is chosen</span></h1>',
        '<h1><a class="overline" href="/council">Harbour council</a><br>A new chair is chosen</h1>',
        '<h1><div class="dachzeile">Harbour council</div><div>A new chair is chosen</div></h1>',
    ],
)
@pytest.mark.parametrize("head", ["", "<title>A new chair is chosen | Harbour Standard</title>"])
def test_a_kicker_is_no_part_of_the_title(heading: str, head: str) -> None:
    assert of(heading, head=head).title == "A new chair is chosen"


def test_parts_of_a_headline_that_nothing_declares_are_not_glued() -> None:
    assert (
        of("<h1><span>Harbour</span><span>A new chair is chosen</span></h1>").title == "Harbour A new chair is chosen"
    )
    assert of("<h1><b>T</b>he council has a new chair</h1>").title == "The council has a new chair"


@pytest.mark.parametrize(
    ("last", "authors"),
    [("<b><i>Ana Ruiz</i></b>", ("Ana Ruiz",)), ("Ana Ruiz won.", ()), ("<b>What comes next</b>", ())],
)
def test_a_name_set_off_as_the_last_paragraph_signs_the_article(last: str, authors: tuple[str, ...]) -> None:
    body = f"<article><h1>A new chair is chosen</h1>{PROSE}{PROSE}<p>{last}</p></article>"
    assert of(body).authors == authors
