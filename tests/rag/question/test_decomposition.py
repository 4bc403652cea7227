"""Questions of several parts: told apart, each with what it leans on, and nothing else is."""

from __future__ import annotations

import pytest

from rag.question.decomposition import MOST_PARTS, question_parts
from rag.types import Question

OUTLETS = ("Harbour Standard", "Pacific Ledger")


def parts(text: str, context: str = "") -> list[str]:
    return [part.text for part in question_parts(Question(text=text, context=context), OUTLETS)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does the act ban, and how big are the fines?", ["What does the act ban", "how big are the fines"]),
        ("Who won and by how much?", ["Who won", "by how much"]),
        ("Why did the bridge close? When will it open?", ["Why did the bridge close", "When will it open"]),
        ("When did it close and will it open again?", ["When did it close", "will it open again"]),
    ],
)
def test_parts_are_told_apart(question: str, expected: list[str]) -> None:
    assert parts(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Why do Russia and North Korea sign treaties?",
        "How many people were killed and injured?",
        "What did Putin and Kim say about what China wants?",
        "And why?",
        "Treaty and what follows",
    ],
)
def test_one_question_stays_one(question: str) -> None:
    assert parts(question) == [question]


def test_a_part_that_says_little_is_asked_with_what_the_first_is_about() -> None:
    _, second = question_parts(Question(text="Who won the election in Britain and by how much?"), OUTLETS)
    assert second.text == "by how much"
    assert "Britain" in second.complete


def test_a_part_that_says_enough_has_the_first_for_its_context() -> None:
    _, second = question_parts(Question(text="Who won in France and what is the price of gold in London?"), OUTLETS)
    assert second.complete == "what is the price of gold in London"
    assert second.context == "Who won in France"


def test_outlets_that_are_named_are_parts_limited_to_them() -> None:
    text = "Did the Harbour Standard report the strike that the Pacific Ledger reported?"
    found = question_parts(Question(text=text), OUTLETS)
    assert [part.scope.outlets for part in found] == [("Harbour Standard",), ("Pacific Ledger",)]


def test_there_are_never_more_than_a_few_parts() -> None:
    assert len(parts("Who won? When was it? Where was it? Why did they vote? How many came?")) == MOST_PARTS
