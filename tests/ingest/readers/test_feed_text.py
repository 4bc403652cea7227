"""The texts of entries: plain text that loses nothing, wherever a feed hides it, and holds no markup."""

from __future__ import annotations

import itertools

import hypothesis
import pytest
from hypothesis import strategies

from ingest.readers.feed.entries import plain_text
from ingest.report import Problem
from ingest.text.inline_html import is_tag
from ingest.types import Link, RawArticle
from tests.ingest.readers.feed_documents import STORY, article, read, rss


def test_entities_of_the_document_are_never_resolved() -> None:
    names = "abcdefghij"
    bomb = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise(names)
    )
    found = article(
        f'<!DOCTYPE rss [{bomb}<!ENTITY file SYSTEM "file:///etc/hostname">]>'
        + rss(f'<link href="&j;"/><description>{STORY} &j;&file;</description>')
    )
    assert found.text == f"{STORY} &j;&file;"


def test_elements_that_stand_deep_in_each_other_keep_their_text() -> None:
    deep = "<b>" * 20_000
    assert article(rss(f"<description>{STORY} {deep}It ended.{deep.replace('<', '</')}</description>")).text == (
        f"{STORY} It ended."
    )


@pytest.mark.parametrize(
    "shown",
    [
        "<script>steal()</script>",
        "&lt;script&gt;steal()&lt;/script&gt;",
        "&amp;lt;img src=x onerror=steal()&amp;gt;",
        "<scr<script>ipt>steal()</scr</script>ipt>",
        "<scr\u200bipt>steal()</scr\u200bipt>",
        "<img src=x onerror=steal()",
        "<embed src=x onload='steal()'>",
        "<unknown onclick=steal()>",
        "<![CDATA[<svg onload=steal()>]]>",
        "<a href='javascript:steal()'>",
    ],
)
def test_no_markup_survives_in_text_or_title(shown: str) -> None:
    given = f"<![CDATA[{shown.replace(']]>', ']]]]><![CDATA[>')} {STORY}]]>"
    found = article(rss(f"<title>{given}</title><description>{STORY} {given}</description>"))
    for text in (found.title, found.text):
        assert "steal" not in text or "<" not in text
        assert not any(is_tag(f"<{piece}") for piece in text.split("<")[1:])
    assert found.text.startswith(STORY)


@hypothesis.given(
    strategies.lists(
        strategies.sampled_from(
            [
                "<",
                ">",
                "&lt;",
                "&gt;",
                "&amp;",
                "amp;",
                "script",
                "img ",
                "b",
                "/",
                "!--",
                " onload=x",
                "'",
                '"',
                "\u200b",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_plain_text_holds_no_tag_whatever_was_escaped(text: str) -> None:
    shown = plain_text(text)
    assert not any(is_tag(f"<{piece}") for piece in shown.split("<")[1:])


@hypothesis.given(
    strategies.lists(
        strategies.sampled_from(
            [
                "<rss>", "<channel>", "</channel>", "<item>", "</item>", "<feed>", "<entry xml:base='//['>", "</entry>",
                "<title>", "</title>", "<link href='http://['/>", "<link>", "</link>", "<pubDate>", "</pubDate>",
                "9999-12-31", "T24:99-99:99", "Wed, 1 Jan 99999999999 00:00:00 +9999", "<![CDATA[", "]]>", "<!--",
                "-->", "&", "&#0;",
                "&#x110000;", "<author>", "<name>", "(a@b)", "</author>", "<content type='a/b'>", "====",
                "\x00", "\udcff", "<!DOCTYPE", "<?xml", "<", ">", "text of some words",
            ]
        ),
        max_size=40,
    ).map("".join)
)  # fmt: skip
def test_no_feed_makes_the_reader_fail(content: str) -> None:
    data = f"<rss>{content}".encode("utf-8", "surrogateescape")
    for found in read(data):
        assert isinstance(found, (RawArticle, Link, Problem))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The end.<script?x", "The end.< script?x"),
        ("The end.<script?x>y", "The end.y"),
        ("Seen <?xml version='1.0'", "Seen"),
        ("Seen <![CDATA[x", "Seen x"),
        ("5 <6, a<b, <3", "5 <6, a< b, <3"),
        ("Hidden <\u200bscript, <&#8203;script", "Hidden < script, < script"),
    ],
)
def test_what_a_browser_would_take_for_the_beginning_of_a_tag_is_none_afterwards(text: str, shown: str) -> None:
    assert plain_text(text) == shown


NESTED = f"<p>Before. <![CDATA[{STORY}]]></p><p>After it.</p>"


@pytest.mark.parametrize(
    "field",
    [
        f"<![CDATA[{NESTED.replace(']]>', ']]]]><![CDATA[>')}]]>",  # as XML wants it
        f"<![CDATA[{NESTED}]]>",  # as careless programs write it
        f"<![CDATA[{NESTED.replace('</p><p>', '</p><![CDATA[ ]]><p>')}]]>",
        NESTED.replace("<", "&lt;").replace(">", "&gt;"),
    ],
)
@pytest.mark.parametrize("name", ["description", "content:encoded"])
def test_cdata_inside_cdata_loses_nothing(name: str, field: str) -> None:
    found = article(rss(f"<title>T</title><{name}>{field}</{name}>"))
    assert found.text.split() == f"Before. {STORY} After it.".split()


def test_the_entries_after_an_unclosed_inner_cdata_are_read() -> None:
    inner = f"<title>A</title><description><![CDATA[<p><![CDATA[{STORY}</p>]]></description>"
    found = read(rss(inner, f"<title>B</title><description><![CDATA[{STORY}]]></description>"))
    assert [(one.title, one.text) for one in found if isinstance(one, RawArticle)] == [("A", STORY), ("B", STORY)]


@pytest.mark.parametrize(
    ("namespace", "fields"),
    [
        ("http://www.itunes.com/dtds/podcast-1.0.dtd", "<x:subtitle>On it.</x:subtitle><x:summary>{}</x:summary>"),
        ("http://www.google.com/schemas/play-podcasts/1.0", "<x:description>{}</x:description>"),
        ("http://news.yandex.ru", "<description>On the pier.</description><x:full-text>{}</x:full-text>"),
        ("http://wordpress.org/export/1.2/excerpt/", "<x:encoded>{}</x:encoded>"),
        ("http://search.yahoo.com/mrss/", "<x:group><x:description>{}</x:description></x:group>"),
        ("http://purl.org/dc/elements/1.1/", "<x:description>{}</x:description>"),
        ("http://harbour.example/ns", "<x:articleBody>{}</x:articleBody>"),
        ("http://wordpress.org/export/1.2/", "<x:post_content>{}</x:post_content>"),
        ("http://www.itunes.com/dtds/podcast-1.0.dtd", "<x:subtitle>{}</x:subtitle>"),
    ],
)
def test_texts_in_extensions_are_read_whatever_their_prefix(namespace: str, fields: str) -> None:
    content = rss(f"<title>T</title>{fields.format(STORY)}").replace("<rss", f'<rss xmlns:x="{namespace}"')
    assert article(content).text == STORY


def test_the_caption_of_a_picture_is_not_the_text() -> None:
    caption = f"<media:content url='p.jpg'><media:description>Caption. {STORY}</media:description></media:content>"
    assert article(rss(f"<description>{STORY}</description>{caption}")).text == STORY


def test_the_cells_of_a_table_stay_apart() -> None:
    table = "<table><tr><th>Pier</th><th>Weeks</th></tr><tr><td>East</td><td>11</td><td>2400</td></tr></table>"
    found = article(rss(f"<description><![CDATA[<p>{STORY}</p>{table}]]></description>"))
    assert found.text.split("\n") == [STORY, "", "Pier | Weeks", "East | 11 | 2400"]
