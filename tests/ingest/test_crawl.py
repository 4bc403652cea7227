"""Addresses, links and standard input: what is fetched, what is followed, what is said where that fails."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ingest.fetching.fetcher import Fetched
from ingest.pipeline import IngestOptions, IngestReport, ingest
from rag.errors import SourceError
from tests.ingest.fakes import FakeLibrary
from tests.ingest.preparing.test_near_duplicates import text_of

SITE = "https://ledger.example"


def page(number: int, *, date: str = "") -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in text_of(number, 4).split("\n"))
    meta = f'<meta property="article:published_time" content="{date}">' if date else ""
    return f"<html><head><title>Story {number}</title>{meta}</head><body><article>{paragraphs}</article></body></html>"


def feed(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>Harbour Ledger</title>{"".join(items)}</channel></rss>'


def item(number: int, text: str, date: str = "Mon, 17 Jun 2024 10:00:00 GMT") -> str:
    return (
        f"<item><title>Item {number}</title><link>{SITE}/{number}</link><guid>{number}</guid>"
        f"<pubDate>{date}</pubDate><description>{text}</description></item>"
    )


class Web:
    """Pages by address; what is missing cannot be reached. Opened once at most, and closed at the end."""

    def __init__(self, pages: dict[str, str | bytes], **media_types: str) -> None:
        self._pages = pages
        self._media_types = media_types
        self.asked: list[str] = []
        self.opened = self.closed = 0

    @contextmanager
    def open(self) -> Iterator[Web]:
        self.opened += 1
        yield self
        self.closed += 1

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        self.asked.append(url)
        if url not in self._pages:
            raise SourceError("cannot be reached; try again later", where=url)
        content = self._pages[url]
        return Fetched(
            url=url,
            status=200,
            media_type="text/html" if url.startswith(f"{SITE}/") and "." not in url.rpartition("/")[2] else "text/xml",
            charset="",
            data=content.encode() if isinstance(content, str) else content,
            etag=etag,
            last_modified=last_modified,
            not_modified=False,
        )


def run(
    library: FakeLibrary,
    web: Web,
    *sources: str | Path,
    stop: Callable[[], bool] | None = None,
    **options: Any,
) -> IngestReport:
    return ingest(sources, library, IngestOptions(**options), stop=stop, pages=web.open)  # type: ignore[arg-type]


def urls(library: FakeLibrary) -> list[str]:
    return [article.ref.url for article in library.articles]


def test_a_page_goes_in_under_its_address(library: FakeLibrary) -> None:
    web = Web({f"{SITE}/1": page(1)})
    report = run(library, web, f"{SITE}/1")
    assert (report.added, report.problems) == (1, ())
    assert urls(library) == [f"{SITE}/1"]
    assert (web.opened, web.closed) == (1, 1)


def test_files_alone_open_no_network(tmp_path: Path, library: FakeLibrary) -> None:
    (tmp_path / "a.txt").write_text(text_of(1, 4), encoding="utf-8")
    web = Web({})
    assert run(library, web, tmp_path).added == 1
    assert web.opened == 0


def test_a_page_that_cannot_be_reached_keeps_no_other_out(library: FakeLibrary) -> None:
    report = run(library, Web({f"{SITE}/2": page(2)}), f"{SITE}/1", f"{SITE}/2")
    assert [(problem.where, problem.reason) for problem in report.problems] == [
        (f"{SITE}/1", "cannot be reached; try again later")
    ]
    assert urls(library) == [f"{SITE}/2"]


def test_a_feed_gives_its_own_text_unless_its_links_are_to_be_followed(library: FakeLibrary, tmp_path: Path) -> None:
    web = Web({f"{SITE}/feed.xml": feed(item(1, text_of(1, 4))), f"{SITE}/1": page(1)})
    run(library, web, f"{SITE}/feed.xml")
    assert web.asked == [f"{SITE}/feed.xml"]
    followed = FakeLibrary(tmp_path / "followed")
    run(followed, web, f"{SITE}/feed.xml", follow=True)
    assert web.asked[-1] == f"{SITE}/1"
    (article,) = followed.articles
    assert (article.ref.title, article.ref.url) == ("Story 1", f"{SITE}/1")
    assert article.ref.published is not None  # the page does not say when, its feed does


def test_a_page_that_cannot_be_followed_leaves_the_feed_s_text_and_a_note(library: FakeLibrary) -> None:
    web = Web({f"{SITE}/feed.xml": feed(item(1, text_of(1, 4)))})
    report = run(library, web, f"{SITE}/feed.xml", follow=True)
    assert report.added == 1
    assert [problem.reason for problem in report.problems] == [
        "its page could not be read (cannot be reached; try again later); the feed's own text went in"
    ]


def sitemap(*numbers: int) -> str:
    entries = "".join(
        f"<url><loc>{SITE}/{number}</loc><lastmod>2024-06-{number:02}</lastmod></url>" for number in numbers
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def test_a_sitemap_s_newest_pages_are_fetched_first_and_no_more_than_allowed(library: FakeLibrary) -> None:
    web = Web({f"{SITE}/sitemap.xml": sitemap(1, 3, 2), **{f"{SITE}/{n}": page(n) for n in (1, 2, 3)}})
    report = run(library, web, f"{SITE}/sitemap.xml", max_pages=2)
    assert web.asked[1:] == [f"{SITE}/3", f"{SITE}/2"]
    assert [skipped.reason for skipped in report.skipped] == [
        "1 page more are linked; --max-pages fetches more at once"
    ]


def test_a_page_that_has_not_changed_since_it_was_fetched_is_not_fetched_again(library: FakeLibrary) -> None:
    web = Web({f"{SITE}/sitemap.xml": sitemap(1, 2), **{f"{SITE}/{n}": page(n) for n in (1, 2)}})
    run(library, web, f"{SITE}/sitemap.xml")
    web.asked.clear()
    report = run(library, web, f"{SITE}/sitemap.xml")
    assert web.asked == [f"{SITE}/sitemap.xml"]
    assert (report.added, report.unchanged) == (0, 2)


def test_a_sitemap_on_disk_reaches_the_network_only_where_the_user_says_so(
    tmp_path: Path, library: FakeLibrary
) -> None:
    (tmp_path / "sitemap.xml").write_text(sitemap(1), encoding="utf-8")
    web = Web({f"{SITE}/1": page(1)})
    report = run(library, web, tmp_path / "sitemap.xml")
    assert web.opened == 0
    assert [skipped.reason for skipped in report.skipped] == [
        "1 page linked, no text of their own; --follow fetches them"
    ]
    assert run(library, web, tmp_path / "sitemap.xml", follow=True).added == 1


def test_sitemaps_of_sitemaps_in_a_circle_end(library: FakeLibrary) -> None:
    index = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{SITE}/sitemap.xml</loc></sitemap></sitemapindex>"
    )
    web = Web({f"{SITE}/sitemap.xml": index})
    report = run(library, web, f"{SITE}/sitemap.xml")
    assert len(web.asked) <= 4
    assert report.skipped


def test_a_run_that_is_stopped_follows_no_further_link(library: FakeLibrary) -> None:
    web = Web({f"{SITE}/sitemap.xml": sitemap(1, 2, 3), **{f"{SITE}/{n}": page(n) for n in (1, 2, 3)}})
    report = run(library, web, f"{SITE}/sitemap.xml", stop=lambda: len(web.asked) > 1)
    assert (report.added, report.complete, len(web.asked)) == (1, False, 2)


@pytest.mark.parametrize(
    ("given", "added"), [(text_of(1, 4), 1), ('{"text": "One."}\n{"text": "Two."}', 2), (page(1), 1)]
)
def test_standard_input_is_known_by_its_content(
    monkeypatch: pytest.MonkeyPatch, library: FakeLibrary, given: str, added: int
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
    assert run(library, Web({}), "-").added == added


def test_the_format_of_standard_input_can_be_named(monkeypatch: pytest.MonkeyPatch, library: FakeLibrary) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"title,text\nOne,The council met.\n")))
    assert run(library, Web({}), "-", format_name="csv").added == 1
    assert library.articles[0].ref.title == "One"
