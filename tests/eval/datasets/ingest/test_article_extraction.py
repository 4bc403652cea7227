"""The article extraction set, worked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.commands import main
from eval.datasets.ingest.article_extraction import precision_and_recall, shingles
from tests.eval.rows import PROSE, page, written


def test_shingles_are_runs_of_four_words_each_as_often_as_it_stands() -> None:
    assert shingles("a b c d a b c d") == {
        ("a", "b", "c", "d"): 2,
        ("b", "c", "d", "a"): 1,
        ("c", "d", "a", "b"): 1,
        ("d", "a", "b", "c"): 1,
    }
    assert shingles("Two words!") == {("Two", "words"): 1}
    assert shingles("...") == {}


@pytest.mark.parametrize(
    ("gold", "found", "scores"),
    [
        ("a b c d e", "a b c d e", (1.0, 1.0)),
        ("a b c d e", "a b c d", (1.0, 0.5)),  # of abcd, bcde the first is found
        ("a b c d", "a b c d x", (0.5, 1.0)),  # of abcd, bcdx the first is right
        ("a b c d", "A b c d", (0.0, 0.0)),  # case counts
        ("a b c d", "", (None, 0.0)),
        ("", "a b c d", (0.0, None)),
    ],
)
def test_precision_and_recall_are_shares_of_shingles(
    gold: str, found: str, scores: tuple[float | None, float | None]
) -> None:
    assert precision_and_recall(gold, found) == scores


def test_the_set_is_scored_saved_and_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"id": "1", "url": "https://a.example/1", "articleBody": "\n".join(PROSE), "html": page(*PROSE)},
        {"id": "2", "url": "https://a.example/2", "articleBody": "\n".join(PROSE), "html": page("Too short.")},
        {"id": "3", "url": "https://a.example/3", "articleBody": "never read", "html": ""},
    ]
    file = written(tmp_path / "half.jsonl.gz", rows)
    arguments = ["run", "--set", "article-extraction", "--data", str(file), "--limit", "2", "--json"]
    assert main([*arguments, "--out", str(tmp_path / "runs"), "--faults"]) == 0
    printed = capsys.readouterr()
    form = json.loads(printed.out)
    assert (form["set"], form["data"]) == ("article-extraction", str(file))
    assert {name: metric["value"] for name, metric in form["metrics"].items()} == {
        "precision": 1.0,
        "recall": 0.5,
        "f1": 0.6667,
        "accuracy": 0.5,
    }
    assert {name: metric["n"] for name, metric in form["metrics"].items()} == {
        "precision": 1, "recall": 2, "f1": 2, "accuracy": 2,
    }  # fmt: skip
    assert "https://a.example/2\n  no article found" in printed.err
    (saved,) = (tmp_path / "runs").iterdir()
    assert json.loads((saved / "result.json").read_text(encoding="utf-8"))["metrics"] == form["metrics"]
