"""The gate fails where it should, and its limits only ever become stricter without a reason."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.commands import main
from eval.errors import CaseError, EvaluationError
from eval.metrics.per_case import Metric
from eval.runs import gate
from eval.runs.gate import Baseline, Limit
from eval.runs.results import Result

DIGESTS: dict[str, Any] = {"cases": {"world.jsonl": "aa", "science.jsonl": "bb"}, "articles": "cc"}


def result(digests: dict[str, Any] | None = None, **values: float) -> Result:
    """A result of ten cases of which a share scores 1 and the others 0."""
    metrics = {name: Metric(value=value, low=value, high=value, n=10) for name, value in values.items()}
    return Result(
        set="golden",
        data="eval/data/golden",
        metrics=metrics,
        provenance={"digests": digests or DIGESTS},
        cases=[
            {"id": f"case-{i}", "scores": {name: float(i < 10 * value) for name, value in values.items()}}
            for i in range(10)
        ],
    )


def baseline(**limits: float) -> Baseline:
    return gate.updated(None, result(**limits))


def test_equal_figures_pass() -> None:
    assert gate.failures(baseline(mrr_at_10=0.8, cost=0.3), result(mrr_at_10=0.8, cost=0.3)) == []


def test_better_figures_pass() -> None:
    assert gate.failures(baseline(mrr_at_10=0.8, cost=0.3), result(mrr_at_10=0.9, cost=0.1)) == []


def test_a_case_lost_is_noise_and_many_cases_are_not() -> None:
    held = baseline(outcome_accuracy=0.8)
    assert gate.failures(held, result(outcome_accuracy=0.7)) == []
    (said,) = gate.failures(held, result(outcome_accuracy=0.3))
    assert said.startswith("outcome_accuracy: 0.3000 is clearly (")
    assert said.endswith("below the accepted 0.8000 (n=10)")


def test_as_many_cases_lost_as_won_pass() -> None:
    held = baseline(outcome_accuracy=0.8)
    other = result(outcome_accuracy=0.8)
    turned = [{**case, "scores": {"outcome_accuracy": float(i >= 2)}} for i, case in enumerate(other.cases)]
    assert gate.failures(held, replace(other, cases=turned)) == []
    assert gate.worse_cases(held, replace(other, cases=turned), "outcome_accuracy") == ["case-0", "case-1"]


def test_small_losses_add_up_against_what_was_accepted_once() -> None:
    held = baseline(outcome_accuracy=0.8)
    assert [bool(gate.failures(held, result(outcome_accuracy=share))) for share in (0.7, 0.5, 0.3)] == [
        False,
        False,
        True,
    ]


def test_what_is_promised_fails_by_a_single_case() -> None:
    (said,) = gate.failures(baseline(exact_quotes=1.0), result(exact_quotes=0.9))
    assert said == "exact_quotes: 0.9000 is below the promised 1.0000 (n=10)"


def test_without_a_common_case_the_interval_of_the_figure_decides() -> None:
    held = baseline(outcome_accuracy=0.8)
    other = result(outcome_accuracy=0.3)
    renamed = replace(other, cases=[{**case, "id": f"new {case['id']}"} for case in other.cases])
    assert gate.failures(held, renamed) == ["outcome_accuracy: 0.3000 is clearly below the accepted 0.8000 (n=10)"]


def test_a_cost_that_rises_clearly_fails() -> None:
    assert gate.failures(baseline(cost=0.3), result(cost=0.4)) == []
    (said,) = gate.failures(baseline(cost=0.3), result(cost=0.9))
    assert said.endswith("above the accepted 0.3000 (n=10)")


def test_a_metric_without_a_score_fails() -> None:
    assert gate.failures(baseline(quote_recall=0.5), result()) == ["quote_recall: no score, 0.5000 was accepted"]


def test_a_metric_without_a_limit_fails() -> None:
    (said,) = gate.failures(baseline(), result(novelty=0.5))
    assert said.startswith("novelty: has no limit yet; run `python -m eval gate --update`")


@pytest.mark.parametrize(
    ("digests", "named"),
    [
        ({**DIGESTS, "articles": "dd"}, ["articles"]),
        ({**DIGESTS, "cases": {"world.jsonl": "xx", "science.jsonl": "bb"}}, ["cases/world.jsonl"]),
        ({**DIGESTS, "cases": {"world.jsonl": "aa"}}, ["cases/science.jsonl"]),
        ({**DIGESTS, "cases": {**DIGESTS["cases"], "new.jsonl": "ee"}}, ["cases/new.jsonl"]),
    ],
)
def test_other_cases_or_articles_fail_by_name(digests: dict[str, Any], named: list[str]) -> None:
    said = gate.failures(baseline(cost=0.3), result(digests, cost=0.3))
    assert [line.split()[0] for line in said] == named
    assert all("python -m eval gate --update" in line for line in said)


def test_the_first_update_takes_the_figures_as_they_are() -> None:
    made = gate.updated(None, result(mrr_at_10=0.83334, cost=0.3))
    assert made.limits == {"mrr_at_10": Limit(value=0.8333, n=10), "cost": Limit(value=0.3, n=10)}
    assert made.digests == DIGESTS
    assert gate.failures(made, result(mrr_at_10=0.83334, cost=0.3)) == []


def test_an_update_takes_the_new_figures_and_cases() -> None:
    made = gate.updated(baseline(mrr_at_10=0.8, cost=0.3), result(mrr_at_10=0.7, cost=0.1))
    assert {name: limit.value for name, limit in made.limits.items()} == {"mrr_at_10": 0.7, "cost": 0.1}
    assert made.cases["case-0"] == {"mrr_at_10": 1.0, "cost": 1.0}


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_update_refuses_what_is_clearly_worse(reason: str) -> None:
    with pytest.raises(EvaluationError, match=r"mrr_at_10 0\.8000 -> 0\.3000, cost 0\.3000 -> 0\.9000"):
        gate.updated(baseline(mrr_at_10=0.8, cost=0.3), result(mrr_at_10=0.3, cost=0.9), allow_lower=reason)


def test_an_update_refuses_to_drop_a_metric() -> None:
    with pytest.raises(EvaluationError, match=r"mrr_at_10 0\.8000 -> no score"):
        gate.updated(baseline(mrr_at_10=0.8), result(cost=0.3))


def test_a_reason_accepts_what_is_worse_and_is_recorded_with_the_earlier_ones() -> None:
    once = gate.updated(baseline(mrr_at_10=0.8, cost=0.3), result(mrr_at_10=0.3, cost=0.2), allow_lower="harder cases")
    twice = gate.updated(once, result(mrr_at_10=0.3), allow_lower="cost is measured elsewhere")
    assert {name: limit.value for name, limit in once.limits.items()} == {"mrr_at_10": 0.3, "cost": 0.2}
    assert [(e.metric, e.before, e.to, e.reason) for e in twice.lowered] == [
        ("mrr_at_10", 0.8, 0.3, "harder cases"),
        ("cost", 0.2, None, "cost is measured elsewhere"),
    ]


def test_a_saved_baseline_reads_back(tmp_path: Path) -> None:
    made = gate.updated(baseline(mrr_at_10=0.8), result(mrr_at_10=0.3), allow_lower="harder cases")
    gate.save_baseline(made, tmp_path / "baseline.json")
    assert gate.load_baseline(tmp_path / "baseline.json") == made


@pytest.mark.parametrize(
    "content", ["{", "{}", '{"set": "golden", "limits": {"a": {"value": NaN, "n": 1}}, "digests": {}}']
)
def test_a_baseline_that_cannot_be_used_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CaseError, match=r"cannot use 'baseline\.json'"):
        gate.load_baseline(file)


def test_a_missing_baseline_names_the_command_that_writes_it(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="python -m eval gate --update"):
        gate.load_baseline(tmp_path / "baseline.json")


def test_the_committed_baseline_limits_what_matters_most() -> None:
    limits = gate.load_baseline().limits
    assert {file.stem for file in gate.baseline_files()} == {
        "golden", "follow-ups", "disagreements", "event-dates", "digests", "intent",
    }  # fmt: skip
    assert limits["exact_quotes"].value == 1.0
    assert {"cost", "outcome_accuracy", "quote_precision", "quote_recall", "abstention_recall"} <= limits.keys()


def test_every_baseline_is_of_the_set_that_names_its_file() -> None:
    assert all(gate.load_baseline(file).set == file.stem for file in gate.baseline_files())


def test_a_folder_without_baselines_names_the_command_that_writes_them(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="python -m eval gate --update"):
        gate.baseline_files(tmp_path)


def test_every_set_of_a_folder_is_held(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("disagreements", "event-dates"):
        assert main(["gate", "--baseline", str(tmp_path), "--set", name, "--update"]) == 0
    capsys.readouterr()
    assert main(["gate", "--baseline", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "disagreements" in said
    assert "event-dates" in said
    assert said.endswith("the gate is passed\n")
    better = gate.load_baseline(tmp_path / "event-dates.json").model_dump()
    better["limits"]["right_given"]["value"] = 1.0
    better["limits"]["novelty"] = {"value": 1.0, "n": 3}
    (tmp_path / "event-dates.json").write_text(json.dumps(better), encoding="utf-8")
    assert main(["gate", "--baseline", str(tmp_path), "--json"]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert (first["passed"], second["passed"]) == (True, False)
    assert second["failures"] == ["novelty: no score, 1.0000 was accepted"]
