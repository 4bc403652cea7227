"""The readers of the load test tell their own conversation from another's."""

from __future__ import annotations

from typing import Any

import pytest

from eval.bench.readers import Tally, belongs

MINE = "What is known about “A bridge in Port Alder closes”?"


def answer(question: str, understood: str) -> dict[str, Any]:
    return {"question": question, "provenance": {"standalone_question": understood}}


@pytest.mark.parametrize(
    ("question", "understood", "is_mine"),
    [
        ("Why?", f"Why? {MINE}", True),
        ("Why?", "", True),
        ("Who said so?", f"Why? {MINE}", False),
        ("Why?", "Why? What is known about “Ferry workers strike over holidays in Lindow”?", False),
    ],
)
def test_another_reader_s_conversation_is_told_from_one_s_own(question: str, understood: str, is_mine: bool) -> None:
    assert belongs(answer(question, understood), "Why?", [MINE]) is is_mine


def test_the_figures_say_what_was_met() -> None:
    tally = Tally(seconds=[0.1] * 19 + [1.0], errors=["ValueError: x"], mixed=[], outcomes={"answered": 20})
    found = tally.as_json(5, 10.0)
    assert (found["answers"], found["errors"], found["mixed"], found["answers_per_second"]) == (20, 1, 0, 2.0)
    assert found["p50_ms"] == 100.0
    assert found["longest_ms"] == 1000.0
