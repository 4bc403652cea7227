"""What is read of a page's title, authors, date and address; every page here is invented."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.html.authors import names_of
from ingest.readers.html.dates import date_in_url
from ingest.readers.html.main_text import visible_tree
from ingest.readers.html.metadata import PageMetadata, page_metadata
from ingest.readers.html.titles import without_outlet

PROSE = "<p>The council met on Monday and chose a new chair after eleven hours of talks in the old town hall.</p>" * 3


def of(body: str, *, head: str = "", url: str = "https://harbour.example/news/chair") -> PageMetadata:
    tree: Any = visible_tree(f"<html><head>{head}</head><body>{body}{PROSE}</body></html>")
    return page_metadata(tree, url=url)[0]


def linked(content: str) -> str:
    return f'<script type="application/ld+json">{content}</script>'


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
    ("head", "body", "url"),
    [
        (linked('{"@type": "NewsArticle", "datePublished": "2024-06-19", "dateModified": "2024-07-01"}'), "", ""),
        (linked('{"@type": "WebPage", "datePublished": "2024-06-19"}'), "", ""),
        (linked('/*<![CDATA[*/{"@type": "NewsArticle", "datePublished": "2024-06-19"}/*]]>*/'), "", ""),
        (
            '<meta property="article:published_time" content="2024-06-19"><meta name="date" content="2024-07-01">',
            "",
            "",
        ),
        ("", '<time itemprop="datePublished" datetime="2024-06-19">Wednesday</time>', ""),
        ("", '<time pubdate datetime="2024-06-19">Wednesday</time>', ""),
        ('<meta name="date" content="2024-05-01">', "<span>19.06.2024</span>", ""),
        ("", "<p>Updated: 1 July 2024</p><p>Published: 19 June 2024</p>", ""),
        ("", "<p>Written: 2024-06-19 / Updated: 2024-07-01</p>", ""),
        ("", "<p>Erschienen am:</p><p>19.06.2024</p>", ""),
        ("", "", "https://harbour.example/2024/06/19/chair"),
        ('<meta property="article:modified_time" content="2024-06-19">', "", ""),
    ],
)
def test_the_day_of_publication_is_found(head: str, body: str, url: str) -> None:
    found = of(f"<h1>A new chair is chosen</h1>{body}", head=head, url=url)
    assert (found.published, found.precision) == (datetime(2024, 6, 19, tzinfo=UTC), "day")


def test_a_moment_keeps_its_zone() -> None:
    found = of("", head='<meta property="article:published_time" content="2024-06-19T22:05:00-05:00">')
    assert found.published is not None
    assert (found.published.isoformat(), found.precision) == ("2024-06-19T22:05:00-05:00", "minute")


@pytest.mark.parametrize(
    ("body", "url"),
    [("", "https://harbour.example/2024/06/18/chair"), ("<h1>A new chair is chosen</h1><p>June 18, 2024</p>", "")],
)
def test_a_moment_in_utc_gives_way_to_the_day_that_the_page_itself_names(body: str, url: str) -> None:
    head = '<meta property="article:published_time" content="2024-06-19T02:25:00Z">'
    found = of(body, head=head, url=url)
    assert (found.published, found.precision) == (datetime(2024, 6, 18, tzinfo=UTC), "day")


def test_a_moment_in_utc_gives_way_to_the_day_before_where_the_page_was_updated_on_that_day_already() -> None:
    head = '<meta property="article:published_time" content="2024-06-19T05:25:00Z">'
    earlier, later = (
        of(f"<h1>A new chair is chosen</h1><p>Updated 11:21 pm CDT, June {day}, 2024</p>", head=head)
        for day in (18, 20)
    )
    assert (earlier.published, earlier.precision) == (datetime(2024, 6, 18, tzinfo=UTC), "day")
    assert (later.published, later.precision) == (datetime(2024, 6, 19, 5, 25, tzinfo=UTC), "minute")


def test_dates_beside_the_article_are_not_its_own() -> None:
    related = '<div class="related-posts"><time itemprop="datePublished" datetime="2020-01-01"></time></div>'
    body = f"<h1>A new chair is chosen</h1>{related}<p>19 June 2024</p>"
    assert of(body).published == datetime(2024, 6, 19, tzinfo=UTC)


def test_the_date_of_a_caption_is_not_the_articles() -> None:
    caption = (
        "<p>In this Dec. 12, 2006 photo, made available by the harbour office, the old pier is seen at low tide.</p>"
    )
    body = f"<h1>A new chair is chosen</h1>{caption}<p>19 June 2024</p>"
    assert of(body).published == datetime(2024, 6, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    "beside",
    [
        "<figure><img src='a.jpg'><figcaption>Pier, 3 May 2021. Photo: Ana Ruiz</figcaption></figure>",
        '<div class="wp-caption">Pier, 3 May 2021</div>',
        '<ul><li><a href="/b">Old pier is closed for the whole winter</a> <time>3 May 2021</time></li></ul>',
        '<article><h3><a href="/b">Old pier shut</a></h3><time itemprop="datePublished">3 May 2021</time></article>',
        '<div class="more"><a href="/b">Old pier is closed for the winter</a><span>3 May 2021</span></div>',
    ],
)
@pytest.mark.parametrize("own", ["<p>19 June 2024</p>", ""])
def test_the_date_of_a_caption_or_a_teaser_is_never_the_articles(beside: str, own: str) -> None:
    found = of(f"<main><h1>A new chair is chosen</h1>{beside}{own}</main>")
    assert found.published == (datetime(2024, 6, 19, tzinfo=UTC) if own else None)


@pytest.mark.parametrize(
    "beside",
    [
        "<div class='media'><img src='a.jpg'><span>Pier, 3 May 2021 (Photo: Hale)</span></div>",
        "<p><img src='a.jpg'><br><em>The pier on 3 May 2021</em></p>",
        "<div class='video-player'><span>1:02</span><span>3 May 2021</span></div>",
        "<p>Also read: <a href='/b'>Old pier is closed for the winter</a> (3 May 2021)</p>",
        "<p>The council chose him on 3 May 2021 for the first time.</p>",
    ],
)
@pytest.mark.parametrize("own", ["<p>19 June 2024</p>", ""])
def test_a_date_that_is_told_of_is_not_the_articles(beside: str, own: str) -> None:
    found = of(f"<main><h1>A new chair is chosen</h1>{beside}{own}</main>")
    assert found.published == (datetime(2024, 6, 19, tzinfo=UTC) if own else None)


def test_a_byline_of_many_names_in_one_link_is_no_teaser() -> None:
    names = "<p>By <a href='/staff'>Ana Maria Ruiz and Tom Hale</a><br><span>June 19, 2024</span></p>"
    found = of(f"<main><h1>A new chair is chosen</h1>{names}</main>")
    assert (found.authors, found.published) == (("Ana Maria Ruiz", "Tom Hale"), datetime(2024, 6, 19, tzinfo=UTC))


@pytest.mark.parametrize(
    "line",
    [
        "<p>Published 19 June 2024 | Updated 25 June 2024</p>",
        "<p>Updated: 25 June 2024 | Published: 19 June 2024</p>",
        "<p>Last modified on 25 June 2024</p><p>First published on 19 June 2024</p>",
        "<p>Mis à jour le 25 juin 2024 - Publié le 19 juin 2024</p>",
        "<p>Aggiornato il 25 giugno 2024</p><p>Pubblicato il 19 giugno 2024</p>",
        "<p>Обновлено 25 июня 2024</p><p>Опубликовано 19 июня 2024</p>",
        "<p>Stand: 25.06.2024</p><p>19.06.2024</p>",
    ],
)
def test_of_two_dates_below_the_headline_the_earlier_is_that_of_publication(line: str) -> None:
    found = of(f"<main><h1>A new chair is chosen</h1>{line}</main>")
    assert (found.published, found.precision) == (datetime(2024, 6, 19, tzinfo=UTC), "day")


@pytest.mark.parametrize(
    "body",
    [
        "<time datetime='2024-06-19T14:05:00+02:00'>19 June</time>",
        "<time datetime='2024-06-19T14:05:00+02:00'>two days ago</time>",
        "<span property='schema:datePublished' content='2024-06-19T14:05:00+02:00'>June 19</span>",
        "<abbr class='published' title='2024-06-19T14:05:00+02:00'>June 19</abbr>",
    ],
)
def test_what_is_marked_up_for_programs_below_the_headline_counts_with_its_zone(body: str) -> None:
    found = of(f"<main><h1>A new chair is chosen</h1>{body}</main>")
    assert found.published is not None
    assert found.published.isoformat() == "2024-06-19T14:05:00+02:00"


def test_the_dateline_gives_the_date_where_nothing_else_does_and_a_footer_never_does() -> None:
    foot = "<footer>Copyright 2024. Changed 3 May 2021</footer>"
    text = "<p>ELMPORT, June 19, 2024 — The council of Elmport chose a new chair, as its clerk told the paper.</p>"
    assert of(f"<main><h1>A new chair is chosen</h1>{text}</main>{foot}").published == datetime(2024, 6, 19, tzinfo=UTC)
    assert of(f"<main><h1>A new chair is chosen</h1></main>{foot}").published is None


def test_the_date_of_another_article_in_a_list_or_beside_the_own_one_is_not_taken() -> None:
    other = '{"@type": "NewsArticle", "url": "https://harbour.example/b", "datePublished": "2021-05-03"}'
    own = '{"@type": "NewsArticle", "url": "https://harbour.example/a/", "datePublished": "2024-06-19"}'
    in_a_list = f'{{"@type": "ItemList", "itemListElement": [{other}]}}'
    for json_ld in (f"[{other}, {own}]", f"[{in_a_list}, {own}]"):
        found = of("", head=linked(json_ld), url="https://harbour.example/a?from=mail")
        assert found.published == datetime(2024, 6, 19, tzinfo=UTC)
    assert of("", head=linked(in_a_list), url="https://harbour.example/a").published is None


@pytest.mark.parametrize(
    ("json_ld", "meta", "body", "moment"),
    [
        # The other clock of the same moment is the page's own, and its day is the local one.
        ("2024-06-19T00:30:00", "2024-06-18T22:30:00Z", "", "2024-06-19T00:30:00+02:00"),
        ("2024-06-19T14:05:00", "2024-06-19T14:05:00+02:00", "", "2024-06-19T14:05:00+02:00"),
        ("2024-06-19T14:05:00", "2024-06-19T09:41:00Z", "", "2024-06-19T09:41:00+00:00"),
        ("2024-06-19", "2024-06-19T09:41:00Z", "", "2024-06-19T09:41:00+00:00"),
        ("2024-06-19T14:05:00", "", "", "2024-06-19T14:05:00+00:00"),
        ("", "2024-06-19T02:15:49Z", "<p>June 18, 2024, 8:15 pm CST</p>", "2024-06-18T20:15:49-06:00"),
        ("2024-06-19T02:15:49-06:00", "2024-06-19T02:15:49Z", "<p>June 18, 2024, 8:15 pm CST</p>",
         "2024-06-18T20:15:49-06:00"),
        ("", "2024-06-19T02:15:49Z", "<p>June 18, 2024, 9:15 pm</p>", "2024-06-18T21:15:49-05:00"),
    ],
)  # fmt: skip
def test_a_moment_with_a_zone_goes_before_one_without_and_is_kept_on_the_clock_of_the_page(
    json_ld: str, meta: str, body: str, moment: str
) -> None:
    head = linked(f'{{"@type": "NewsArticle", "datePublished": "{json_ld}"}}') if json_ld else ""
    head += f'<meta property="article:published_time" content="{meta}">' if meta else ""
    found = of(f"<h1>A new chair is chosen</h1>{body}", head=head)
    assert found.published is not None
    assert (found.published.isoformat(), found.precision) == (moment, "minute")


def test_a_day_in_an_address_gives_way_where_the_page_declares_and_shows_the_next_one() -> None:
    head = '<meta property="article:published_time" content="2024-06-20T06:07:00Z">'
    page = "<h1>Hearing of the harbour council</h1><p>June 20, 2024</p>"
    found = of(page, head=head, url="https://harbour.example/news/hearing-of-2024-06-19/")
    assert found.published == datetime(2024, 6, 20, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "line", "day"),
    [
        ("en-US", "03/04/2024", "2024-03-04"),
        ("en-GB", "Published: 03/04/2024", "2024-04-03"),
        ("ru", "19 июня 2024, 14:05", "2024-06-19"),
        ("cs", "19. června 2024", "2024-06-19"),
        ("ar", "الأربعاء ١٩ يونيو ٢٠٢٤", "2024-06-19"),
    ],
)
def test_the_line_below_the_headline_is_read_in_the_pages_language(language: str, line: str, day: str) -> None:
    tree: Any = visible_tree(f'<html lang="{language}"><body><h1>A new chair</h1><p>{line}</p>{PROSE}</body></html>')
    found, _ = page_metadata(tree)
    assert found.published is not None
    assert found.published.date().isoformat() == day


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta property="article:published_time" content="03/04/2024">', ""),
        ("", "<h1>A new chair is chosen</h1><p>Published: 03/04/2024</p>"),
    ],
)
def test_a_date_that_may_be_two_days_is_none_and_noted(head: str, body: str) -> None:
    found = of(body, head=head)
    assert found.published is None
    assert "may be 4 March 2024 or 3 April 2024" in found.notes[0]


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2024/06/19/chair", "2024-06-19"),
        ("/news/20240619/chair", "2024-06-19"),
        ("/news/2024-6-9-chair", "2024-06-09"),
        ("/2024/06/chair", None),
        ("/2024/13/19/chair", None),
        ("/items/120240619", None),
        ("/1824/06/19/", None),
    ],
)
def test_only_a_whole_day_in_an_address_counts(path: str, day: str | None) -> None:
    found = date_in_url(f"https://harbour.example{path}")
    assert (found[0].date().isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("/news/chair?utm_source=x", "https://harbour.example/news/chair"),
        ("https://www.harbour.example/chair", "https://www.harbour.example/chair"),
        ("https://other.example.org/chair", "https://harbour.example/a?id=7"),
        ("https://harbour.example/", "https://harbour.example/a?id=7"),
        ("javascript:alert(1)", "https://harbour.example/a?id=7"),
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
