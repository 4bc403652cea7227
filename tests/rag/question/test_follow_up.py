"""Follow-ups lean on the conversation, complete questions do not."""

from __future__ import annotations

import pytest

from rag.question.follow_up import in_context, leans_on_history, may_stand_alone
from rag.types import Question


@pytest.mark.parametrize(
    "text",
    [
        "why does China object?",
        "And when was that?",
        "how many were hurt?",
        "what did he say?",
        "where?",
        "What about Japan?",
    ],
)
def test_questions_that_say_too_little_lean_on_the_conversation(text: str) -> None:
    assert leans_on_history(text)


@pytest.mark.parametrize(
    "text",
    [
        "What did Janet Yellen tell reporters in Beijing about tariffs?",
        "How many seats did the Liberal Democrats win in the July election?",
        "When does the ferry from Port Lindow sail again?",
        "How long did it take Saltmarsh to rebuild?",
    ],
)
def test_complete_questions_stand_alone(text: str) -> None:
    assert not leans_on_history(text)
    assert in_context(Question(text=text), ["What did the mayor say about taxes?"]).context == ""


def test_a_follow_up_takes_the_last_complete_question_and_what_came_after_it() -> None:
    history = [
        "Who won the Saltmarsh chess tournament in May?",
        "What did the mayor Ana Ruiz say about the bridge?",
        "and when?",
    ]
    asked = in_context(Question(text="why so long?"), history)
    assert asked.context == "What did the mayor Ana Ruiz say about the bridge? and when?"
    assert asked.text == "why so long?"


def test_without_a_conversation_nothing_is_added() -> None:
    assert in_context(Question(text="why?"), []).context == ""


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("Why does China object?", True),
        ("Why did Saltmarsh close?", True),
        ("How hot was it in Mecca?", True),
        ("How long did it take to rebuild?", False),
        ("Why does it object?", False),
        ("And China?", False),
        ("How many died?", False),
    ],
)
def test_a_short_question_with_a_name_may_be_a_new_one(text: str, may: bool) -> None:
    assert may_stand_alone(in_context(Question(text=text), ["How strong was the storm in Texas on Monday?"])) is may


def test_a_question_without_a_context_needs_no_second_reading() -> None:
    assert not may_stand_alone(Question(text="Why does China object?"))
