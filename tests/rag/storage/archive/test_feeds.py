"""Subscriptions are kept, entries are remembered for a while, and a feed has one poller at a time."""

from __future__ import annotations

import multiprocessing
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rag.errors import LibraryBusy, StorageError
from rag.storage.archive import sqlite
from rag.storage.archive.archive import Archive
from rag.storage.archive.database import Place
from rag.storage.archive.feeds import FORGET_ENTRIES_AFTER, Feed
from rag.testing import make_article
from tests.rag.makers import BRIDGE, stored

MAIL = "https://evening-mail.example/feed.xml"
POST = "https://harbour-post.example/rss"
NOW = datetime(2024, 5, 6, 9, 30, 15, 250_001, tzinfo=UTC)


def test_a_feed_is_added_once_and_listed_in_the_order_of_adding(archive: Archive) -> None:
    assert archive.feeds.add(POST, title="Harbour Post", follow=False, now=NOW)
    assert archive.feeds.add(MAIL, now=NOW + timedelta(seconds=1))
    assert not archive.feeds.add(POST, title="Another name", now=NOW + timedelta(days=1))
    assert archive.feeds.feeds() == [
        Feed(url=POST, title="Harbour Post", follow=False, added=NOW),
        Feed(url=MAIL, added=NOW + timedelta(seconds=1)),
    ]


def test_a_feed_comes_back_as_it_was_updated(archive: Archive) -> None:
    archive.feeds.add(MAIL, now=NOW)
    feed = Feed(
        url=MAIL,
        title="Evening Mail",
        follow=False,
        added=NOW,
        etag='W/"5"',
        last_modified="Mon, 06 May 2024 09:00:00 GMT",
        body_digest="ab",
        polled=NOW,
        next_poll=NOW + timedelta(minutes=15),
        failures=2,
        problem="the server answered 503; it is tried again later",
    )
    archive.feeds.update(feed)
    assert archive.feeds.feed(MAIL) == feed
    archive.feeds.update(replace(feed, next_poll=None, failures=0, problem=""))
    assert archive.feeds.feed(MAIL) == replace(feed, next_poll=None, failures=0, problem="")


def test_a_removed_feed_is_gone_with_its_entries_and_a_poll_under_way_does_not_bring_it_back(archive: Archive) -> None:
    archive.feeds.add(MAIL, now=NOW)
    archive.feeds.note_entries(MAIL, {"1": "a"}, NOW)
    feed = archive.feeds.feeds()[0]
    assert archive.feeds.remove(MAIL)
    assert not archive.feeds.remove(MAIL)
    archive.feeds.note_entries(MAIL, {"2": "b"}, NOW)
    archive.feeds.update(feed)
    assert (archive.feeds.feeds(), archive.feeds.feed(MAIL), archive.feeds.entry_digests(MAIL)) == ([], None, {})
    archive.feeds.add(MAIL, now=NOW)
    assert archive.feeds.entry_digests(MAIL) == {}


def test_entries_are_remembered_by_feed_with_their_latest_digest(archive: Archive) -> None:
    archive.feeds.add(MAIL, now=NOW)
    archive.feeds.add(POST, now=NOW)
    archive.feeds.note_entries(MAIL, {"1": "a", "2": "b"}, NOW)
    archive.feeds.note_entries(POST, {"1": "z"}, NOW)
    archive.feeds.note_entries(MAIL, {"2": "c", "3": "d"}, NOW)
    assert archive.feeds.entry_digests(MAIL) == {"1": "a", "2": "c", "3": "d"}
    assert archive.feeds.entry_digests(POST) == {"1": "z"}


def test_entries_that_left_the_feed_are_forgotten_after_a_while_and_only_those_of_this_feed(archive: Archive) -> None:
    for url in (MAIL, POST):
        archive.feeds.add(url, now=NOW)
        archive.feeds.note_entries(url, {"old": "a", "lasting": "b"}, NOW)
    archive.feeds.note_entries(MAIL, {"lasting": "b"}, NOW + FORGET_ENTRIES_AFTER)
    assert set(archive.feeds.entry_digests(MAIL)) == {"old", "lasting"}
    archive.feeds.note_entries(MAIL, {"lasting": "b"}, NOW + FORGET_ENTRIES_AFTER + timedelta(seconds=1))
    assert archive.feeds.entry_digests(MAIL) == {"lasting": "b"}
    archive.feeds.note_entries(MAIL, {}, NOW + 3 * FORGET_ENTRIES_AFTER)
    assert archive.feeds.entry_digests(MAIL) == {}
    assert set(archive.feeds.entry_digests(POST)) == {"old", "lasting"}


def test_a_feed_has_one_poller_until_it_is_released_or_the_lease_ends(archive: Archive) -> None:
    archive.feeds.add(MAIL, now=NOW)
    assert archive.feeds.claim(MAIL, now=NOW, lease_seconds=60)
    assert not archive.feeds.claim(MAIL, now=NOW + timedelta(seconds=59), lease_seconds=60)
    archive.feeds.release(MAIL)
    assert archive.feeds.claim(MAIL, now=NOW, lease_seconds=60)
    assert archive.feeds.claim(MAIL, now=NOW + timedelta(seconds=60), lease_seconds=60)
    assert not archive.feeds.claim(POST, now=NOW, lease_seconds=60)


def test_a_poller_that_took_too_long_does_not_release_the_next_ones_claim(archive: Archive) -> None:
    archive.feeds.add(MAIL, now=NOW)
    other = Archive(archive.place)
    later = NOW + timedelta(minutes=2)
    assert archive.feeds.claim(MAIL, now=NOW, lease_seconds=60)
    assert other.feeds.claim(MAIL, now=later, lease_seconds=60)
    archive.feeds.release(MAIL)
    assert not archive.feeds.claim(MAIL, now=later, lease_seconds=60)
    other.feeds.release(MAIL)
    assert archive.feeds.claim(MAIL, now=later, lease_seconds=60)
    other.close()


def test_writing_down_how_a_poll_went_does_not_touch_the_claim(archive: Archive) -> None:
    archive.feeds.add(MAIL, now=NOW)
    archive.feeds.claim(MAIL, now=NOW, lease_seconds=60)
    archive.feeds.update(replace(archive.feeds.feeds()[0], polled=NOW))
    assert not archive.feeds.claim(MAIL, now=NOW, lease_seconds=60)


def test_nothing_about_feeds_is_a_revision(archive: Archive) -> None:
    stored(archive, BRIDGE)
    archive.feeds.add(MAIL, now=NOW)
    archive.feeds.note_entries(MAIL, {"1": "a"}, NOW)
    archive.feeds.claim(MAIL, now=NOW, lease_seconds=60)
    archive.feeds.update(archive.feeds.feeds()[0])
    archive.feeds.release(MAIL)
    archive.feeds.remove(MAIL)
    assert archive.revision() == 1


def _claim(place: Place, claimed: multiprocessing.Queue[bool]) -> None:
    archive = Archive(place)
    claimed.put(archive.feeds.claim(MAIL, now=NOW, lease_seconds=600))
    archive.close()


def test_of_several_processes_that_claim_a_feed_one_gets_it(archive: Archive) -> None:
    archive.feeds.add(MAIL, now=NOW)
    context = multiprocessing.get_context("spawn")
    claimed = context.Queue()
    pollers = [context.Process(target=_claim, args=(archive.place, claimed)) for _ in range(3)]
    for poller in pollers:
        poller.start()
    answers = [claimed.get(timeout=60) for _ in pollers]
    for poller in pollers:
        poller.join()
    assert sorted(answers) == [False, False, True]


def _store_articles(place: Place) -> None:
    archive = Archive(place)
    for number in range(40):
        stored(archive, make_article(f"Article number {number} was stored meanwhile."))
    archive.close()


def test_feeds_are_written_while_another_process_stores_articles(archive: Archive) -> None:
    archive.feeds.add(MAIL, now=NOW)
    writer = multiprocessing.get_context("spawn").Process(target=_store_articles, args=(archive.place,))
    writer.start()
    polls = 0
    while writer.is_alive() or not polls:
        polls += 1
        archive.feeds.note_entries(MAIL, {"1": f"digest of poll {polls}"}, NOW)
    writer.join()
    assert (writer.exitcode, archive.count()) == (0, 40)
    assert archive.feeds.entry_digests(MAIL) == {"1": f"digest of poll {polls}"}


def test_a_database_that_stays_locked_is_said_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_SECONDS", 0)
    archive = Archive(tmp_path / "archive.sqlite3")
    with closing(sqlite3.connect(tmp_path / "archive.sqlite3")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusy, match="try again when it is done"):
            archive.feeds.add(MAIL, now=NOW)
    assert archive.feeds.add(MAIL, now=NOW)
    archive.close()


def test_a_read_only_archive_lists_feeds_and_refuses_new_ones(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive.sqlite3")
    archive.feeds.add(MAIL, now=NOW)
    archive.close()
    frozen = Archive(archive.place, read_only=True)
    assert [feed.url for feed in frozen.feeds.feeds()] == [MAIL]
    with pytest.raises(StorageError, match="read-only"):
        frozen.feeds.add(POST, now=NOW)
    frozen.close()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"url": ""}, "needs a URL"),
        ({"failures": -1}, "count from 0"),
        ({"polled": datetime(2024, 5, 6)}, "time zone"),
    ],
)
def test_a_feed_that_makes_no_sense_cannot_exist(wrong: dict[str, object], reason: str) -> None:
    feed = Feed(url=MAIL, added=NOW)
    with pytest.raises(ValueError, match=reason):
        replace(feed, **wrong)
