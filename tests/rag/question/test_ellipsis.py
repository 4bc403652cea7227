"""What a follow-up leaves out comes from the question before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.ellipsis import completed
from rag.question.follow_up import leans_on_history


@pytest.mark.parametrize(
    ("earlier", "text", "told"),
    [
        ("Did the council close the ferry?", "Why?", "Why did the council close the ferry?"),
        ("Is the tunnel open?", "Since when?", "Since when is the tunnel open?"),
        ("Did the tower fall?", "And why was that?", "Why did the tower fall?"),
        ("How many ships sank in 1912?", "And before that?", "How many ships sank before 1912?"),
        ("Who led Peru in May 2001?", "and after that?", "Who led Peru after May 2001?"),
        ("How many trains ran in 2020?", "And in 2021?", "How many trains ran in 2021?"),
        ("How many trains ran?", "And last year?", "How many trains ran last year?"),
        ("Who won in Wales?", "And in New Zealand?", "Who won in New Zealand?"),
    ],
)
def test_what_is_left_out_is_put_in(earlier: str, text: str, told: str) -> None:
    assert completed(text, earlier) == told


@pytest.mark.parametrize(
    ("earlier", "text"),
    [
        ("How many died?", "Why?"),
        ("Who led Peru?", "And before that?"),
        ("Did the tower fall?", "Why did the bridge fall?"),
        ("Did the tower fall?", "What happened in Wales?"),
    ],
)
def test_where_no_rule_fits_nothing_is_made_up(earlier: str, text: str) -> None:
    assert completed(text, earlier) == ""


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_can_be_read(text: str, earlier: str) -> None:
    assert isinstance(completed(text, earlier), str)


@pytest.mark.parametrize(
    "text",
    [
        "Is there a date for the opening of the Humber tunnel?",
        "Is it safe to swim in the river Thames after rain?",
        "Why did Norway raise its tax on salmon farms?",
        "And how many houses did the flood in Norway destroy?",
    ],
)
def test_words_that_point_to_nothing_outside_the_question_do_not_lean(text: str) -> None:
    assert not leans_on_history(text)


@pytest.mark.parametrize(
    "text", ["Were there any others?", "Is it possible to repair it?", "And why did Norway object?", "Was he there?"]
)
def test_short_questions_and_true_pointers_still_lean(text: str) -> None:
    assert leans_on_history(text)
