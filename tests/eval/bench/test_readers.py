"""The readers of the load test tell their own conversation from another's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from eval.bench.readers import Tally, app, mixed


class OneAnswer:
    """A desk that repeats the question and its history."""

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Any:
        return SimpleNamespace(text=" ".join([question, *history]))


@pytest.mark.parametrize(
    ("history", "echoed", "text", "is_mixed"),
    [
        (("Mine",), "Why?", "Why? Mine", False),
        (("Mine",), "Why?", "Why? Another reader's", True),
        (("Mine",), "How?", "Why? Mine", True),
    ],
)
def test_an_answer_of_another_conversation_is_seen(history: tuple[str], echoed: str, text: str, is_mixed: bool) -> None:
    tally = Tally(answers=[("Why?", history, echoed, text)])
    assert bool(mixed(tally, OneAnswer(), compared=10)) is is_mixed  # type: ignore[arg-type]


def test_the_figures_say_what_was_met() -> None:
    tally = Tally(seconds=[0.1] * 19 + [1.0], errors=["ValueError: x"], outcomes={"answered": 20})
    found = tally.as_json(5, 10.0)
    assert (found["answers"], found["errors"], found["answers_per_second"]) == (20, 1, 2.0)
    assert found["p50_ms"] == 100.0
    assert found["longest_ms"] == 1000.0


def test_fewer_titles_than_readers_are_told_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSDESK_EMBEDDER", "hashing")
    ended = CliRunner().invoke(app, ["http://127.0.0.1:9", "--library", str(tmp_path / "library"), "--readers", "2"])
    assert ended.exit_code == 1
    assert "2 readers need as many titles, the library has 0" in ended.output


def test_a_load_test_without_an_address_is_wrong_use() -> None:
    assert CliRunner().invoke(app, ["--library", "library"]).exit_code == 2
