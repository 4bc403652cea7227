"""Results have one public form, say where they come from, and are saved whole."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.datasets import SETS, open_set
from eval.datasets.ours.golden import digests
from eval.errors import CaseError, EvaluationError
from eval.metrics.per_case import Metric
from eval.runs import report, results
from eval.runs.results import Result
from rag.settings import Settings

MADE = results.provenance(Settings(), embedder="hashing-64", revision=3, digests={"articles": "cc"})
RESULT = Result(
    set="golden",
    data="eval/data/golden",
    metrics={"mrr_at_10": Metric(value=5 / 6, low=0.7, high=0.9, n=12)},
    provenance=MADE,
    cases=({"id": "a", "fault": ""}, {"id": "b", "fault": "b: why?\n  expected answered, got not_found"}),
)


def test_the_public_form_has_these_keys_and_no_others() -> None:
    form = json.loads(report.as_json(RESULT))
    assert set(form) == {"set", "data", "metrics", "provenance"}
    assert form["metrics"] == {"mrr_at_10": {"value": 0.8333, "low": 0.7, "high": 0.9, "n": 12}}


def test_figures_by_kind_have_a_column_a_kind() -> None:
    why, when = Metric(value=0.5, low=0.25, high=0.75, n=4), Metric(value=1.0, low=1.0, high=1.0, n=2)
    kinds = {"why": {"cost": why, "shown": why}, "when": {"shown": when}}
    result = replace(RESULT, metrics={"whole": why, "shown": why, "cost": why}, by_kind=kinds)
    assert json.loads(report.as_json(result))["by_kind"]["when"] == {"shown": when.as_json()}
    assert report.as_table(result).splitlines()[-3:] == ["by kind   why  when", "shown    0.50  1.00", "cost     0.50"]
    assert "| cost | 0.50 (0.25-0.75, n 4) |  |" in report.as_markdown(result)


def test_provenance_says_what_made_the_figures() -> None:
    assert MADE["embedder"] == "hashing-64"
    assert MADE["library_revision"] == 3
    assert MADE["model"] == "quotes"
    assert {"created", "newsdesk", "commit", "settings_digest", "digests", "python", "platform"} <= MADE.keys()


def test_provenance_holds_no_path_of_the_machine(tmp_path: Path) -> None:
    made = results.provenance(Settings(library=tmp_path, cache=tmp_path), embedder="e", revision=0, digests={})
    assert str(tmp_path) not in json.dumps(made)


def test_the_settings_digest_follows_what_changes_answers_and_nothing_else(tmp_path: Path) -> None:
    digest = results.settings_digest(Settings())
    assert results.settings_digest(Settings(library=tmp_path, cache=tmp_path, embedder_threads=1)) == digest
    assert results.settings_digest(Settings(max_sentences=1)) != digest


def test_a_file_has_the_same_digest_with_windows_line_ends(tmp_path: Path) -> None:
    (tmp_path / "unix").write_bytes(b"one\ntwo\n")
    (tmp_path / "windows").write_bytes(b"one\r\ntwo\r\n")
    assert results.file_digest(tmp_path / "unix") == results.file_digest(tmp_path / "windows")


def test_a_folders_digest_follows_names_and_content(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    before = results.folder_digest(tmp_path, [one])
    one.rename(two)
    renamed = results.folder_digest(tmp_path, [two])
    two.write_text("b")
    assert len({before, renamed, results.folder_digest(tmp_path, [two])}) == 3


def test_outside_git_there_is_no_commit(tmp_path: Path) -> None:
    assert results.git_commit(tmp_path) == ""


def test_a_run_is_saved_whole_and_a_second_one_beside_it(tmp_path: Path) -> None:
    first = results.save(RESULT, tmp_path, markdown="# report")
    second = results.save(RESULT, tmp_path, markdown="# report")
    assert first != second
    assert json.loads((first / "result.json").read_text(encoding="utf-8")) == RESULT.as_json()
    rows = (first / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(row)["id"] for row in rows] == ["a", "b"]
    assert (first / "report.md").read_text(encoding="utf-8") == "# report"


def test_a_folder_that_cannot_be_made_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EvaluationError, match="name another --out"):
        results.save(RESULT, tmp_path / "file", markdown="")


def test_the_table_and_the_markdown_show_each_metric_with_its_interval() -> None:
    table = report.as_table(RESULT).splitlines()
    assert table[-1].split() == ["mrr_at_10", "0.833", "0.700-0.900", "12"]
    assert "| mrr_at_10 | 0.833 | 0.700-0.900 | 12 |" in report.as_markdown(RESULT)


def test_faults_are_listed_and_counted() -> None:
    assert report.faults(RESULT) == "b: why?\n  expected answered, got not_found\n\n1 of 2 cases are not perfect"


def test_an_unknown_set_names_the_known_ones() -> None:
    with pytest.raises(CaseError, match=f"no evaluation set 'gold'; choose one of: .*{next(iter(SETS))}"):
        open_set("gold")


@pytest.mark.parametrize("name", SETS)
def test_every_set_can_be_opened(name: str) -> None:
    assert callable(open_set(name).evaluate)


def test_the_golden_digests_name_every_case_file() -> None:
    folder = results.PROJECT.joinpath("eval", "data", "golden")
    assert set(digests()["cases"]) == {file.name for file in folder.glob("*.jsonl")}
