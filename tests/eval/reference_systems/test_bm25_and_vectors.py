"""What stands beside Newsdesk: scored on the same questions, by paired draws, and shown as such."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.commands import main
from eval.metrics.estimates import estimated, mean_of
from eval.reference_systems import bm25_and_vectors
from eval.reference_systems.bm25_and_vectors import SentenceBM25
from eval.runs import report
from eval.runs.results import Result
from tests.eval.fakes import BRIDGE, CLOSED, COST, CRACKS, FERRY
from tests.eval.rows import written

MADE = {"created": "", "newsdesk": "", "commit": "", "model": "", "embedder": "", "python": "", "platform": ""}


def cases(own: list[float], theirs: list[float]) -> list[dict[str, Any]]:
    return [
        {"id": str(i), "scores": {"mrr_at_10": a}, "baselines": {"BM25 alone": {"mrr_at_10": b}}}
        for i, (a, b) in enumerate(zip(own, theirs, strict=True))
    ]


def result(rows: list[dict[str, Any]]) -> Result:
    how = mean_of("mrr_at_10")
    return Result(
        set="s", data="d", metrics=estimated(how, rows), provenance=MADE, baselines=bm25_and_vectors.beside(how, rows)
    )


def test_a_difference_is_newsdesks_figure_less_the_baselines() -> None:
    found = bm25_and_vectors.beside(mean_of("mrr_at_10"), cases([1, 1, 1, 0.5], [0.5, 0.5, 0.5, 0]))["BM25 alone"]
    assert found.metrics["mrr_at_10"].value == 0.375
    change = found.differences["mrr_at_10"]
    # every case differs by as much: paired draws leave no doubt, however much the cases themselves vary
    assert (change.value, change.low, change.high, change.n) == (0.5, 0.5, 0.5, 4)


@pytest.mark.parametrize(("theirs", "marked"), [([0.0] * 8, True), ([1.0] * 4 + [0.0] * 4, False)])
def test_only_a_difference_whose_interval_holds_no_0_is_marked_as_clear(theirs: list[float], marked: bool) -> None:
    own = [1.0, 0.0] * 4 if not marked else [1.0] * 8
    table = report.as_markdown(result(cases(own, theirs)))
    assert "| metric | Newsdesk | BM25 alone | Newsdesk less BM25 alone | n |" in table
    assert (" clear |" in table) is marked


def test_without_baselines_nothing_in_the_public_form_names_them() -> None:
    plain = result([{"id": "1", "scores": {"mrr_at_10": 1.0}}])
    assert plain.as_json().keys() == {"set", "data", "metrics", "provenance"}


def test_bm25_of_a_sentence_is_the_published_formula() -> None:
    index = SentenceBM25([CLOSED, CRACKS])
    # bridge, closed, monday; engineers, found, cracks, two, cables: 3 and 5 terms, 4 on average
    norm = 1.2 * (0.25 + 0.75 * 3 / 4)
    assert index.score("Which bridge?", CLOSED) == pytest.approx(math.log(2) * 2.2 / (1 + norm))
    assert index.score("Which bridge?", CRACKS) == 0


def test_sentences_of_one_score_keep_their_order() -> None:
    ranked = bm25_and_vectors.ranked_by_words(SentenceBM25([CLOSED, CRACKS, COST]), "cables?", [COST, CLOSED, CRACKS])
    assert [text for text, _ in ranked] == [CRACKS, COST, CLOSED]


@pytest.fixture
def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSDESK_EMBEDDER", "hashing")
    names = {"bridge": BRIDGE.text, "ferry": FERRY.text}
    corpus = [
        {"doc_id": name, "url": f"https://h.example/{name}", "title": name, "text": text}
        for name, text in names.items()
    ]
    asked = {"id": "w1", "question": "How much will the repairs of the bridge cost?", "answer": ["4 million euros"]}
    asked["retrieved"] = [{"doc_id": "bridge", "contains_answer": True}]  # type: ignore[assignment]
    written(tmp_path / "corpus.jsonl", corpus)
    written(tmp_path / "retrieval_questions.jsonl", [asked])
    return tmp_path


def test_a_run_scores_both_indexes_alone_on_the_same_questions(
    half: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.md"
    command = ["run", "--set", "realtimeqa", "--data", str(half), "--baselines", "--skip-langchain", "--json"]
    assert main([*command, "--markdown", str(table)]) == 0
    found = json.loads(capsys.readouterr().out)["baselines"]
    assert found.keys() == {"BM25 alone", "vectors alone"}
    assert found["BM25 alone"]["article_at_1"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 1}
    assert "Newsdesk less vectors alone" in table.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["run", "--baselines"], "--baselines is not for the set 'golden'"),
        (["run", "--skip-langchain"], "--skip-langchain goes with --baselines"),
    ],
)
def test_a_wrong_use_of_baselines_is_refused(command: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 2
    assert said in capsys.readouterr().err


def test_sentences_are_ranked_by_the_cosine_to_the_question() -> None:
    from rag.models.hashing_embedder import HashingEmbedder

    embedder = HashingEmbedder()
    ranked = bm25_and_vectors.ranked_by_vectors(embedder, CRACKS, [CLOSED, CRACKS])
    assert ranked[0] == (CRACKS, pytest.approx(1.0))
    assert np.all(np.diff([score for _, score in ranked]) <= 0)
    assert bm25_and_vectors.ranked_by_vectors(embedder, "?", []) == []
