"""The set of questions on known contexts: an invented one from end to end, and its columns worked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.commands import main
from eval.datasets.answering import squad2
from eval.datasets.answering.squad2 import ContextQuestion, best_thresholds, scores
from tests.eval.fakes import CLOSED, COST, CRACKS
from tests.eval.rows import written


def question(*answers: str) -> ContextQuestion:
    return ContextQuestion(
        id="1", context_id="c", title="T", question="?", answers=list(answers), is_impossible=not answers
    )


@pytest.fixture(autouse=True)
def thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(squad2, "THRESHOLDS", {"best_f1": 0.5, "sentence_f1": 0.7})


def test_the_first_sentence_with_an_answer_decides() -> None:
    found = scores(question("4  Million", "five"), [(CLOSED, 0.6), (COST, 0.4), (CRACKS, 0.1)])
    assert found["sentence_at_1"] == found["right"] == 0
    assert found["sentence_mrr"] == 0.5
    assert (found["confidence"], found["answerable"]) == (0.6, 1)


def test_an_answer_that_no_sentence_holds_has_no_rank() -> None:
    assert scores(question("nine"), [(CLOSED, 0.6)])["sentence_mrr"] == 0
    assert scores(question("nine"), [])["sentence_mrr"] == 0


def test_best_f1_is_that_of_the_best_sentence_from_its_threshold_on() -> None:
    # bridge closed on monday: 4 words, expected: monday
    assert scores(question("Monday"), [(CLOSED, 0.5)])["best_f1"] == pytest.approx(2 / 5)
    assert scores(question("Monday"), [(CLOSED, 0.49)])["best_f1"] == 0
    assert scores(question("Monday"), [(CLOSED, 0.49)])["f1_if_shown"] == pytest.approx(2 / 5)


def test_an_impossible_question_is_right_where_nothing_is_shown() -> None:
    shown, kept_back = (scores(question(), [(CLOSED, confidence)]) for confidence in (0.5, 0.4))
    assert (shown["best_f1"], kept_back["best_f1"]) == (0, 1)
    assert shown["sentence_at_1"] is None
    assert shown["right"] == 0


def test_precision_is_over_what_is_shown_and_recall_over_what_can_be_answered() -> None:
    columns = ("shown_right", "found_right")
    assert [scores(question("Monday"), [(CLOSED, 0.7)])[name] for name in columns] == [1, 1]
    assert [scores(question("Monday"), [(CLOSED, 0.6)])[name] for name in columns] == [None, 0]
    assert [scores(question(), [(CLOSED, 0.7)])[name] for name in columns] == [0, None]


def test_the_best_thresholds_are_those_of_the_questions_at_hand() -> None:
    asked = [
        (question("the bridge closed on Monday"), 0.91239),  # F1 1, right
        (question("Monday"), 0.8),  # F1 2/5, right
        (question(), 0.7),  # costs 1
        (question("cracks"), 0.6),  # wrong sentence
    ]
    rows = [{"scores": scores(one, [(CLOSED, confidence)])} for one, confidence in asked]
    # token F1 gains 1, 1.4, .4, .4; sentence F1 is 2/4, 4/5, 4/6, 4/7
    assert best_thresholds(rows) == {"best_f1": 0.8, "sentence_f1": 0.8}
    assert best_thresholds(rows[:1]) == {"best_f1": 0.9123, "sentence_f1": 0.9123}
    assert best_thresholds(rows[2:3]) == {"best_f1": 1.0, "sentence_f1": 1.0}


def test_the_set_is_run_from_end_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEWSDESK_EMBEDDER", "hashing")
    contexts = [
        {"context_id": "Bridge#0", "title": "Harbour_bridge", "context": f"{CLOSED} {CRACKS} {COST}"},
        {"context_id": "Ferry#0", "title": "Ferry", "context": "The ferry runs twice a day. It is free for cyclists."},
    ]
    asked = [
        ("1", "Bridge#0", "Harbour_bridge", "How many million euros will repairs cost?", ["4 million"]),
        ("2", "Ferry#0", "Ferry", "How often does the ferry run a day?", ["twice"]),
        ("3", "Ferry#0", "Ferry", "Who painted the submarine?", []),
    ]
    names = ("id", "context_id", "title", "question", "answers")
    questions = [dict(zip(names, row, strict=True)) | {"is_impossible": not row[-1]} for row in asked]
    written(tmp_path / "contexts.jsonl.gz", contexts)
    written(tmp_path / "questions.jsonl", questions)
    assert main(["run", "--set", "squad2", "--data", str(tmp_path), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    values = {name: (metric["value"], metric["n"]) for name, metric in result["metrics"].items()}
    assert values["sentence_at_1"] == values["sentence_mrr"] == (1.0, 2)
    assert values["answerable_auroc"] == (1.0, 3)
    assert values["best_f1"][1] == 3
    assert result["provenance"]["best_thresholds_here"].keys() == squad2.THRESHOLDS.keys()


def test_a_question_without_its_context_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEWSDESK_EMBEDDER", "hashing")
    written(tmp_path / "contexts.jsonl", [{"context_id": "c", "title": "T", "context": CLOSED}])
    written(tmp_path / "questions.jsonl", [question("Monday").model_copy(update={"context_id": "d"}).model_dump()])
    assert main(["run", "--set", "squad2", "--data", str(tmp_path)]) == 2
    assert "question '1': no context 'd'" in capsys.readouterr().err
