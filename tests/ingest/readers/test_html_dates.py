"""When a page's article was published: what it declares and shows, and nothing of what stands beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.readers.html.dates import date_in_url
from ingest.readers.html.main_text import visible_tree
from ingest.readers.html.metadata import page_metadata
from tests.ingest.readers.html_pages import PROSE, linked, of


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
        '<aside><h4><a href="/b">Old pier shut</a></h4><time datetime="2021-05-03">3 May 2021</time></aside>',
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


def test_the_date_of_the_story_that_an_endless_page_appends_is_not_the_articles() -> None:
    appended = f"{PROSE}<h1>An old pier is closed</h1><time datetime='2024-06-18'>18 June 2024</time>"
    found = of(f"<main><h1>A new chair is chosen</h1><p>19 June 2024</p>{appended}</main>")
    assert found.published == datetime(2024, 6, 19, tzinfo=UTC)


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
