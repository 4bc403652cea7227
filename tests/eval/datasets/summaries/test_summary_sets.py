"""The sets of summaries, worked by hand over small halves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.commands import main
from eval.datasets import Options, open_set
from rag.settings import Settings
from tests.eval.rows import written

FIRST = "The ferry Aurora sank off Port Lindow on Monday morning."
SECOND = "All forty passengers were saved by fishing boats nearby."


@pytest.fixture(autouse=True)
def _instant_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_EMBEDDER", "hashing")


def values(file: Path, name: str, capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, float], dict[str, Any]]:
    assert main(["run", "--set", name, "--data", str(file), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    return {metric: found["value"] for metric, found in printed["metrics"].items()}, printed


def test_a_cluster_is_summarised_and_set_beside_its_lead(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs = [{"doc_id": "a", "text": FIRST}, {"doc_id": "b", "text": SECOND}]
    file = written(tmp_path / "dev.jsonl.gz", [{"id": "1", "docs": docs, "summary": f"{FIRST} {SECOND}"}])
    found, printed = values(file, "multi-news", capsys)
    assert {found[name] for name in ("rouge_1", "cited_share", "supported_share", "length_kept")} == {1.0}
    assert printed["baselines"]["lead of 220 words"]["rouge_1"]["value"] == 1.0
    assert printed["provenance"]["words"] == 220


def test_key_sentences_are_those_of_the_gold_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    item = {"id": "x/1", "title": "Aurora", "body": f"{FIRST} {SECOND}", "summary": FIRST, "dup_group": "1"}
    file = written(tmp_path / "dev.jsonl", [item])
    found, _ = values(file, "bbc-news-summary", capsys)
    assert (found["key_coverage"], found["key_precision"]) == (1.0, 0.5)


@pytest.mark.parametrize("name", ["multi-news", "bbc-news-summary"])
def test_a_folder_in_place_of_the_file_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--set", name, "--data", str(tmp_path)]) == 2
    assert "name the half's file" in capsys.readouterr().err


def test_the_digests_of_the_sample_are_cited_exact_and_tell_nothing_twice() -> None:
    result = open_set("digests").evaluate(Options(settings=Settings(embedder="hashing"), limit=3))
    values = {name: metric.value for name, metric in result.metrics.items()}
    promised = ("cited_share", "supported_share", "length_kept", "quoted_exactly", "told_once")
    assert {name: values[name] for name in promised} == dict.fromkeys(promised, 1.0)
    summaries = [case for case in result.cases if str(case["id"]).startswith("summary of ")]
    assert len(summaries) == 3
    assert all(0 <= (case["scores"]["key_coverage"] or 0) <= 1 for case in summaries)
