"""The set of multi-hop questions: an invented one from end to end, and its measures worked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.commands import main
from eval.datasets.answering.multihop_rag import Fact, Query, answer_is_right_officially, facts_held, scores
from eval.runs.ask import Reply
from rag.types import Answer
from tests.eval.fakes import BRIDGE, CLOSED, COST, FERRY, make_answer, make_evidence
from tests.eval.rows import written

FREE = "It is free for cyclists."


def query(*facts: str, answer: str = "Yes", kind: str = "comparison_query") -> Query:
    return Query(
        id="q1",
        query="?",
        answer=answer,
        question_type=kind,
        evidence_list=[Fact(fact=fact, url="https://a.example/") for fact in facts],
    )


def scored(asked: Query, answer: Answer) -> dict[str, float | None]:
    return scores(asked, Reply(answer=answer, seconds=0.0))


def test_blanks_and_line_ends_do_not_count_and_all_else_does() -> None:
    held = facts_held(make_evidence(BRIDGE, FERRY), ["The  bridge\nclosed on Monday.", "the bridge closed", FREE])
    assert held == [{0}, {2}]


def test_evidence_of_two_articles_is_scored_fact_by_fact() -> None:
    found = scored(query(COST, FREE, "Nobody knows."), make_answer(evidence=make_evidence(FERRY, BRIDGE)))
    assert found["hits_at_4"] == found["hits_at_10"] == found["mrr_at_10"] == 1
    assert found["all_evidence_at_10"] == 0
    assert found["evidence_recall_at_10"] == pytest.approx(2 / 3)
    assert found["map_at_10_official"] == pytest.approx((1 + 1 / 2) / 3)


def test_a_null_question_counts_for_abstention_and_not_for_retrieval() -> None:
    null = query(kind="null_query", answer="Insufficient information.")
    refused = scored(null, make_answer(evidence=make_evidence(BRIDGE)))
    assert refused["hits_at_10"] is None
    assert refused["abstention_recall"] == refused["abstention_precision"] == 1
    assert refused["exact_match"] == refused["answer_official"] == 1
    answered = scored(null, make_answer((BRIDGE, COST)))
    assert answered["abstention_recall"] == 0
    assert answered["abstention_precision"] is None


def test_a_refused_question_with_evidence_was_refused_wrongly() -> None:
    found = scored(query(COST), make_answer())
    assert found["abstention_precision"] == 0
    assert found["abstention_recall"] is None
    assert found["answer_official"] == 0


def test_an_answer_of_yes_or_no_is_not_looked_for_in_quotes() -> None:
    assert scored(query(COST, answer="no"), make_answer((BRIDGE, COST)))["answer_shown"] is None
    assert scored(query(COST, answer="4 million"), make_answer((BRIDGE, COST)))["answer_shown"] == 1


@pytest.mark.parametrize(
    ("said", "expected", "right"),
    [
        ("yes it is", "Yes", True),
        ("Yes.", "Yes", False),  # punctuation is not stripped
        ('The answer to the question is "no"', "Yes", False),
        ('The answer to the question is "no"', "no", True),
        ("The answer is yes", "Yes", True),
        ("the harbour", "The Verge", True),  # any shared word is enough
    ],
)
def test_the_official_answer_score_has_its_quirks(said: str, expected: str, right: bool) -> None:
    assert answer_is_right_officially(said, expected) is right


@pytest.fixture
def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSDESK_EMBEDDER", "hashing")
    stub = {"author": None, "category": "town", "published_at": "2024-03-04T10:00:00+00:00"}
    stubs: list[dict[str, Any]] = [
        {**stub, "doc_id": "e1", "url": "https://harbour.example/1", "title": "Bridge", "source": "Harbour Standard",
         "facts": [CLOSED, COST]},
        {**stub, "doc_id": "e2", "url": "https://wire.example/2", "title": "Ferry", "source": "Northgate Wire",
         "facts": [FREE]},
    ]  # fmt: skip
    far = {"doc_id": "d1", "url": "https://cnn.example/3", "title": "Chess", "publish_date": "2023/10/01",
           "authors": ["A. Writer"], "text": "The final was drawn after six hours."}  # fmt: skip
    both = [{"fact": CLOSED, "url": stubs[0]["url"]}, {"fact": FREE, "url": stubs[1]["url"]}]
    question = "Did Harbour Standard say that the bridge closed and Northgate Wire that it is free for cyclists?"
    queries = [
        {"id": "q1", "query": question, "answer": "Yes", "question_type": "comparison_query", "evidence_list": both},
        {"id": "q2", "query": "Who won the regatta at Xylophane?", "answer": "Insufficient information.",
         "question_type": "null_query", "evidence_list": []},
    ]  # fmt: skip
    written(tmp_path / "evidence_articles.jsonl", stubs)
    written(tmp_path / "distractors_1999.jsonl.gz", [far])
    written(tmp_path / "unseen" / "queries.jsonl", queries)
    return tmp_path / "unseen"


def test_the_set_is_run_from_end_to_end(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--set", "multihop-rag", "--data", str(half), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    names = ("hits_at_4", "hits_at_10", "mrr_at_10", "map_at_10_official", "all_evidence_at_10",
             "evidence_recall_at_10")  # fmt: skip
    values = {name: (result["metrics"][name]["value"], result["metrics"][name]["n"]) for name in names}
    assert values.pop("map_at_10_official") == (0.75, 1)
    assert set(values.values()) == {(1.0, 1)}
    assert result["metrics"]["abstention_recall"]["n"] == 1
    assert result["provenance"]["library"]["articles"] == 3


def test_the_shared_files_are_missed_by_name(half: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (half.parent / "evidence_articles.jsonl").unlink()
    assert main(["run", "--set", "multihop-rag", "--data", str(half)]) == 2
    assert "no evidence_articles.jsonl" in capsys.readouterr().err
