"""A page that is ended answers what it was asked."""

from __future__ import annotations

import threading

import pytest

from tests.web.fakes import FakeDesk
from web import launch
from web.serving.context import AppContext


def test_a_page_that_is_ended_says_so_and_waits_for_what_is_being_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "NOTICED_SECONDS", 0.0)
    app_context = AppContext.over(FakeDesk())  # type: ignore[arg-type]
    asked, answered, waiting = threading.Event(), threading.Event(), threading.Event()

    def ask() -> None:
        with app_context.rate_limiter.work("ada"):
            asked.set()
            answered.wait(timeout=60)

    reader = threading.Thread(target=ask)
    reader.start()
    asked.wait(timeout=60)
    ending = threading.Thread(target=launch._drain, args=(app_context,))
    ending.start()
    while app_context.readiness.state()[0] != "stopping":
        waiting.wait(0.01)
    assert ending.is_alive()
    answered.set()
    ending.join(timeout=60)
    assert not ending.is_alive()
    reader.join(timeout=60)


def test_an_answer_that_never_comes_does_not_keep_a_page_from_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "NOTICED_SECONDS", 0.0)
    monkeypatch.setattr(launch, "DRAIN_SECONDS", 0.0)
    app_context = AppContext.over(FakeDesk())  # type: ignore[arg-type]
    with app_context.rate_limiter.work("ada"):
        launch._drain(app_context)
    assert app_context.readiness.state() == ("stopping", "")
