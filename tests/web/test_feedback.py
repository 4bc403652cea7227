"""What readers say is kept on this machine, once for each answer, and becomes cases that the evaluation can read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.cases import Case
from rag.errors import UsageError
from tests.web.fakes import CHINA, answer_of
from web.conversation import Answered, Conversation, Limits, Session
from web.feedback import NAME, Feedback, as_case


def session_with(*questions: str) -> Session:
    session = Session()
    turns = tuple(
        Answered(question=question, limits=Limits(), answer=answer_of(CHINA, question=question), seconds=0.1)
        for question in questions
    )
    session.conversation = Conversation(turns)
    return session


def test_a_verdict_is_kept_with_the_conversation_before_it(tmp_path: Path) -> None:
    session, feedback = session_with("What did they sign?", "Why?"), Feedback(tmp_path)
    session.note(feedback, 1, "bad", "something is missing")
    (row,) = feedback.rows()
    assert (row["verdict"], row["reason"], row["history"]) == ("bad", "something is missing", ["What did they sign?"])
    assert row["answer"]["question"] == "Why?"
    turn = session.conversation.turns[1]
    assert isinstance(turn, Answered)
    assert turn.rated == "something is missing"


def test_an_answer_is_rated_once_and_nothing_else_can_be(tmp_path: Path) -> None:
    session, feedback = session_with("Why?"), Feedback(tmp_path)
    session.note(feedback, 0, "good", "")
    session.note(feedback, 0, "bad", "too long")
    session.note(feedback, 7, "good", "")
    assert [row["verdict"] for row in feedback.rows()] == ["good"]


def test_a_good_answer_becomes_a_case_and_a_bad_one_waits_for_its_facts(tmp_path: Path) -> None:
    session, feedback = session_with("Why?", "How?"), Feedback(tmp_path)
    session.note(feedback, 0, "good", "")
    session.note(feedback, 1, "bad", "too long")
    good, bad = (as_case(row, number) for number, row in enumerate(feedback.rows(), start=1))
    case = Case.model_validate_json(json.dumps(good["case"]))
    assert [fact.any_of[0].quote for fact in case.facts] == [citation.quote for citation in CHINA]
    assert bad["case"]["facts"] == []
    assert "too long" in bad["reason"]


def test_a_line_that_a_kill_cut_off_is_left_out(tmp_path: Path) -> None:
    session, feedback = session_with("Why?"), Feedback(tmp_path)
    session.note(feedback, 0, "good", "")
    with (tmp_path / NAME).open("a", encoding="utf-8") as file:
        file.write('{"when": "2024')
    assert len(list(feedback.rows())) == 1


def test_without_feedback_the_command_says_where_it_comes_from(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the page asks"):
        list(Feedback(tmp_path).rows())
