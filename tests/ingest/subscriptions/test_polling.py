"""Subscriptions: each poll brings in what is new, once, and one feed's trouble is its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.fetching.errors import FetchError, status_error
from ingest.fetching.fetcher import Fetched
from ingest.subscriptions import pages, polling
from ingest.subscriptions.polling import add_feed, poll
from ingest.subscriptions.report import FeedOutcome, PollReport
from rag.errors import LibraryBusy, SourceError, UsageError
from rag.storage.archive.engines import open_database
from rag.storage.archive.feeds import Feed, FeedStore
from tests.ingest.fakes import FakeLibrary

NOW = datetime(2024, 6, 19, 10, tzinfo=UTC)
FEED = "https://harbour.example/feed"
OTHER = "https://pier.example/feed"
TEXT = (
    "The harbour council met on Tuesday and chose story {0} as its new chair after a debate of three hours about the "
    "old pier. Nobody of the {0} members who voted was ready to say how long the repairs will take this time."
)


class Web:
    """Pages by address; a value that is an error is raised. `asked` holds what was fetched."""

    def __init__(self, **pages: Any) -> None:
        self.pages: dict[str, Any] = pages
        self.asked: list[str] = []
        self.moved: dict[str, str] = {}

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        self.asked.append(url)
        url = self.moved.get(url, url)
        page = self.pages.get(url, status_error(404))
        if isinstance(page, Exception):
            raise page
        current = f'"{hash(page)}"'
        same = etag == current
        return Fetched(
            url=url,
            status=304 if same else 200,
            media_type="",
            charset="",
            data=b"" if same else page.encode(),
            etag=current,
            last_modified="",
            not_modified=same,
        )


def rss(*numbers: int, host: str = "https://harbour.example", text: str = TEXT) -> str:
    items = "".join(
        f"<item><guid>{number}</guid><link>{host}/{number}</link><title>Story {number}</title>"
        f"<description>{text.format(number)}</description></item>"
        for number in numbers
    )
    return f"<rss><channel><title>Harbour Standard</title>{items}</channel></rss>"


def page(number: int) -> str:
    words = f"The page of story {number} says more than the feed does, and it says it at length for its readers. "
    body = "".join(f"<p>{words} Paragraph {paragraph}.</p>" for paragraph in range(4))
    return f"<html><head><title>Page {number}</title></head><body><article>{body}</article></body></html>"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Any]:
    held: Any = FakeLibrary(tmp_path / "library")
    database = open_database(tmp_path / "archive.sqlite")
    held.archive.feeds = FeedStore(database)
    yield held
    database.close()


def subscribe(library: Any, url: str = FEED, *, follow: bool = False) -> FeedStore:
    store: FeedStore = library.archive.feeds
    store.add(url, title="Harbour Standard", follow=follow, now=NOW)
    return store


def only(report: PollReport) -> FeedOutcome:
    (outcome,) = report.feeds
    return outcome


def stored(store: FeedStore, url: str = FEED) -> Feed:
    feed = store.feed(url)
    assert feed is not None
    return feed


def test_the_first_poll_stores_every_entry_and_the_second_nothing(library: Any) -> None:
    subscribe(library)
    web = Web(**{FEED: rss(1, 2)})
    first = poll(library, web, now=NOW)
    second = poll(library, web, now=NOW)
    assert (first.added, only(first).outcome) == (2, "changed")
    assert (second.added, second.changed, only(second).outcome) == (0, 0, "unchanged")
    assert [article.ref.title for article in library.articles] == ["Story 1", "Story 2"]


def test_the_same_body_without_validators_is_not_read_again(library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store = subscribe(library)
    web = Web(**{FEED: rss(1)})
    poll(library, web, now=NOW)
    store.update(replace(stored(store), etag=""))
    monkeypatch.setattr(polling, "feed_entries", lambda *_, **__: pytest.fail("the body was read again"))
    assert only(poll(library, web, now=NOW)).outcome == "unchanged"


def test_only_new_and_corrected_entries_are_stored(library: Any) -> None:
    subscribe(library)
    web = Web(**{FEED: rss(1, 2)})
    poll(library, web, now=NOW)
    web.pages[FEED] = rss(3, 1, 2).replace("story 1 as", "story 1 (corrected) as")
    outcome = only(poll(library, web, now=NOW))
    assert (outcome.added, outcome.changed, outcome.unchanged) == (1, 1, 1)


def test_force_reads_every_entry_again(library: Any) -> None:
    subscribe(library)
    web = Web(**{FEED: rss(1, 2)})
    poll(library, web, now=NOW)
    library.archive.stored.clear()
    assert poll(library, web, now=NOW, force=True).added == 2


def test_followed_links_bring_the_pages_in(library: Any) -> None:
    subscribe(library, follow=True)
    web = Web(**{FEED: rss(1, text="Story {0}."), "https://harbour.example/1": page(1)})
    poll(library, web, now=NOW)
    (article,) = library.articles
    assert article.text.startswith("The page of story 1")
    assert (article.ref.url, article.ref.outlet) == ("https://harbour.example/1", "Harbour Standard")


def test_where_a_page_is_gone_the_feeds_own_text_goes_in_with_a_note(library: Any) -> None:
    store = subscribe(library, follow=True)
    web = Web(**{FEED: rss(1)})
    outcome = only(poll(library, web, now=NOW))
    assert library.articles[0].text == TEXT.format(1)
    assert [problem.reason for problem in outcome.problems] == [
        "its page could not be read (does not exist (404); check the address); the feed's own text went in"
    ]
    assert store.entry_digests(FEED).keys() == {"1"}


def test_a_page_that_fails_in_passing_is_tried_again_at_the_next_poll(library: Any) -> None:
    subscribe(library, follow=True)
    web = Web(**{FEED: rss(1), "https://harbour.example/1": status_error(503)})
    assert only(poll(library, web, now=NOW)).waiting == 1
    web.pages["https://harbour.example/1"] = page(1)
    outcome = only(poll(library, web, now=NOW))
    assert (outcome.changed, outcome.waiting) == (1, 0)
    assert library.articles[-1].text.startswith("The page of story 1")


def test_pages_beyond_the_limit_wait_for_the_next_poll(library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_PAGES", 2)
    subscribe(library, follow=True)
    web = Web(**{FEED: rss(1, 2, 3)} | {f"https://harbour.example/{number}": page(number) for number in (1, 2, 3)})
    first, second = only(poll(library, web, now=NOW)), only(poll(library, web, now=NOW))
    assert (first.added, first.waiting, second.added, second.waiting) == (2, 1, 1, 0)


def test_a_bare_link_is_reported_once_where_links_are_not_followed(library: Any) -> None:
    subscribe(library)
    web = Web(**{FEED: rss(1, text="")})
    assert [problem.reason for problem in only(poll(library, web, now=NOW)).problems] == [pages.NO_TEXT]
    web.pages[FEED] += " "
    assert only(poll(library, web, now=NOW)).problems == ()


def test_one_feeds_failure_leaves_the_others_alone(library: Any) -> None:
    subscribe(library)
    subscribe(library, OTHER)
    report = poll(library, Web(**{FEED: status_error(500), OTHER: rss(1)}), now=NOW)
    assert [feed.outcome for feed in report.feeds] == ["failed", "changed"]
    assert (report.failed, report.added) == (1, 1)


@pytest.mark.parametrize(
    ("failures", "asked", "wait"),
    [
        (0, None, timedelta(minutes=15)),
        (1, None, timedelta(minutes=30)),
        (100, None, timedelta(days=1)),
        (0, 7200.0, timedelta(hours=2)),
        (0, 1.0, timedelta(minutes=15)),
        (0, float("inf"), timedelta(days=7)),
    ],
)
def test_a_failing_feed_is_left_alone_for_longer_and_longer(
    library: Any, failures: int, asked: float | None, wait: timedelta
) -> None:
    store = subscribe(library)
    store.update(replace(stored(store), failures=failures))
    web = Web(**{FEED: status_error(503, retry_after_seconds=asked)})
    poll(library, web, now=NOW)
    assert (stored(store).next_poll, stored(store).failures) == (NOW + wait, failures + 1)
    assert only(poll(library, web, now=NOW + wait - timedelta(seconds=1))).outcome == "not_due"
    web.pages[FEED] = rss(1)
    assert only(poll(library, web, now=NOW + wait)).outcome == "changed"
    assert (stored(store).next_poll, stored(store).failures, stored(store).problem) == (None, 0, "")


def test_a_named_feed_is_polled_whether_it_is_due_or_not(library: Any) -> None:
    store = subscribe(library)
    subscribe(library, OTHER)
    store.update(replace(stored(store), next_poll=NOW + timedelta(days=1)))
    assert only(poll(library, Web(**{FEED: rss(1)}), urls=[FEED], now=NOW)).outcome == "changed"


def test_a_feed_that_is_gone_says_how_to_end_the_subscription(library: Any) -> None:
    store = subscribe(library)
    (problem,) = only(poll(library, Web(**{FEED: status_error(410)}), now=NOW)).problems
    assert problem.reason == f"has been taken away for good (410); `newsdesk feeds remove {FEED}` ends the subscription"
    store.update(replace(stored(store), failures=9, next_poll=None))
    (problem,) = only(poll(library, Web(), now=NOW)).problems
    assert problem.reason == (
        f"was not found at the last 10 polls (404); `newsdesk feeds remove {FEED}` ends the subscription"
    )


def test_what_is_no_feed_any_more_is_a_failure(library: Any) -> None:
    subscribe(library)
    outcome = only(poll(library, Web(**{FEED: "<html>Log in</html>"}), now=NOW))
    assert (outcome.outcome, outcome.problems[0].where) == ("failed", FEED)


def test_a_feed_that_somebody_else_polls_is_busy(library: Any) -> None:
    store = subscribe(library)
    assert store.claim(FEED, now=NOW, lease_seconds=60)
    assert only(poll(library, Web(**{FEED: rss(1)}), now=NOW)).outcome == "busy"
    assert only(poll(library, Web(**{FEED: rss(1)}), now=NOW + timedelta(minutes=2))).outcome == "changed"


def test_a_poll_gives_its_claim_back_whatever_happens(library: Any) -> None:
    store = subscribe(library)

    def refuse(batch: object) -> None:
        raise LibraryBusy("another process writes; try again later")

    library._refuse = refuse
    with pytest.raises(LibraryBusy):
        poll(library, Web(**{FEED: rss(1)}), now=NOW)
    assert store.entry_digests(FEED) == {}
    assert store.claim(FEED, now=NOW, lease_seconds=60)


def test_a_stopped_poll_loses_nothing(library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "BATCH_ENTRIES", 2)
    store = subscribe(library)
    web = Web(**{FEED: rss(*range(6))})
    report = poll(library, web, now=NOW, stop=lambda: len(library.articles) >= 2)
    assert not report.complete
    assert len(store.entry_digests(FEED)) < 6
    assert poll(library, web, now=NOW).complete
    assert len(library.articles) == 6
    assert len(store.entry_digests(FEED)) == 6


def test_a_feed_removed_while_it_is_polled_stays_removed(library: Any) -> None:
    store = subscribe(library)

    class Removing(Web):
        def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
            store.remove(url)
            return super().get(url)

    assert only(poll(library, Removing(**{FEED: rss(1)}), now=NOW)).added == 1
    assert store.feeds() == []


def test_a_url_that_is_no_subscription_is_refused(library: Any) -> None:
    with pytest.raises(UsageError, match="is no subscription"):
        poll(library, Web(), urls=[FEED], now=NOW)


def test_a_feed_that_moved_is_told(library: Any) -> None:
    subscribe(library)
    web = Web(**{OTHER: rss(1)})
    web.moved[FEED] = OTHER
    report = poll(library, web, now=NOW)
    assert only(report).moved_to == OTHER
    assert report.as_json()["feeds"][0] == {
        "url": FEED,
        "title": "Harbour Standard",
        "outcome": "changed",
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "waiting": 0,
        "moved_to": OTHER,
        "problems": [],
        "notes": [],
    }


def test_a_feed_is_added_with_its_title_under_the_address_that_answers(library: Any) -> None:
    web = Web(**{FEED: rss(1)})
    web.moved["http://harbour.example/feed"] = FEED
    feed = add_feed(library, web, "http://harbour.example/feed", follow=False, now=NOW)
    assert (feed.url, feed.title, feed.follow) == (FEED, "Harbour Standard", False)
    assert add_feed(library, web, FEED, follow=True, now=NOW).follow
    assert len(library.archive.feeds.feeds()) == 1


SITE = "https://harbour.example/"
LINK = '<link rel="alternate" type="application/rss+xml" title="{0}" href="{1}">'


def test_a_page_leads_to_the_feed_that_it_names(library: Any) -> None:
    web = Web(**{SITE: f"<html><head>{LINK.format('News', '/feed')}{LINK.format('x', 'data:x')}</head>", FEED: rss(1)})
    assert add_feed(library, web, SITE, now=NOW).url == FEED


def test_a_page_that_names_several_feeds_asks_which(library: Any) -> None:
    web = Web(**{SITE: LINK.format("News", "/feed") + LINK.format("Comments", "/comments")})
    with pytest.raises(UsageError, match=r"names 2 feeds.*/feed \(News\), https://harbour.example/comments"):
        add_feed(library, web, SITE, now=NOW)


@pytest.mark.parametrize("content", ["<html><body>No feed.</body></html>", "", "{}", "%PDF-1.4"])
def test_what_names_no_feed_is_refused(library: Any, content: str) -> None:
    with pytest.raises(SourceError, match="is no feed and names none"):
        add_feed(library, Web(**{SITE: content}), SITE, now=NOW)
    assert library.archive.feeds.feeds() == []


def test_a_feed_that_cannot_be_fetched_is_not_added(library: Any) -> None:
    with pytest.raises(FetchError):
        add_feed(library, Web(), SITE, now=NOW)
