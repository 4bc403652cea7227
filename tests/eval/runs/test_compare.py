"""Two saved runs are compared case by case, and what cannot be compared is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from eval.commands import main
from eval.errors import CaseError
from eval.metrics.estimates import Estimate, estimated, mean_of
from eval.runs import report, results
from eval.runs.compare import compare, load_run
from eval.runs.results import Result
from rag.settings import Settings

ESTIMATES = {**mean_of("hit"), "auroc": Estimate(statistic="auroc", columns=("score", "label"))}


def saved(
    folder: Path,
    hits: Mapping[str, float],
    *,
    set_name: str = "quiz",
    model: str = "quotes",
    estimates: Mapping[str, Estimate] = ESTIMATES,
) -> Path:
    cases = [
        {"id": name, "fault": "", "scores": {"hit": hit, "score": hit + i / 100, "label": float(i % 2)}}
        for i, (name, hit) in enumerate(hits.items())
    ]
    result = Result(
        set=set_name,
        data="half",
        metrics=estimated(ESTIMATES, cases),
        provenance=results.provenance(Settings(model=model), embedder="e", revision=0, digests={"data": "aa"}),
        cases=cases,
        estimates=estimates,
    )
    return results.save(result, folder, markdown="")


FIRST = {str(i): float(i % 2) for i in range(40)}
BETTER = dict.fromkeys(FIRST, 1.0)


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    return saved(tmp_path / "a", FIRST), saved(tmp_path / "b", BETTER)


def test_figures_and_their_difference_are_computed_from_the_cases(runs: tuple[Path, Path]) -> None:
    found = compare(*map(load_run, runs))
    hit = found.metrics["hit"]
    assert (hit.first.value, hit.second.value, hit.difference.value) == (0.5, 1.0, 0.5)
    assert 0 < hit.difference.low < 0.5 < hit.difference.high
    assert hit.is_clear
    assert found.cases == 40
    assert found.notes == ()


def test_a_figure_that_is_no_mean_is_computed_anew_too(runs: tuple[Path, Path]) -> None:
    found = compare(*map(load_run, runs)).metrics["auroc"]
    assert found.first.value == 1.0  # the hits are the labels
    assert found.difference.value == pytest.approx(found.second.value - 1)


def test_a_run_against_itself_differs_in_nothing(runs: tuple[Path, Path]) -> None:
    found = compare(load_run(runs[0]), load_run(runs[0]))
    assert {compared.difference.value for compared in found.metrics.values()} == {0.0}
    assert not any(compared.is_clear for compared in found.metrics.values())


def test_only_the_cases_that_both_have_count(runs: tuple[Path, Path], tmp_path: Path) -> None:
    some = saved(tmp_path / "c", {"1": 0.0, "0": 1.0, "new": 1.0})
    found = compare(load_run(runs[0]), load_run(some))
    assert found.cases == 2
    assert (found.metrics["hit"].first.value, found.metrics["hit"].second.value) == (0.5, 0.5)
    assert "compared over the 2 cases that both have, of 40 and 3" in found.notes


def test_what_else_differs_is_noted(runs: tuple[Path, Path], tmp_path: Path) -> None:
    other = saved(tmp_path / "c", FIRST, model="openai:x")
    assert compare(load_run(runs[0]), load_run(other)).notes == ("the writer differs", "the settings differ")


def test_a_figure_that_was_computed_otherwise_is_not_compared(runs: tuple[Path, Path], tmp_path: Path) -> None:
    other = saved(tmp_path / "c", FIRST, estimates=mean_of("hit"))
    found = compare(load_run(runs[0]), load_run(other))
    assert found.metrics.keys() == {"hit"}
    assert found.notes == ("auroc: the runs do not say, or not in the same way, how it is computed",)


def test_a_run_that_does_not_say_how_is_taken_for_means(tmp_path: Path) -> None:
    run = saved(tmp_path / "a", FIRST, estimates={})
    found = compare(load_run(run), load_run(run))
    assert found.metrics["hit"].first.value == 0.5
    assert found.notes == ("auroc: one of the runs has no score of it over these cases",)


def test_runs_that_have_nothing_in_common_are_refused(runs: tuple[Path, Path], tmp_path: Path) -> None:
    first = load_run(runs[0])
    with pytest.raises(CaseError, match="no case in common"):
        compare(first, load_run(saved(tmp_path / "c", {"new": 1.0, "newer": 0.0})))
    with pytest.raises(CaseError, match="different sets, 'quiz' and 'golden'"):
        compare(first, load_run(saved(tmp_path / "d", FIRST, set_name="golden")))


@pytest.mark.parametrize("content", [None, "[]", "{", '{"set": "quiz"}'])
def test_a_folder_without_a_run_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "result.json").write_text(content)
        (tmp_path / "cases.jsonl").touch()
    with pytest.raises(CaseError, match="no saved run in"):
        load_run(tmp_path)


def test_the_command_prints_a_table_json_and_markdown(
    runs: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(run) for run in runs]
    written = tmp_path / "report.md"
    assert main(["compare", *names, "--markdown", str(written)]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("hit"))
    assert line.split()[1:4] == ["0.500", "1.000", "+0.500"]
    assert line.endswith("yes")
    assert "| hit | 0.500 | 1.000 | +0.500 |" in written.read_text(encoding="utf-8")
    assert main(["compare", *names, "--json"]) == 0
    form: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert form.keys() == {"set", "first", "second", "cases", "metrics", "notes"}
    assert form["metrics"]["hit"].keys() == {"first", "second", "difference", "low", "high", "n"}


def test_notes_stand_below_both_reports(runs: tuple[Path, Path], tmp_path: Path) -> None:
    found = compare(load_run(runs[0]), load_run(saved(tmp_path / "c", FIRST, model="openai:x")))
    for text in (report.comparison_table(found), report.comparison_markdown(found)):
        assert "Note: the writer differs." in text
