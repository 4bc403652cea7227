"""Polling on a schedule, by several processes, and after a kill: articles come in once and none is missed."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.fetching.fetcher import Fetcher
from ingest.subscriptions.polling import poll
from ingest.subscriptions.report import PollReport
from ingest.subscriptions.schedule import Schedule
from rag.errors import SourceError
from rag.models.hashing_embedder import HashingEmbedder
from rag.settings import Settings
from rag.storage.library import Library, open_library
from tests.ingest.bad_web import BadWeb
from tests.ingest.subscriptions.test_polling import page, rss

ROOT = Path(__file__).parents[3]
SOON = timedelta(milliseconds=5)


@pytest.fixture
def web() -> Iterator[BadWeb]:
    with BadWeb() as server:
        server.page("/feed", rss(1, 2, host=server.url), content_type="application/rss+xml")
        for number in (1, 2, 3):
            server.page(f"/{number}", page(number), content_type="text/html")
        yield server


def settings_for(folder: Path, web: BadWeb) -> Settings:
    return web.settings(library=folder / "library", embedder="hashing", vector_index="exact")


def opened(folder: Path, web: BadWeb) -> Library:
    library = open_library(settings_for(folder, web), embedder=HashingEmbedder(), stay_open=True)
    if not library.archive.feeds.feeds():
        library.archive.feeds.add(f"{web.url}/feed", title="Harbour", follow=True, now=datetime.now(UTC))
    return library


def titles(library: Library) -> list[str]:
    return sorted(ref.title for ref in library.archive.refs())


def test_it_polls_at_once_and_again_and_what_came_in_answers(tmp_path: Path, web: BadWeb) -> None:
    reports: queue.Queue[PollReport] = queue.Queue()
    with opened(tmp_path, web) as library:
        fetchers = lambda: Fetcher(library.settings)  # noqa: E731
        with Schedule(library, every=SOON, web=fetchers, on_report=reports.put):
            assert reports.get(timeout=30).added == 2
            web.page("/feed", rss(3, 1, 2, host=web.url), content_type="application/rss+xml")
            while (report := reports.get(timeout=30)).added == 0:
                assert report.failed == 0
            assert report.added == 1
        assert titles(library) == ["Page 1", "Page 2", "Page 3"]
        assert library.status().clean


def test_what_goes_wrong_is_left_to_the_next_round(tmp_path: Path, web: BadWeb) -> None:
    reports: queue.Queue[PollReport] = queue.Queue()
    with opened(tmp_path, web) as library:
        attempts: list[Callable[[], AbstractContextManager[Any]]] = [_no_network, lambda: Fetcher(library.settings)]

        def next_attempt() -> AbstractContextManager[Any]:
            return attempts.pop(0)() if attempts else Fetcher(library.settings)

        with Schedule(library, every=SOON, web=next_attempt, on_report=reports.put):
            assert reports.get(timeout=30).added == 2
        assert attempts == []


def _no_network() -> AbstractContextManager[Any]:
    raise SourceError("there is no network; try again later")


def test_without_subscriptions_nothing_is_fetched(tmp_path: Path, web: BadWeb) -> None:
    looked: queue.Queue[bool] = queue.Queue()
    with open_library(settings_for(tmp_path, web), embedder=HashingEmbedder(), stay_open=True) as library:
        feeds = library.archive.feeds.feeds
        library.archive.feeds.feeds = lambda: looked.put(True) or feeds()  # type: ignore[method-assign,func-returns-value]
        with Schedule(library, every=SOON, web=lambda: nullcontext(pytest.fail("nothing is to be fetched"))):
            assert looked.get(timeout=30)
            assert looked.get(timeout=30)
    assert web.requests == []


def command(folder: Path, web: BadWeb) -> subprocess.Popen[str]:
    environment = os.environ | {
        "NEWSDESK_ALLOWED_HOSTS": web.host,
        "NEWSDESK_FETCH_PAUSE_SECONDS": "0",
        "NEWSDESK_EMBEDDER": "hashing",
        "NEWSDESK_VECTOR_INDEX": "exact",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "cli", "feeds", "poll", "--library", str(folder / "library")],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_two_polls_at_once_bring_every_article_in_once(tmp_path: Path, web: BadWeb) -> None:
    opened(tmp_path, web).close()
    polls = [command(tmp_path, web) for _ in range(2)]
    ended = [(process.communicate(timeout=60), process.returncode) for process in polls]
    assert [code for _, code in ended] == [0, 0], ended
    with opened(tmp_path, web) as library:
        assert titles(library) == ["Page 1", "Page 2"]
    assert web.targets().count("/feed") in (1, 2)  # the second finds the feed taken, or read a moment ago
    assert web.targets().count("/1") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_poll_is_made_up_for_when_its_lease_is_over(tmp_path: Path, web: BadWeb) -> None:
    opened(tmp_path, web).close()
    reached: queue.Queue[str] = queue.Queue()

    def stall(request: Any) -> Iterator[bytes]:
        reached.put(request.target)
        yield from web.silence()

    web.respond("/2", stall)
    process = command(tmp_path, web)
    assert reached.get(timeout=60) == "/2"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    web.page("/2", page(2), content_type="text/html")
    with opened(tmp_path, web) as library, Fetcher(library.settings) as fetcher:
        assert poll(library, fetcher, now=datetime.now(UTC)).feeds[0].outcome == "busy"
        later = poll(library, fetcher, now=datetime.now(UTC) + timedelta(hours=2))
        assert later.failed == 0
        assert titles(library) == ["Page 1", "Page 2"]
