"""The set of the weekly quiz: an invented one from end to end, and its measures worked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.commands import main
from eval.datasets.answering.realtimeqa import QuizQuestion, Retrieved, scores
from eval.runs.ask import Reply
from rag.types import Answer
from tests.eval.fakes import BRIDGE, COPY, COST, FERRY, make_answer, make_evidence
from tests.eval.rows import written


def quiz(answer: str = "4 million", *, question: str = "What will the repairs cost?") -> QuizQuestion:
    return QuizQuestion(
        id="w1", question=question, answer=[answer], retrieved=[Retrieved(doc_id="bridge", contains_answer=True)]
    )


def reply(answer: Answer) -> Reply:
    return Reply(answer=answer, seconds=0.0)


def test_the_evidence_is_scored_by_the_rank_of_its_first_relevant_passage() -> None:
    found = scores(quiz(), reply(make_answer(evidence=make_evidence(FERRY, BRIDGE))), {"bridge"})
    assert found["article_at_1"] == 0
    assert found["article_at_5"] == found["article_at_10"] == found["answer_at_5"] == found["answer_at_10"] == 1
    assert found["mrr_at_10"] == 0.5


def test_a_passage_counts_for_the_copies_that_it_names() -> None:
    found = scores(quiz(), reply(make_answer(evidence=make_evidence(FERRY, copies=[COPY]))), {"copy"})
    assert found["article_at_1"] == 1
    assert found["answer_at_10"] == 0  # the ferry's passage does not hold the answer


def test_an_answer_in_the_title_counts_for_its_passages() -> None:
    found = scores(quiz("Bridge closed"), reply(make_answer(evidence=make_evidence(BRIDGE))), {"bridge"})
    assert found["answer_at_5"] == 1


def test_what_is_shown_is_scored_as_an_answer() -> None:
    # shown: repairs will cost 4 million euros; expected: 4 million. Shared 2 of 6 and of 2
    found = scores(quiz(), reply(make_answer((BRIDGE, COST))), {"bridge"})
    assert found["f1"] == pytest.approx(0.5)
    assert found["exact_match"] == 0
    assert found["answer_shown"] == found["shown_right"] == 1
    assert found["abstained"] == found["abstained_answerable"] == 0


def test_a_refusal_shows_nothing() -> None:
    found = scores(quiz(), reply(make_answer()), {"bridge"})
    assert found["answer_shown"] == found["f1"] == 0
    assert found["shown_right"] is None
    assert found["abstained"] == found["abstained_answerable"] == 1


def test_a_question_without_a_relevant_article_counts_for_answers_only() -> None:
    found = scores(quiz(), reply(make_answer((BRIDGE, COST))), set())
    applying = {name for name, score in found.items() if score is not None}
    assert applying == {"exact_match", "f1", "abstained"}


def test_a_question_that_needs_its_choices_is_no_question_to_generate_for() -> None:
    found = scores(quiz(question="All of these are closed except?"), reply(make_answer((BRIDGE, COST))), {"bridge"})
    assert found["f1"] is None
    assert found["exact_match"] is None


def test_several_right_choices_count_in_any_order() -> None:
    both = quiz().model_copy(update={"answer": ["euros", "Repairs will cost 4 million"]})
    assert scores(both, reply(make_answer((BRIDGE, COST))), {"bridge"})["exact_match"] == 1


def document(name: str, title: str, text: str) -> dict[str, Any]:
    return {
        "doc_id": name,
        "url": f"https://www.harbour.example/{name}",
        "title": title,
        "publish_date": "2024/03/04",
        "authors": [],
        "text": text,
        "truncated": False,
    }


@pytest.fixture
def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSDESK_EMBEDDER", "hashing")
    folder = tmp_path / "half"
    corpus = [
        document("bridge", "Bridge closed", BRIDGE.text),
        document("ferry", "Ferry", FERRY.text),
        document("nothing", "No text", " "),
    ]
    questions = [
        {
            "id": "w1",
            "week": "20240304",
            "question": "How much will the repairs of the bridge cost?",
            "answer": ["4 million euros"],
            "retrieved": [{"doc_id": "bridge", "rank": 1, "contains_answer": True}],
        },
        {"id": "w2", "week": "20240304", "question": "Who won the regatta?", "answer": ["Ruiz"], "retrieved": []},
    ]
    folder.mkdir()
    written(folder / "corpus.jsonl.gz", corpus)
    written(folder / "retrieval_questions.jsonl", questions)
    return folder


def test_the_set_is_run_from_end_to_end(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--set", "realtimeqa", "--data", str(half), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["set"] == "realtimeqa"
    for name in ("article_at_1", "article_at_5", "article_at_10", "mrr_at_10", "answer_at_5", "answer_at_10"):
        assert (result["metrics"][name]["value"], result["metrics"][name]["n"]) == (1.0, 1)
    assert result["metrics"]["abstained"]["n"] == 2
    assert result["provenance"]["library"]["articles"] == 2
    assert result["provenance"]["library"]["left_out"] == 1


def test_a_kept_library_is_made_once_and_gives_the_same_figures(
    half: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "libraries"
    command = ["run", "--set", "realtimeqa", "--data", str(half), "--json", "--libraries", str(kept)]
    assert main(command) == 0
    first = json.loads(capsys.readouterr().out)
    made = {file: file.stat().st_mtime_ns for file in kept.glob("*/archive.sqlite3")}
    assert main(command) == 0
    second = json.loads(capsys.readouterr().out)
    assert first["metrics"] == second["metrics"]
    assert len(made) == 1
    assert {file: file.stat().st_mtime_ns for file in kept.glob("*/archive.sqlite3")} == made


def test_without_data_the_error_says_what_to_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--set", "realtimeqa"]) == 2
    assert "needs --data" in capsys.readouterr().err
