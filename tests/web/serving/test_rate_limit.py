"""Who is let in: so many at once, so many waiting, so many of one reader; the others are told when to come."""

from __future__ import annotations

import threading

import pytest
from fastapi.testclient import TestClient

from tests.web.fakes import FakeDesk
from web.server import build_server
from web.serving.context import AppContext
from web.serving.rate_limit import Busy, RateLimiter, TooMany


def test_one_reader_cannot_ask_more_than_the_rate_and_others_can() -> None:
    rate_limiter = RateLimiter(rate="2/hour")
    for _ in range(2):
        rate_limiter.spend("ada")
    with pytest.raises(TooMany, match=r"2 questions .* ask again in \d+ s") as refused:
        rate_limiter.spend("ada")
    assert 0 < refused.value.after <= 3601
    rate_limiter.spend("grace")


def test_without_a_rate_nobody_is_refused() -> None:
    rate_limiter = RateLimiter()
    for _ in range(1000):
        rate_limiter.spend("ada")


def test_work_beyond_the_queue_is_refused_and_let_in_again_when_there_is_room() -> None:
    rate_limiter = RateLimiter(at_once=1, waiting=0)
    with rate_limiter.work("ada"), pytest.raises(Busy, match="1 questions"), rate_limiter.work("grace"):
        pytest.fail("let in")
    with rate_limiter.work("grace"):
        pass


def test_who_waits_too_long_is_told_so() -> None:
    rate_limiter = RateLimiter(at_once=1, waiting=5, wait_seconds=0.01)
    with rate_limiter.work("ada"), pytest.raises(Busy), rate_limiter.work("grace"):
        pytest.fail("let in")
    with rate_limiter.work("grace"):
        pass


def test_never_more_than_so_many_work_at_once() -> None:
    rate_limiter = RateLimiter(at_once=3, waiting=50)
    inside, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal inside, most
        with rate_limiter.work("ada"):
            with lock:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.002)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most <= 3


def test_a_program_that_asks_too_often_gets_429_and_the_time() -> None:
    with TestClient(build_server(AppContext.over(FakeDesk(), rate="1/hour"))) as client:  # type: ignore[arg-type]
        assert client.post("/api/v1/ask", json={"question": "Why?"}).status_code == 200
        got = client.post("/api/v1/ask", json={"question": "Why?"})
    assert got.status_code == 429
    assert int(got.headers["retry-after"]) > 0
    assert got.json()["error"]["kind"] == "too_many"
