"""Story clusters: B-cubed by hand, and a run over a small pool."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.datasets import Options
from eval.datasets.summaries.story_clusters import b_cubed, evaluate
from eval.errors import CaseError
from rag.settings import Settings


def test_b_cubed_by_hand() -> None:
    precisions, recalls = b_cubed(["a", "a", "a", "b"], [[0, 1], [2, 3]])
    assert precisions == [1, 1, 0.5, 0.5]
    assert recalls == pytest.approx([2 / 3, 2 / 3, 1 / 3, 1])


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12))
def test_the_gold_standard_itself_scores_one_and_one_heap_has_full_recall(labels: list[str]) -> None:
    gold = [[i for i, other in enumerate(labels) if other == label] for label in sorted(set(labels))]
    assert b_cubed(labels, gold) == ([1.0] * len(labels), [1.0] * len(labels))
    assert b_cubed(labels, [list(range(len(labels)))])[1] == [1.0] * len(labels)


def test_a_run_pools_the_documents_of_all_clusters(tmp_path: Path) -> None:
    quake = "The quake in Oran brought down houses in the old town, and Mayor Ali Sahli asked for tents."
    cup = "The cup final in Lindow went to penalties, and the keeper Bo Marsh saved three."
    rows = [
        {"id": "quake", "docs": [{"doc_id": "q1", "text": quake}, {"doc_id": "q2", "text": f"{quake} Rain fell."}]},
        {"id": "cup", "docs": [{"doc_id": "c1", "text": cup}, {"doc_id": "c2", "text": " "}]},
    ]
    file = tmp_path / "dev.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    result = evaluate(Options(settings=Settings(embedder="hashing"), data=file))
    assert {name: metric.value for name, metric in result.metrics.items()} == {
        "bcubed_precision": 1.0, "bcubed_recall": 1.0, "bcubed_f": 1.0,
    }  # fmt: skip
    assert [row["id"] for row in result.cases] == ["q1", "q2", "c1"]


def test_without_data_the_command_says_what_it_needs() -> None:
    with pytest.raises(CaseError, match="needs --data"):
        evaluate(Options(settings=Settings(embedder="hashing")))
