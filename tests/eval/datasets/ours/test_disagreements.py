"""The shipped pairs of sentences, and how a file of them is scored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.datasets import Options
from eval.datasets.ours.disagreements import FILE, Pair, evaluate
from eval.datasets.rows import read_rows
from eval.errors import CaseError
from rag.settings import Settings


def row(name: str, figures: tuple[int, int], *, differ: bool) -> dict[str, Any]:
    sides = (
        {
            "outlet": outlet,
            "published": "2024-05-06T09:00:00+00:00",
            "quote": f"The fire in Dray burned {n} houses down.",
        }
        for outlet, n in zip(("Harbour Post", "Evening Mail"), figures, strict=True)
    )
    one, other = sides
    return {"id": name, "half": "held_out", "differ": differ, "why": "toll", "one": one, "other": other}


def run(folder: Path, *rows: dict[str, Any]) -> dict[str, float]:
    file = folder / "pairs.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    result = evaluate(Options(settings=Settings(), data=file))
    assert {f"{name}_held_out" for name in ("precision", "recall", "f1")} <= set(result.metrics)
    return {name: round(result.metrics[name].value, 4) for name in ("precision", "recall", "f1")}


def test_a_wrongly_told_pair_lowers_precision_and_a_missed_one_recall(tmp_path: Path) -> None:
    told, wrongly = row("a", (3, 9), differ=True), row("b", (4, 8), differ=False)
    assert run(tmp_path, told, wrongly) == {"precision": 0.5, "recall": 1.0, "f1": 0.6667}
    assert run(tmp_path, told, row("c", (5, 5), differ=True)) == {"precision": 1.0, "recall": 0.5, "f1": 0.6667}


def test_the_shipped_pairs_have_ids_of_their_own_and_most_must_not_be_told() -> None:
    pairs, _ = read_rows(FILE, Pair)
    assert len({pair.id for pair in pairs}) == len(pairs) >= 30
    assert sum(not pair.differ for pair in pairs) >= len(pairs) / 2
    assert {pair.half for pair in pairs} == {"development", "held_out"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such file"):
        evaluate(Options(settings=Settings(), data=tmp_path / "none.jsonl"))


def test_a_date_without_a_zone_is_refused(tmp_path: Path) -> None:
    wrong = row("a", (3, 9), differ=True)
    wrong["one"]["published"] = "2024-05-06"
    with pytest.raises(CaseError, match=r"one\.published"):
        run(tmp_path, wrong)
