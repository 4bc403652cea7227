"""What readers say is kept on this machine, once for each answer, and becomes cases that the evaluation can read."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from eval.cases import Case
from rag.errors import StorageError, UsageError
from rag.scope import Scope
from tests.web.fakes import CHINA, answer_of
from web.page.conversation import Answered, Asking, Conversation, Limits
from web.page.feedback import NAME, Feedback, FeedbackFile, as_case
from web.page.session import Session


def session_with(*questions: str) -> Session:
    session = Session()
    turns = tuple(
        Answered(question=question, limits=Limits(), answer=answer_of(CHINA, question=question), seconds=0.1)
        for question in questions
    )
    session.conversation = Conversation(turns)
    return session


def test_a_verdict_is_kept_with_the_conversation_before_it(tmp_path: Path) -> None:
    session, feedback = session_with("What did they sign?", "Why?"), Feedback(FeedbackFile(tmp_path))
    session.note(feedback, 1, "bad", "something is missing")
    (row,) = feedback.rows()
    assert (row["verdict"], row["reason"], row["history"]) == ("bad", "something is missing", ["What did they sign?"])
    assert row["answer"]["question"] == "Why?"
    turn = session.conversation.turns[1]
    assert isinstance(turn, Answered)
    assert turn.rated == "something is missing"


def test_the_limits_of_the_question_are_kept_as_they_were_typed(tmp_path: Path) -> None:
    scope = Scope.of(after="2024-06-01", before="2024-06-30", outlets=["Pacific Ledger"], articles=["a"])
    Feedback(FeedbackFile(tmp_path)).keep(answer_of(CHINA), "good", "", scope=scope)
    (row,) = Feedback(FeedbackFile(tmp_path)).rows()
    assert (row["after"], row["before"]) == ("2024-06-01", "2024-06-30")
    assert (row["outlets"], row["articles"]) == (["Pacific Ledger"], ["a"])


def test_an_answer_is_rated_once_and_nothing_else_can_be(tmp_path: Path) -> None:
    session, feedback = session_with("Why?"), Feedback(FeedbackFile(tmp_path))
    session.note(feedback, 0, "good", "")
    session.note(feedback, 0, "bad", "too long")
    session.note(feedback, 7, "good", "")
    assert [row["verdict"] for row in feedback.rows()] == ["good"]


def test_a_good_answer_becomes_a_case_and_a_bad_one_waits_for_its_facts(tmp_path: Path) -> None:
    session, feedback = session_with("Why?", "How?"), Feedback(FeedbackFile(tmp_path))
    session.note(feedback, 0, "good", "")
    session.note(feedback, 1, "bad", "too long")
    good, bad = (as_case(row, number) for number, row in enumerate(feedback.rows(), start=1))
    case = Case.model_validate_json(json.dumps(good["case"]))
    assert [fact.any_of[0].quote for fact in case.facts] == [citation.quote for citation in CHINA]
    assert bad["case"]["facts"] == []
    assert "too long" in bad["reason"]


def test_a_line_that_a_kill_cut_off_is_left_out_and_takes_none_along(tmp_path: Path) -> None:
    session, feedback = session_with("Why?", "How\u2028come?"), Feedback(FeedbackFile(tmp_path))
    session.note(feedback, 0, "good", "")
    with (tmp_path / NAME).open("ab") as file:
        file.write('{"when": "\u00e9'.encode()[:-1])
    session.note(feedback, 1, "bad", "too long")
    assert [row["answer"]["question"] for row in feedback.rows()] == ["Why?", "How\u2028come?"]


def test_what_is_worked_on_meanwhile_does_not_undo_a_rating(tmp_path: Path) -> None:
    session, feedback = session_with("Why?"), Feedback(FeedbackFile(tmp_path))
    work = session.start()
    begun = session.conversation.begin(Asking(question="And then?", limits=Limits()))
    session.note(feedback, 0, "good", "")
    session.keep(work, begun)
    session.note(feedback, 0, "bad", "too long")
    assert [row["verdict"] for row in feedback.rows()] == ["good"]


def test_what_cannot_be_kept_is_not_noted(tmp_path: Path) -> None:
    session = session_with("Why?")
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(StorageError):
        session.note(Feedback(FeedbackFile(tmp_path / "file" / "library")), 0, "good", "")
    assert session.conversation.turns[0].rated == ""  # type: ignore[union-attr]


def test_every_tab_has_a_session_of_its_own() -> None:
    first = session_with("Why?")
    copied = copy.deepcopy(first)
    assert copied.id != first.id
    assert copied.conversation.turns == ()


def test_without_feedback_the_command_says_where_it_comes_from(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the page asks"):
        list(Feedback(FeedbackFile(tmp_path)).rows())


def test_a_row_of_an_earlier_version_is_exported_too(tmp_path: Path) -> None:
    session, feedback = session_with("Why?"), Feedback(FeedbackFile(tmp_path))
    session.note(feedback, 0, "good", "")
    (row,) = feedback.rows()
    del row["articles"]
    assert as_case(row, 1)["articles"] == []


def test_the_command_prints_a_case_a_line(tmp_path: Path) -> None:
    session = session_with("Why?", "How?")
    for number in (0, 1):
        session.note(Feedback(FeedbackFile(tmp_path)), number, "good", "")
    exported = CliRunner().invoke(cli.app, ["feedback", "export", "--library", str(tmp_path)])
    assert exported.exit_code == 0
    cases = [json.loads(line)["case"] for line in exported.stdout.splitlines()]
    assert [case["id"] for case in cases] == ["feedback-0001", "feedback-0002"]
