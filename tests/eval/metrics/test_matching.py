"""Answers are compared as the benchmarks compare them, worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.matching import exact_match, holds, normalised, token_f1


def test_case_articles_punctuation_and_white_space_do_not_count() -> None:
    assert normalised("  The Man's\n a-B. ") == "mans ab"


def test_an_exact_match_is_one_of_the_answers() -> None:
    assert exact_match("The Harbour!", ["a port", "harbour"]) == 1
    assert exact_match("harbour wall", ["harbour"]) == 0
    assert exact_match("", ["the"]) == 1  # both are empty when normalised


def test_token_f1_counts_shared_words_as_often_as_both_have_them() -> None:
    # said: new new york city; expected: new york. Shared 2 of 4 and of 2: 2 * .5 * 1 / 1.5
    assert token_f1("New, new York City", ["New York"]) == pytest.approx(2 / 3)
    assert token_f1("New York", ["Boston", "York"]) == pytest.approx(2 / 3)


def test_token_f1_of_silence_is_one_only_where_nothing_is_expected() -> None:
    assert token_f1("", ["the"]) == 1
    assert token_f1("", ["harbour"]) == 0
    assert token_f1("harbour", [""]) == 0


@pytest.mark.parametrize(
    ("text", "answer", "there"),
    [
        ("It cost £5,000 in all", "£5,000", True),
        ("The “Jaws” poster", "Jaws", True),
        ("jawbreaker", "jaw", False),  # whole words
        ("Hale and Tom", "Tom Hale", False),  # in this order
        ("Bank of the West", "Bank of West", True),
        ("anything", "the", False),  # no word to look for
    ],
)
def test_a_text_holds_an_answers_words_one_after_the_other(text: str, answer: str, there: bool) -> None:
    assert holds(text, answer) is there


@given(st.text(), st.text())
def test_f1_is_between_no_match_and_exact_match(said: str, expected: str) -> None:
    f1 = token_f1(said, [expected])
    assert exact_match(said, [expected]) <= f1 <= 1
    assert token_f1(expected, [said]) == f1
