"""The pointers of a follow-up are replaced by what the conversation names, and by nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.coreference import resolved
from rag.question.follow_up import in_context
from rag.types import Question


@pytest.mark.parametrize(
    ("earlier", "text", "told"),
    [
        # Who acts, and what is acted on.
        ("What does China think of the treaty?", "Why does it object?", "Why does China object?"),
        ("What does China think of the treaty?", "When was it signed?", "When was the treaty signed?"),
        ("Did the Bank of Lorne cut its rate?", "Why did it do that?", "Why did the Bank of Lorne do that?"),
        ("What did Boeing find?", "What did its engineers say?", "What did Boeing’s engineers say?"),  # noqa: RUF001
        # Who does it, and what it is done to.
        ("What did Japan say of the pact?", "What can it do about it?", "What can Japan do about the pact?"),
        # Which of several.
        ("Who won the Italian election?", "And the Dutch one?", "Who won the Dutch election?"),
        ("What caused the Lorne outage?", "and Elmford?", "What caused the Elmford outage?"),
        ("Why did the Fed cut rates?", "And Japan?", "Why did Japan cut rates?"),
        # Things, named or described.
        ("What caused the CrowdStrike outage?", "How long did it last?", "How long did the CrowdStrike outage last?"),
        ("How many people did the flood in Lorne kill?", "What caused it?", "What caused the flood?"),
        ("When will the bridge reopen?", "Who pays for it?", "Who pays for the bridge?"),
        ("How much will the new Key Bridge cost?", "Who pays for it?", "Who pays for the new Key Bridge?"),
        ("When does the ferry strike in Port Lindow end?", "Why did it start?", "Why did the ferry strike start?"),
        ("What does the act ban?", "How high are the fines under it?", "How high are the fines under the act?"),
        ("How long will repairs of the Lorne bridge take?", "Who pays for it?", "Who pays for the Lorne bridge?"),
        # People.
        ("What did the mayor Ana Ruiz say about the bridge?", "When was she elected?", "When was Ana Ruiz elected?"),
        ("What did the mayor Ana Ruiz say about the bridge?", "When will it reopen?", "When will the bridge reopen?"),
        ("Who is President Macron meeting?", "Why did he resign?", "Why did President Macron resign?"),
        ("What did Janet Yellen say in Beijing?", "Who met her?", "Who met Janet Yellen?"),
        # Several.
        (
            "Why were the northern lights seen in Kent?",
            "How long did they last?",
            "How long did the northern lights last?",
        ),
        ("How many pilgrims died in the heat?", "Where did they come from?", "Where did the pilgrims come from?"),
        # The same of another.
        ("What does China think of the treaty?", "What about Japan?", "What does Japan think of the treaty?"),
        ("What did the United States say about it?", "and South Korea?", "What did South Korea say about it?"),
        ("Did the Bank of Lorne cut its rate?", "And the ECB?", "Did the ECB cut its rate?"),
    ],
)
def test_a_pointer_is_told(earlier: str, text: str, told: str) -> None:
    assert resolved(text, [earlier]) == told


@pytest.mark.parametrize(
    ("earlier", "text"),
    [
        ("What did Putin do in Pyongyang?", "Why is China uneasy about it?"),  # what he did, not he
        ("Who won the British election?", "How many seats did they win?"),
        ("Which papers reported the outage?", "And when was that?"),
        ("What caused the outage?", "How many were hurt?"),
        ("Who resigned?", "Why did she resign?"),
        ("How many boats sank in the storm?", "What can it do about it?"),  # who?
        ("What did Japan say?", "And the Dutch one?"),  # one of what?
    ],
)
def test_what_the_conversation_does_not_name_stays_a_pointer(earlier: str, text: str) -> None:
    assert resolved(text, [earlier]) == text


@given(st.text(max_size=200), st.lists(st.text(max_size=200), max_size=3))
def test_any_conversation_can_be_read(text: str, earlier: list[str]) -> None:
    assert isinstance(resolved(text, earlier), str)
    assert resolved(text, []) == text


def test_a_chain_of_follow_ups_is_told_in_turn() -> None:
    history = ["What does China think of the treaty?", "What about Japan?"]
    asked = in_context(Question(text="Why does it object?"), history)
    assert (asked.text, asked.standalone) == ("Why does it object?", "Why does Japan object?")
    assert asked.complete == "Why does Japan object?"


def test_a_question_that_stands_alone_is_left_alone() -> None:
    asked = in_context(Question(text="How many seats did the Liberal Democrats win in July?"), ["Who is Ana Ruiz?"])
    assert (asked.context, asked.standalone, asked.complete) == ("", "", asked.text)
