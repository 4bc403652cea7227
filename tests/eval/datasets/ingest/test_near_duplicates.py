"""The set of near duplicates, worked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.commands import main
from tests.eval.rows import written

WIRE = " ".join(f"Word{number} follows word{number + 1} in sentence {number}." for number in range(40))
OTHER = " ".join(f"Line{number} comes after line{number + 7} at hour {number}." for number in range(40))


def document(name: str, text: str, url: str = "") -> dict[str, str]:
    return {"doc_id": name, "url": url or f"https://a.example/{name}", "title": name, "text": text}


def pair(name: str, label: str, a: str, b: str) -> dict[str, str]:
    return {"id": name, "label": label, "a": a, "b": b}


DOCUMENTS = [
    document("wire", WIRE),
    document("copy", f"From our correspondent. {WIRE}"),
    document("other", OTHER),
    document("moved", OTHER, url="https://a.example/wire?utm_source=x"),
    document("empty", " "),
]


def test_the_set_is_scored_with_what_ingest_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [
        pair("1", "duplicate", "wire", "copy"),
        pair("2", "near_duplicate", "wire", "other"),
        pair("3", "overlapping", "copy", "wire"),
        pair("4", "related", "wire", "other"),
        pair("5", "duplicate", "wire", "moved"),  # one address is one article
        pair("6", "same_topic_negative", "wire", "empty"),
    ]
    written(tmp_path / "pairs.jsonl", pairs)
    written(tmp_path / "docs.jsonl.gz", DOCUMENTS)
    assert main(["run", "--set", "near-duplicates", "--data", str(tmp_path), "--json", "--faults"]) == 0
    printed = capsys.readouterr()
    metrics = json.loads(printed.out)["metrics"]
    assert {name: (metric["value"], metric["n"]) for name, metric in metrics.items()} == {
        "precision": (0.6667, 3),
        "recall": (0.6667, 3),
        "f1": (0.6667, 6),
    }
    assert "2: near_duplicate, but kept apart" in printed.err
    assert "3: overlapping, but joined" in printed.err


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([pair("1", "duplicate", "wire", "gone")], "pair '1': no document 'gone'"),
        ([pair("1", "twin", "wire", "copy")], "pairs.jsonl:1: label"),
    ],
)
def test_a_pair_that_cannot_be_scored_is_refused(
    tmp_path: Path, pairs: list[dict[str, str]], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "pairs.jsonl", pairs)
    written(tmp_path / "docs.jsonl", DOCUMENTS)
    assert main(["run", "--set", "near-duplicates", "--data", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err
