"""The shipped dated sentences, and how a file of them is scored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.datasets import Options
from eval.datasets.ours.event_dates import FILE, DatedSentence, evaluate
from eval.datasets.rows import read_rows
from eval.errors import CaseError
from rag.settings import Settings


def row(sentence: str, first: str) -> dict[str, str]:
    return {"id": sentence, "published": "2024-06-20", "sentence": sentence, "first": first, "last": first}


def test_a_wrong_date_counts_for_both_figures_and_a_missed_one_for_the_first(tmp_path: Path) -> None:
    file = tmp_path / "dates.jsonl"
    rows = [
        row("They met on 5 May 2024.", "2024-05-05"),
        row("They met on 6 May 2024.", "2024-05-05"),
        row("They met at last.", "2024-05-05"),
        row("They met.", ""),
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    result = evaluate(Options(settings=Settings(), data=file))
    assert {name: metric.value for name, metric in result.metrics.items()} == {"right": 0.5, "right_given": 0.5}
    assert [bool(case["fault"]) for case in result.cases] == [False, True, True, False]


def test_the_shipped_sentences_have_ids_of_their_own() -> None:
    cases, _ = read_rows(FILE, DatedSentence)
    assert len({case.id for case in cases}) == len(cases) >= 40


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such file"):
        evaluate(Options(settings=Settings(), data=tmp_path / "none.jsonl"))
