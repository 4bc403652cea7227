from __future__ import annotations

import random

import pytest

from eval.training.checker.edits import turned_round


def edits_of(sentence: str) -> set[tuple[str, bool]]:
    return {found for seed in range(200) if (found := turned_round(sentence, random.Random(seed)))}


@pytest.mark.parametrize(
    ("sentence", "edited"),
    [
        ("The bridge was closed.", "The bridge was not closed."),
        ("The bridge was not closed.", "The bridge was closed."),
        ("The talks began on Monday.", "The talks ended on Monday."),
        ("Last night Anna Bell beat Carl Dorn.", "Last night Carl Dorn beat Anna Bell."),
    ],
)
def test_an_edit_turns_the_meaning_and_back(sentence: str, edited: str) -> None:
    assert (edited, True) in edits_of(sentence)


@pytest.mark.parametrize(
    ("sentence", "edited"),
    [
        ("The storm will reach the coast.", "The storm may reach the coast."),
        ("The mayor lied.", "Critics claim that the mayor lied."),
    ],
)
def test_what_is_certain_does_not_fail_what_may_be_so(sentence: str, edited: str) -> None:
    assert (edited, False) in edits_of(sentence)


def test_two_names_of_one_list_are_not_exchanged() -> None:
    assert all("Dorn and Bell" not in edited for edited, _ in edits_of("There were Bell and Dorn."))
