"""Why figures differ: what is said to be counted, and how else it is asked."""

from __future__ import annotations

import pytest

from rag.question.differing_figures import asked_for_figures, asked_otherwise, counted_differently
from rag.types import Question


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Why are the flood death counts different?", "the flood death counts"),
        ("why do the mayor and the county give different death tolls for the flood", "death tolls for the flood"),
        ("Why do the numbers of lost ferries differ between the two papers?", "the numbers of lost ferries"),
        ("Explain why the estimates of the crowd are so far apart", "the estimates of the crowd"),
        ("Why do the papers disagree on the number of lost ferries?", "the number of lost ferries"),
        ("Why did the two mayors differ?", ""),
        ("How many ferries were lost?", ""),
        ("Why did the number of ferries fall?", ""),
    ],
)
def test_what_is_counted_is_said_by_the_question(text: str, counted: str) -> None:
    assert counted_differently(text) == counted


def test_it_is_asked_as_articles_put_it_and_for_the_figures_themselves() -> None:
    question = Question(text="Why do the numbers of lost ferries differ between the two papers?")
    assert [one.complete for one in asked_otherwise(question)] == [
        "Why do the figures for lost ferries differ?",
        "Why do the counts of lost ferries differ?",
    ]
    figures = asked_for_figures(question)
    assert figures is not None
    assert figures.complete == "How many lost ferries?"


def test_the_dead_are_asked_for_in_the_usual_words() -> None:
    figures = asked_for_figures(Question(text="why are the death tolls for the flood different?"))
    assert figures is not None
    assert figures.complete == "How many people died in the flood?"


def test_a_question_that_does_not_say_what_is_counted_is_left_as_it_is() -> None:
    assert asked_otherwise(Question(text="Why do the counts differ so much?")) == ()
    assert asked_for_figures(Question(text="Why did the dam break?")) is None
