"""Feeds: whatever their form and state, what they say is read as plain text, and what cannot be read is said."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import hypothesis
import pytest
from hypothesis import strategies

from ingest.readers.feed.entries import NOTHING_TO_READ, plain_text
from ingest.readers.feed.reader import (
    NO_ENTRIES,
    NOT_A_FEED,
    FeedEntry,
    FeedReader,
    feed_entries,
    feed_title,
    looks_like_feed,
)
from ingest.report import Problem
from ingest.text.inline_html import is_tag
from ingest.types import Document, Limits, Link, RawArticle
from rag.errors import SourceError

LIMITS = Limits(max_mb=20)
STORY = "The harbour council met on Tuesday and chose a new chair after a debate of three hours about the old pier."
URL = "https://harbour.example/news/feed.xml"

RSS = f"""<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Harbour <![CDATA[<b>Standard</b>]]></title><link>https://harbour.example/</link><language>en-GB</language>
<item><title>New chair &amp;amp; old pier</title><link> /chair </link><guid isPermaLink="false">tag:7</guid>
<pubDate>Wed, 19 Jun 2024 10:30:00 +0200</pubDate><dc:creator>Ana Ruiz and Tom Hale</dc:creator>
<media:title>A picture</media:title><media:description>{STORY} {STORY} {STORY}</media:description>
<description>The council met.</description>
<content:encoded><![CDATA[<p>{STORY}</p><script>steal()</script><p onclick="x()">It ended.</p>]]></content:encoded>
</item>
</channel></rss>"""

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://harbour.example/a/">
<title type="html">Harbour &lt;i&gt;Standard&lt;/i&gt;</title><author><name>Desk</name></author>
<entry xml:base="b/"><title>Chair</title><id>urn:1</id><link rel="self" href="self"/><link href="chair?x=1&amp;y=2"/>
<updated>2024-06-20T10:00:00Z</updated><published>2024-06-19T10:00:00Z</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{STORY}</p><p>5 &lt; 6 <b>holds</b>.</p></div>
</content>
</entry></feed>"""


def document(content: str | bytes, *, url: str = URL, charset: str = "") -> Document:
    data = content if isinstance(content, bytes) else content.encode()
    return Document.of_bytes(data, where="feed.xml", name="feed.xml", url=url, charset=charset)


def read(content: str | bytes, *, url: str = URL, charset: str = "") -> list[RawArticle | Link | Problem]:
    return list(FeedReader().read(document(content, url=url, charset=charset), LIMITS))


def article(content: str | bytes, *, url: str = URL, charset: str = "") -> RawArticle:
    (found,) = read(content, url=url, charset=charset)
    assert isinstance(found, RawArticle)
    return found


def rss(*items: str) -> str:
    return f"<rss><channel><title>T</title>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"


def entries(content: str, known: Sequence[str] = ()) -> list[FeedEntry]:
    found = list(feed_entries(document(content), LIMITS, known=known))
    assert all(isinstance(entry, FeedEntry) for entry in found)
    return [entry for entry in found if isinstance(entry, FeedEntry)]


def test_an_rss_entry_is_read_whole() -> None:
    found = article(RSS)
    assert found.text == f"{STORY}\n\nIt ended."
    assert (found.title, found.outlet, found.language) == ("New chair & old pier", "Harbour Standard", "en")
    assert (found.url, found.given_id, found.source) == ("https://harbour.example/chair", "tag:7", URL)
    assert found.published == datetime(2024, 6, 19, 10, 30, tzinfo=timezone(timedelta(hours=2)))
    assert (found.authors, found.where) == (("Ana Ruiz", "Tom Hale"), "feed.xml, entry 1")


def test_an_atom_entry_is_read_whole() -> None:
    found = article(ATOM)
    assert found.text == f"{STORY}\n\n5 < 6 holds."
    assert (found.title, found.outlet, found.language) == ("Chair", "Harbour Standard", "de")
    assert (found.url, found.given_id) == ("https://harbour.example/a/b/chair?x=1&y=2", "urn:1")
    assert (found.published, found.authors) == (datetime(2024, 6, 19, 10, tzinfo=UTC), ())


def test_a_json_feed_is_read() -> None:
    found = article(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Harbour Standard",
                "items": [
                    {
                        "id": 7,
                        "url": "/chair",
                        "title": "Chair",
                        "content_html": f"<p>{STORY}</p>",
                        "date_published": "2024-06-19T10:00:00Z",
                        "authors": [{"name": "Ana Ruiz"}],
                    }
                ],
            }
        )
    )
    assert (found.text, found.url, found.given_id) == (STORY, "https://harbour.example/chair", "7")
    assert (found.outlet, found.authors, found.published) == (
        "Harbour Standard",
        ("Ana Ruiz",),
        datetime(2024, 6, 19, 10, tzinfo=UTC),
    )


def test_rdf_and_base64_are_read() -> None:
    packed = base64.b64encode(f"<p>{STORY}</p>".encode()).decode()
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<channel><title>T</title></channel>"
        f'<item rdf:about="https://harbour.example/1"><description mode="base64">{packed}</description>'
        "</item></rdf:RDF>"
    )
    found = article(rdf)
    assert (found.text, found.outlet, found.url) == (STORY, "T", "https://harbour.example/1")


def test_a_teaser_is_a_link_that_keeps_what_the_feed_says() -> None:
    (found,) = read(rss("<title>Chair</title><link>https://x.example/1</link><description>It met.</description>"))
    assert isinstance(found, Link)
    assert found.url == "https://x.example/1"
    assert found.entry is not None
    assert (found.entry.title, found.entry.text) == ("Chair", "It met.")


def test_a_teaser_without_a_link_is_all_there_is() -> None:
    assert article(rss("<description>It met.</description>")).text == "It met."


def test_an_entry_without_text_is_a_link() -> None:
    (found,) = read(rss("<title>Chair</title><link>https://x.example/1</link>"))
    assert found == Link(where="feed.xml, entry 1", url="https://x.example/1")


def test_an_entry_with_neither_text_nor_link_is_reported_and_the_others_go_in() -> None:
    problem, found = read(rss("<title>Chair</title>", f"<description>{STORY}</description>"))
    assert problem == Problem("feed.xml, entry 1", NOTHING_TO_READ)
    assert isinstance(found, RawArticle)


@pytest.mark.parametrize(
    ("language", "date", "moment"),
    [
        ("", "Wed, 19 Jun 2024 00:30:00 CEST", "2024-06-19T00:30:00+02:00"),
        ("", "Thu, 30 Apr 2015 08:57:00 MEST", "2015-04-30T08:57:00+02:00"),
        ("", "Sun, 17 Dec 2017 1:55 PM EST", "2017-12-17T13:55:00-05:00"),
        ("", "Çar, 19 Haz 2024 14:05:00 +0300", "2024-06-19T14:05:00+03:00"),
        ("en-in", "Wed, 19 Jun 2024 14:05:00 IST", "2024-06-19T14:05:00+05:30"),
        ("pl", "19 lis 2023 14:05:00 +0100", "2023-11-19T14:05:00+01:00"),
        ("en-us", "03/04/2024 2:05 PM EST", "2024-03-04T14:05:00-05:00"),
    ],
)
def test_an_entrys_date_keeps_its_zone_and_its_local_day_in_the_feeds_language(
    language: str, date: str, moment: str
) -> None:
    item = f"<item><pubDate>{date}</pubDate><description>{STORY}</description></item>"
    found = article(f"<rss><channel><title>T</title><language>{language}</language>{item}</channel></rss>")
    assert found.published is not None
    assert (found.published.isoformat(), found.notes) == (moment, ())


@pytest.mark.parametrize(
    ("dates", "published", "note"),
    [
        (
            "<pubDate>soon</pubDate>",
            None,
            "the date in 'pubdate' is no date that can be read ('soon'); the article's date is unknown",
        ),
        (
            "<pubDate>soon</pubDate><updated>2024-06-20T10:00:00Z</updated>",
            datetime(2024, 6, 20, 10, tzinfo=UTC),
            "the date in 'pubdate' is no date that can be read ('soon'); that in 'updated' is taken",
        ),
        (
            "<pubDate>Wed, 19 Jun 2024 14:05:00 IST</pubDate>",
            datetime(2024, 6, 19, tzinfo=UTC),
            "the date in 'pubdate' gives a time in a zone of several countries ('IST'); only the day is kept",
        ),
        ("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", None, ""),
    ],
)
def test_a_date_that_cannot_be_read_is_reported(dates: str, published: datetime | None, note: str) -> None:
    found = article(rss(f"{dates}<description>{STORY}</description>"))
    assert (found.published, found.notes) == (published, (note,) if note else ())


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ("", None),
        ("<pubDate>yesterday</pubDate>", None),
        ("<pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate>", None),
        ("<updated>2024-06-20T10:00:00Z</updated>", datetime(2024, 6, 20, 10, tzinfo=UTC)),
        (
            "<updated>2024-06-20T10:00:00Z</updated><pubDate>Wed, 19 Jun 2024 10:00:00 EST</pubDate>",
            datetime(2024, 6, 19, 15, tzinfo=UTC),
        ),
    ],
)
def test_the_date_is_that_of_publication_and_never_invented(dates: str, published: datetime | None) -> None:
    assert article(rss(f"{dates}<description>{STORY}</description>")).published == published


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>data:text/html,x</link><guid>https://x.example/g</guid>", "https://x.example/g"),
        ('<guid isPermaLink="false">https://x.example/g</guid>', ""),
        ("<link>http://[broken</link>", ""),
        (
            '<link rel="enclosure" href="https://x.example/a.mp3"/><link>https://x.example/1</link>',
            "https://x.example/1",
        ),
        ("<link>../1</link>", "https://harbour.example/1"),
    ],
)
def test_only_web_addresses_survive(fields: str, url: str) -> None:
    assert article(rss(f"{fields}<description>{STORY}</description>")).url == url


def test_without_an_address_of_its_own_a_feed_resolves_links_against_its_site() -> None:
    assert article(RSS, url="").url == "https://harbour.example/chair"


def test_the_outlet_is_the_source_that_an_entry_names() -> None:
    assert article(
        rss(f"<source url='https://x.example'>Pier Post</source><description>{STORY}</description>")
    ).outlet == ("Pier Post")


def test_mail_addresses_are_no_authors() -> None:
    assert article(rss(f"<author>ana@x.example (Ana Ruiz)</author><description>{STORY}</description>")).authors == (
        "Ana Ruiz",
    )


@pytest.mark.parametrize(
    "broken",
    [
        f"<rss><channel><item><description>{STORY} AT&T &nbsp;&bogus; 5 < 6",
        f"<rss><channel><item><description>{STORY}\x00\x0b</description></channel></item></rss>",
        f"<rss><channel><item><dc:title>x</dc:title><description>{STORY}</description></item></rss>",
        f"<rss><channel><item><description><p>{STORY}<br></description></item>",
        f"junk before <rss><channel><item><description>{STORY}</description></item></channel></rss> and after",
    ],
)
def test_what_can_be_read_of_an_ill_formed_feed_is_read(broken: str) -> None:
    assert article(broken).text.startswith(STORY)


def test_ampersands_and_entities_of_careless_feeds_are_characters() -> None:
    assert article("<rss><item><description>AT&T &eacute; &amp; &bogus; 5 < 6</description></item></rss>").text == (
        "AT&T é & &bogus; 5 < 6"
    )


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32-be", "cp037", "iso-8859-1", "iso-2022-jp"]
)
def test_encodings_are_told(encoding: str) -> None:
    letters = "会議" if encoding == "iso-2022-jp" else "café"
    content = f"<?xml version='1.0' encoding='{encoding}'?>" + rss(f"<description>{letters} {STORY}</description>")
    if encoding == "cp037":
        content = content.replace("[", "(")
    assert article(content.encode(encoding)).text == f"{letters} {STORY}"


@pytest.mark.parametrize("encoding", ["zip", "idna", "unicode_escape", "no-such", "\x00"])
def test_an_encoding_that_is_none_is_ignored(encoding: str) -> None:
    assert article(rss(f"<description>{STORY}</description>"), charset=encoding).text == STORY


@pytest.mark.parametrize("content", ["", "hello", "<html><body>rss</body></html>", "{}", '{"items": 1}', "[" * 100_000])
def test_what_is_no_feed_is_one_problem(content: str) -> None:
    assert read(content) == [Problem("feed.xml", NOT_A_FEED)]
    with pytest.raises(SourceError):
        feed_title(document(content), LIMITS)


def test_a_feed_without_entries_says_so_and_has_a_title() -> None:
    assert read(rss()) == [Problem("feed.xml", NO_ENTRIES)]
    assert feed_title(document(rss()), LIMITS) == "T"
    assert list(feed_entries(document(rss()), LIMITS)) == []


def test_a_feed_over_the_limit_is_one_problem() -> None:
    found = list(FeedReader().read(document(rss("x" * 1_100_000)), Limits(max_mb=1)))
    assert found == [Problem("feed.xml", "is larger than 1 MB; raise NEWSDESK_MAX_FILE_MB")]


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
    ("head", "is_feed"),
    [
        (b"<?xml version='1.0'?>\n<!-- x --><rss version='2.0'>", True),
        (b"\xef\xbb\xbf<feed xmlns='http://www.w3.org/2005/Atom'>", True),
        ("<rss>".encode("utf-16"), True),
        (b"<rdf:RDF xmlns:rdf='x'>", True),
        (b'{ "version" : "https://jsonfeed.org/version/1", "items": []}', True),
        (b"<!doctype html><html><body>&lt;rss></body>", False),
        (b"<urlset>", False),
        (b'{"text": "x"}', False),
        (b"", False),
    ],
)
def test_a_feed_is_told_by_its_beginning(head: bytes, is_feed: bool) -> None:
    assert looks_like_feed(head) == is_feed


def test_an_entry_is_named_by_its_id_its_address_or_what_it_says() -> None:
    with_id, with_link, bare = entries(
        rss(
            "<guid>7</guid><link>https://x.example/7</link>",
            "<link>https://x.example/8</link>",
            "<description>x</description>",
        )
    )
    assert (with_id.key, with_link.key, bare.key) == ("7", "https://x.example/8", bare.digest)


def test_an_address_that_no_database_could_look_up_is_shortened_and_stays_the_same() -> None:
    address = "https://x.example/" + "7" * 1500
    first, other = entries(rss(f"<link>{address}</link>", f"<link>{address}8</link>"))
    (again,) = entries(rss(f"<link>{address}</link><title>Corrected</title>"))
    assert (len(first.key), first.key == other.key, first.key == again.key) == (64, False, True)


def test_one_id_for_several_entries_does_not_hide_one_of_them() -> None:
    items = [f"<guid>same</guid><description>{number} {STORY}</description>" for number in range(3)]
    found = entries(rss(*items, items[0]))
    assert len({entry.key for entry in found}) == len({entry.digest for entry in found}) == 3


def test_a_known_entry_is_not_read_again_and_a_corrected_one_is() -> None:
    (first,) = entries(rss(f"<guid>7</guid><description>{STORY}</description>"))
    (again,) = entries(rss(f"<guid>7</guid><description>{STORY}</description>"), [first.digest])
    (corrected,) = entries(rss(f"<guid>7</guid><description>{STORY} Corrected.</description>"), [first.digest])
    assert (again.key, again.digest, again.found) == (first.key, first.digest, None)
    assert (corrected.key, corrected.found is None) == (first.key, False)
    assert corrected.digest != first.digest


def test_fifty_thousand_entries_are_read() -> None:
    content = rss(*(f"<guid>{number}</guid><link>https://x.example/{number}</link>" for number in range(50_000)))
    assert sum(isinstance(found, Link) for found in read(content)) == 50_000


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


def test_a_podcasts_author_is_one_where_no_other_is_named() -> None:
    item = f"<itunes:author>Ana Ruiz</itunes:author><itunes:summary>{STORY}</itunes:summary>"
    assert article(rss(item)).authors == ("Ana Ruiz",)
    assert article(rss(f"{item}<dc:creator>Tom Hale</dc:creator>")).authors == ("Tom Hale",)


def test_the_cells_of_a_table_stay_apart() -> None:
    table = "<table><tr><th>Pier</th><th>Weeks</th></tr><tr><td>East</td><td>11</td><td>2400</td></tr></table>"
    found = article(rss(f"<description><![CDATA[<p>{STORY}</p>{table}]]></description>"))
    assert found.text.split("\n") == [STORY, "", "Pier | Weeks", "East | 11 | 2400"]


def test_a_json_feed_tells_itself_and_its_links_in_any_order_of_its_fields() -> None:
    items = [{"id": "1", "external_url": "https://harbour.example/a", "content_text": STORY, "authors": ["Ana Ruiz"]}]
    content = json.dumps({"home_page_url": "https://harbour.example/", "items": items, "title": "Harbour Standard"})
    assert looks_like_feed(content.encode())
    found = article(content)
    assert (found.url, found.authors, found.text) == ("https://harbour.example/a", ("Ana Ruiz",), STORY)
