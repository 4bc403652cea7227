"""Live blogs: each entry with its own time and heading, and nothing of what stands around it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ingest.preparing.article import article_from
from ingest.readers.html.reader import HtmlReader
from ingest.types import Document, Limits, RawArticle
from rag.types import Article

URL = "https://elmport.example/live/ferry"
INTRO = (
    "The harbour council of Elmport closes the old ferry landing today; here is what happens through the day at the "
    "eastern pier and in the town hall, hour by hour."
)
SPOKE = "Mayor Ida Brandt told reporters at the pier that nobody had been hurt."
CRACKS = "Divers found new cracks in four of the piles this morning, the harbour office says in a statement."
VOTED = "The council has met and voted by eleven to four for the closure."
EAST = timezone(timedelta(hours=2))


def articles(body: str, *, head: str = "") -> list[Article]:
    declared = '<meta property="article:published_time" content="2024-06-19T08:00:00+02:00">'
    title = "<title>Ferry landing closes: live | Elmport Post</title>"
    page = f"<html lang='en'><head>{title}{declared}{head}</head><body><main>{body}</main></body></html>"
    document = Document.of_bytes(page.encode(), where="p.html", name="p.html", url=URL)
    found = list(HtmlReader().read(document, Limits(max_mb=5)))
    return [
        article_from(one, fetched=datetime(2024, 6, 20, tzinfo=UTC)) for one in found if isinstance(one, RawArticle)
    ]


def entry(time: str, text: str, heading: str = "", around: str = "") -> str:
    shown = f"<h2>{heading}</h2>" if heading else ""
    return f"<div class='live-entry'>{time}{shown}{around}<p>{text}</p><p>Share this update</p></div>"


HEAD = f"<h1>Ferry landing closes: live</h1><p>{INTRO}</p>"
ENTRIES = (
    entry("<time datetime='2024-06-19T14:05:00+02:00'>14:05</time>", SPOKE, "Mayor speaks", "<p>Posted by Ana Ruiz</p>")
    + entry("<time>12:10 PM</time>", CRACKS, "Cracks found", "<div>By Tom Hale</div>")
    + entry("<time datetime='2024-06-18T22:05:00Z'>last night</time>", VOTED)
)


@pytest.mark.parametrize(
    "body",
    [
        f"{HEAD}<div class='liveblog'>{ENTRIES}</div>",
        f"{HEAD}{ENTRIES}",
        f"{HEAD}<ol>{ENTRIES.replace('<div class', '<li class').replace('</p></div>', '</p></li>')}</ol>",
    ],
)
def test_a_live_blog_is_cut_into_entries_with_their_own_time_and_heading(body: str) -> None:
    intro, *entries = articles(body)
    assert (intro.text, intro.ref.published) == (INTRO, datetime(2024, 6, 19, 8, tzinfo=EAST))
    assert [(one.ref.title, one.text, one.ref.published, one.authors) for one in entries] == [
        ("Mayor speaks", SPOKE, datetime(2024, 6, 19, 14, 5, tzinfo=EAST), ("Ana Ruiz",)),
        ("Cracks found", CRACKS, datetime(2024, 6, 19, 12, 10, tzinfo=EAST), ("Tom Hale",)),
        ("Ferry landing closes: live", VOTED, datetime(2024, 6, 18, 22, 5, tzinfo=UTC), ()),
    ]
    assert len({one.ref.id for one in (intro, *entries)}) == 4
    assert {one.ref.url for one in (intro, *entries)} == {URL}


@pytest.mark.parametrize(
    "entries",
    [
        f"<h3>14:05 - Mayor speaks</h3><p>{SPOKE}</p><h3>12.10 Uhr: Cracks found</h3><p>{CRACKS}</p>"
        f"<h3><span>9:15 a.m.</span> Voted</h3><p>{VOTED}</p>",
        f"<p><strong>14:05 Mayor speaks</strong></p><p>{SPOKE}</p><p><b>12:10</b> <b>Cracks found</b></p>"
        f"<p>{CRACKS}</p><p><strong>9:15</strong> Voted</p><p>{VOTED}</p>",
    ],
)
def test_entries_that_only_a_clock_parts_are_cut_there(entries: str) -> None:
    intro, *found = articles(f"{HEAD}<div>{entries}</div>")
    assert (intro.text, len(found)) == (INTRO, 3)
    for one, text, hour in zip(found, (SPOKE, CRACKS, VOTED), ((14, 5), (12, 10), (9, 15)), strict=True):
        assert text in one.text
        assert one.ref.published == datetime(2024, 6, 19, *hour, tzinfo=EAST)
        assert not one.text[0].isdigit()


def test_the_moment_that_microdata_gives_an_entry_is_its_own() -> None:
    entries = "".join(
        f"<div itemprop='liveBlogUpdate'><meta itemprop='datePublished' content='{time}'><h2>{heading}</h2>"
        f"<a rel='author'>Ana Ruiz</a><p>{text}</p></div>"
        for time, heading, text in (
            ("2024-06-19T14:05:00+02:00", "Mayor speaks", SPOKE),
            ("2024-06-18T22:05:00Z", "Voted", VOTED),
        )
    )
    _, *found = articles(f"{HEAD}{entries}")
    assert [(one.ref.published, one.authors, one.text) for one in found] == [
        (datetime(2024, 6, 19, 14, 5, tzinfo=EAST), ("Ana Ruiz",), SPOKE),
        (datetime(2024, 6, 18, 22, 5, tzinfo=UTC), ("Ana Ruiz",), VOTED),
    ]


def test_the_page_itself_has_neither_the_time_nor_the_author_of_an_entry() -> None:
    entries = "".join(
        f"<article class='live-post'><time datetime='2024-06-19T{hour}:05:00+02:00'>{hour}:05</time>"
        f"<h2>Hour {hour}</h2><p>{CRACKS} {SPOKE} {VOTED}</p><a rel='author'>Tom Hale</a></article>"
        for hour in (12, 14)
    )
    head = HEAD.replace("<p>", "<time datetime='2024-06-19T07:00:00+02:00'>19 June 2024</time><p>", 1)
    page_head = "<head><title>Ferry landing closes: live</title></head>"
    document = f"<html lang='en'>{page_head}<body><main>{head}{entries}</main></body></html>"
    found = HtmlReader().read(
        Document.of_bytes(document.encode(), where="p.html", name="p.html", url=URL), Limits(max_mb=5)
    )
    intro = next(one for one in found if isinstance(one, RawArticle))
    assert (intro.published, intro.authors) == (datetime(2024, 6, 19, 7, tzinfo=EAST), ())


def test_what_readers_comment_below_an_entry_and_its_buttons_are_no_part_of_it() -> None:
    comment = "<div class='comments'><p>Bo: all of this is a lie of the harbour office.</p></div>"
    buttons = "<div class='share'>Share <a href='#'>Facebook</a></div>"
    entries = ENTRIES.replace("<p>Share this update</p>", f"{buttons}{comment}")
    assert [one.text for one in articles(f"{HEAD}<div class='liveblog'>{entries}</div>")] == [
        INTRO,
        SPOKE,
        CRACKS,
        VOTED,
    ]


def test_a_time_that_only_its_class_marks_is_that_of_an_entry() -> None:
    entries = "".join(
        f"<div class='entry'><span class='time'>{clock} Uhr</span><p>{text}</p></div>"
        for clock, text in (("14:05", SPOKE), ("12:10", CRACKS))
    )
    intro, *found = articles(f"{HEAD}<div class='liveticker'>{entries}</div>")
    assert [(one.text, one.ref.published) for one in found] == [
        (SPOKE, datetime(2024, 6, 19, 14, 5, tzinfo=EAST)),
        (CRACKS, datetime(2024, 6, 19, 12, 10, tzinfo=EAST)),
    ]
    assert intro.text == INTRO


def test_the_entries_that_a_page_declares_are_read() -> None:
    updates = [
        {
            "@type": "BlogPosting",
            "@id": f"{URL}#e{number}",
            "headline": heading,
            "articleBody": text,
            "datePublished": time,
        }
        for number, (heading, text, time) in enumerate(
            [("Mayor speaks", SPOKE, "2024-06-19T14:05:00+02:00"), ("Voted", VOTED, "2024-06-18T22:05:00Z")]
        )
    ]
    declared = {"@type": "LiveBlogPosting", "headline": "Ferry landing closes: live", "liveBlogUpdate": updates}
    head = f'<script type="application/ld+json">{json.dumps(declared)}</script>'
    found = articles(HEAD, head=head)
    assert [(one.ref.title, one.text) for one in found[-2:]] == [("Mayor speaks", SPOKE), ("Voted", VOTED)]
    assert found[-1].ref.published == datetime(2024, 6, 18, 22, 5, tzinfo=UTC)


def test_an_article_with_times_in_it_is_no_live_blog() -> None:
    parts = "".join(f"<div><time>{hour}:00</time><p>{CRACKS} It was {hour} then.</p></div>" for hour in (10, 11, 12))
    assert len(articles(f"<article>{HEAD}{parts}</article>".replace("live", "at last"))) == 1
