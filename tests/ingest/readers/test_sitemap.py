"""Sitemaps: addresses with their dates, whatever the file holds beside them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import hypothesis
import pytest
from hypothesis import strategies

from ingest.readers.feed.sitemap import DAMAGED, NO_ADDRESSES, NOT_A_SITEMAP, SitemapReader, looks_like_sitemap
from ingest.report import Problem
from ingest.types import Document, Limits, Link

PAGES = """<?xml version="1.0" encoding="UTF-8"?>
<!-- <urlset> -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><image:image><image:loc>https://x.example/a.jpg</image:loc></image:image>
  <loc> https://x.example/1?a=1&b=2&amp;c=3 </loc><lastmod>2024-06-20</lastmod></url>
<url><loc>https://x.example/2</loc><lastmod>2024-06-20</lastmod>
  <news:news><news:publication_date>2024-06-19T10:00:00+02:00</news:publication_date></news:news></url>
<url><loc>/3</loc><lastmod>lately</lastmod></url>
<url><loc>javascript:alert(1)</loc></url>
<url><priority>1</priority></url>
</urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://x.example/news.xml.gz</loc><lastmod>2024-06-20T10:00:00Z</lastmod></sitemap></sitemapindex>"""


def read(content: str | bytes, *, max_mb: int = 1) -> list[Link | Problem]:
    data = content if isinstance(content, bytes) else content.encode()
    document = Document.of_bytes(data, where="sitemap.xml", name="sitemap.xml", url="https://x.example/sitemap.xml")
    return list(SitemapReader().read(document, Limits(max_mb=max_mb)))


@pytest.mark.parametrize("data", [PAGES.encode(), gzip.compress(PAGES.encode(), mtime=0), PAGES.encode("utf-16")])
def test_pages_are_links_with_the_date_of_publication_or_of_the_last_change(data: bytes) -> None:
    first, second, third = read(data)
    assert first == Link(
        where="sitemap.xml, address 1",
        url="https://x.example/1?a=1&b=2&c=3",
        modified=datetime(2024, 6, 20, tzinfo=UTC),
    )
    assert isinstance(second, Link)
    assert second.modified == datetime(2024, 6, 19, 8, tzinfo=UTC)
    assert third == Link(where="sitemap.xml, address 3", url="https://x.example/3")


def test_an_index_links_to_its_sitemaps() -> None:
    assert read(INDEX) == [
        Link(
            where="sitemap.xml, address 1",
            url="https://x.example/news.xml.gz",
            modified=datetime(2024, 6, 20, 10, tzinfo=UTC),
        )
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", NOT_A_SITEMAP),
        (b"<rss></rss>", NOT_A_SITEMAP),
        (b"<urlset></urlset>", NO_ADDRESSES),
        (gzip.compress(PAGES.encode(), mtime=0)[:60], DAMAGED),
        (b"\x1f\x8bno gzip", DAMAGED),
        (gzip.compress(b"0" * 50_000_000, mtime=0), "is larger than 1 MB; raise NEWSDESK_MAX_FILE_MB"),
    ],
)
def test_what_cannot_be_read_is_one_problem(data: bytes, reason: str) -> None:
    assert read(data) == [Problem("sitemap.xml", reason)]


def test_a_sitemap_that_breaks_off_gives_what_it_holds() -> None:
    found = read(PAGES[: PAGES.index("/3")])
    assert [link.url for link in found[:2] if isinstance(link, Link)] == [
        "https://x.example/1?a=1&b=2&c=3",
        "https://x.example/2",
    ]


def test_entities_of_the_document_are_never_resolved() -> None:
    declared = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    found = read(f"{declared}<urlset><url><loc>https://x.example/&a;b</loc></url>")
    assert found == [Link(where="sitemap.xml, address 1", url="https://x.example/&a;b")]


def test_fifty_thousand_addresses_are_read() -> None:
    places = "".join(f"<url><loc>https://x.example/{number}</loc></url>" for number in range(50_000))
    assert len(read(f"<urlset>{places}</urlset>", max_mb=10)) == 50_000


@hypothesis.given(
    strategies.lists(
        strategies.sampled_from(
            ["<urlset>", "<sitemapindex>", "<url>", "</url>", "<loc>", "</loc>", "https://[", "https://x.example/",
             "<lastmod>", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "</lastmod>", "<", "&", "\x00",
             "<![CDATA[", "<!--"]
        ),
        max_size=40,
    ).map("".join)
)  # fmt: skip
def test_no_sitemap_makes_the_reader_fail(content: str) -> None:
    assert all(isinstance(found, (Link, Problem)) for found in read(content))


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        ("sitemap.xml", True),
        ("Sitemap_Index.xml", True),
        ("news-sitemap-3.xml.gz", True),
        ("feed.xml", False),
        ("sitemap.html", False),
    ],
)
def test_names_of_sitemaps_are_known(name: str, is_taken: bool) -> None:
    assert SitemapReader().accepts(name) == is_taken


@pytest.mark.parametrize(
    ("head", "is_sitemap"),
    [
        (PAGES.encode()[:200], True),
        (INDEX.encode(), True),
        (gzip.compress(INDEX.encode(), mtime=0), True),
        (gzip.compress(PAGES.encode() * 1000, mtime=0)[:500], True),
        (gzip.compress(b"<rss>", mtime=0), False),
        (b"\x1f\x8bno gzip", False),
        (b"<rss>", False),
    ],
)
def test_a_sitemap_is_told_by_its_beginning(head: bytes, is_sitemap: bool) -> None:
    assert looks_like_sitemap(head) == is_sitemap
