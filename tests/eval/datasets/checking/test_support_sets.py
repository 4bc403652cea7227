"""The sets that measure the check: invented ones from end to end, and what a text is held against."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.commands import main
from eval.datasets.checking.aggrefact import JudgedSummary, balanced_parts
from eval.metrics.support import Source, covering, shared_words, support_scores
from rag.checking.sentence_check import WordCheck
from tests.eval.fakes import BRIDGE, CLOSED, COST, CRACKS
from tests.eval.rows import written

WRONG = "Repairs will cost 9 million euros."


def test_a_text_is_kept_where_every_sentence_of_it_is() -> None:
    source = Source(BRIDGE.text, WordCheck())
    assert source.sentences == [CLOSED, CRACKS, COST]
    assert source.judge(COST).kept
    assert source.judge(f"{CLOSED} {COST}").kept
    judged = source.judge(f"{CLOSED} {WRONG}")
    assert not judged.kept
    assert "9" in judged.reason


def test_the_score_of_a_text_is_that_of_its_weakest_sentence() -> None:
    source = Source(BRIDGE.text, WordCheck())
    assert source.judge(COST).score == 1
    foreign = source.judge(f"{COST} Penguins invaded the casino.")
    assert foreign.score == foreign.overlap == 0


def test_nothing_is_supported_by_an_article_without_text() -> None:
    judged = Source(" \n ", WordCheck()).judge(COST)
    assert not judged.kept
    assert judged.score == judged.overlap == 0


def test_quotes_are_chosen_for_what_they_add() -> None:
    assert covering("Engineers found cracks and repairs cost 4 million.", [CLOSED, CRACKS, COST]) == [COST, CRACKS]
    assert covering("Engineers found cracks.", [CLOSED, CRACKS, COST]) == [CRACKS]


def test_shared_words_are_the_share_of_the_claims() -> None:
    assert shared_words("Engineers found penguins.", [CRACKS]) == pytest.approx(2 / 3)
    assert shared_words("", [CRACKS]) == 0


def test_a_judged_text_counts_for_its_own_class_only() -> None:
    judged = Source(BRIDGE.text, WordCheck()).judge(COST)
    found = support_scores(judged, is_supported=False)
    assert (found["kept_supported"], found["removed_unsupported"], found["supported"]) == (None, 0, 0)


def test_sentences_are_checked_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judged = [(CLOSED, True), (COST, True), (WRONG, False), ("Cracks had been found by engineers.", False)]
    row = {
        "id": "a",
        "source": "town",
        "article": BRIDGE.text,
        "summary_sentences": [{"sentence": text, "votes": 3, "supported": supported} for text, supported in judged],
    }
    data = written(tmp_path / "half.jsonl.gz", [row])
    assert main(["run", "--set", "qags", "--data", str(data), "--json", "--faults"]) == 0
    printed = capsys.readouterr()
    metrics = json.loads(printed.out)["metrics"]
    assert metrics["kept_supported"]["value"] == 1
    assert metrics["removed_unsupported"]["n"] == 2
    recalls = (metrics["kept_supported"]["value"] + metrics["removed_unsupported"]["value"]) / 2
    assert metrics["balanced_accuracy"]["value"] == pytest.approx(recalls)
    assert metrics["balanced_accuracy"]["n"] == metrics["auroc"]["n"] == metrics["milliseconds"]["n"] == 4


def summary(name: str, part: str, text: str, consistent: bool | None) -> dict[str, Any]:
    return {"id": name, "dataset": part, "doc": BRIDGE.text, "summary": text, "consistent": consistent, "model": "m"}


def test_balance_is_asked_of_the_parts_that_have_both_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        summary("1", "mixed", COST, True),
        summary("2", "mixed", WRONG, False),
        summary("3", "mixed", WRONG, None),
        *[summary(f"e{i}", "errors", WRONG, False) for i in range(5)],
    ]
    data = written(tmp_path / "half.jsonl", rows)
    assert main(["run", "--set", "aggrefact", "--data", str(data), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    values = {name: (metric["value"], metric["n"]) for name, metric in result["metrics"].items()}
    assert values["balanced_accuracy"] == (1.0, 2)
    assert values["auroc"][1] == 2
    assert values["errors_removed"] == (1.0, 6)
    assert result["provenance"]["balanced_parts"] == ["mixed"]


def test_a_part_is_balanced_from_a_fifth_on() -> None:
    labels = {"a": [True] + [False] * 4, "b": [True] + [False] * 5, "c": [True, True], "d": [None, None]}
    rows = [
        JudgedSummary(id="1", dataset=part, doc="d", summary="s", consistent=label)
        for part, given in labels.items()
        for label in given
    ]
    assert balanced_parts(rows) == {"a"}


def test_a_file_without_a_judged_summary_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = written(tmp_path / "half.jsonl", [summary("1", "mixed", COST, None)])
    assert main(["run", "--set", "aggrefact", "--data", str(data)]) == 2
    assert "no judged summary" in capsys.readouterr().err
