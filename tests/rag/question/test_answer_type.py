"""What a question asks for, and which sentences could be that."""

from __future__ import annotations

import pytest

from rag.question.answer_type import AnswerType, answer_form, answer_type, without_asking


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("why does China object?", "why"),
        ("What are the reasons for the strike?", "why"),
        ("who said when it would open?", "who"),
        ("When did it open?", "when"),
        ("what year was that", "when"),
        ("where is the ferry now?", "where"),
        ("how many people died?", "number"),
        ("how long was the ship?", "measure"),
        ("What happened?", "other"),
        ("Pourquoi la grève ?", "why"),
        ("What makes the union angry?", "why"),
        ("What are the union's objections?", "why"),
        ("What concerns does the union have?", "why"),
        ("What is the union afraid of?", "why"),
        ("What went wrong with the ferry?", "why"),
        ("What does the union say?", "other"),
    ],
)
def test_the_kind_of_answer(question: str, kind: AnswerType) -> None:
    assert answer_type(question) == kind


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("What caused the outage?", "the outage?"),
        ("how many people died?", "people died?"),
        ("What happened at Changi Airport?", "at Changi Airport?"),
    ],
)
def test_the_words_that_only_ask_are_left_out(question: str, rest: str) -> None:
    assert without_asking(question).strip() == rest


def test_whose_reasons_they_are_is_asked_about() -> None:
    assert "China" in without_asking("What are China's objections to the treaty?")
    assert "union" in without_asking("What makes the union angry?")


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Why did the ferry stop?", "reasons"),
        ("When did the ferry stop?", "fact"),
        ("Did the ferry stop?", "fact"),
        ("Who sank the ferry?", "fact"),
        ("Which towns were flooded?", "several"),
        ("Which captains lost their licences?", "several"),
        ("Who were the captains?", "several"),
        ("What are the names of the captains?", "several"),
        ("Which virus was it?", "other"),
        ("Which company makes the ferries?", "other"),
        ("Who were you?", "fact"),
        ("What bothers the mayor?", "other"),
        ("How was the dam built?", "way"),
        ("How many towns were flooded?", "fact"),
    ],
)
def test_the_form_of_an_answer_follows_from_what_is_asked(question: str, form: str) -> None:
    assert answer_form(question) == form
