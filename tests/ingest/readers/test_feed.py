"""Feeds: whatever their form and state, what they say is read, and what cannot be read is said."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ingest.readers.feed.entries import NOTHING_TO_READ
from ingest.readers.feed.reader import (
    NO_ENTRIES,
    NOT_A_FEED,
    FeedReader,
    feed_entries,
    feed_title,
    looks_like_feed,
)
from ingest.report import Problem
from ingest.types import Limits, Link, RawArticle
from rag.errors import SourceError
from tests.ingest.readers.feed_documents import LIMITS, STORY, URL, article, document, entries, read, rss

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


def test_a_feed_of_which_no_entry_can_be_read_is_left_after_a_thousand() -> None:
    empty = "".join(f"<item><title>Title {number}</title></item>" for number in range(3000))
    found = read(f'<rss version="2.0"><channel><title>x</title>{empty}</channel></rss>')
    assert len(found) == 1001
    last = found[-1]
    assert isinstance(last, Problem)
    assert last.reason == "has no article in its first 1,000 entries; it is left there"


def test_an_entry_with_neither_text_nor_link_is_reported_and_the_others_go_in() -> None:
    problem, found = read(rss("<title>Chair</title>", f"<description>{STORY}</description>"))
    assert problem == Problem("feed.xml, entry 1", NOTHING_TO_READ)
    assert isinstance(found, RawArticle)


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


def test_a_podcasts_author_is_one_where_no_other_is_named() -> None:
    item = f"<itunes:author>Ana Ruiz</itunes:author><itunes:summary>{STORY}</itunes:summary>"
    assert article(rss(item)).authors == ("Ana Ruiz",)
    assert article(rss(f"{item}<dc:creator>Tom Hale</dc:creator>")).authors == ("Tom Hale",)


def test_a_json_feed_tells_itself_and_its_links_in_any_order_of_its_fields() -> None:
    items = [{"id": "1", "external_url": "https://harbour.example/a", "content_text": STORY, "authors": ["Ana Ruiz"]}]
    content = json.dumps({"home_page_url": "https://harbour.example/", "items": items, "title": "Harbour Standard"})
    assert looks_like_feed(content.encode())
    found = article(content)
    assert (found.url, found.authors, found.text) == ("https://harbour.example/a", ("Ana Ruiz",), STORY)
