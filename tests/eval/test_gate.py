"""The gate fails where it should, and its limits only ever become stricter without a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval import gate
from eval.errors import CaseError, EvaluationError
from eval.gate import Baseline, Limit
from eval.metrics import Metric
from eval.results import Result

DIGESTS: dict[str, Any] = {"cases": {"world.jsonl": "aa", "science.jsonl": "bb"}, "articles": "cc"}


def result(digests: dict[str, Any] | None = None, **values: float) -> Result:
    metrics = {name: Metric(value=value, low=value, high=value, n=10) for name, value in values.items()}
    return Result(set="golden", data="eval/golden", metrics=metrics, provenance={"digests": digests or DIGESTS})


def baseline(**limits: float) -> Baseline:
    return Baseline(set="golden", limits={k: Limit(value=v, n=10) for k, v in limits.items()}, digests=DIGESTS)


def test_equal_figures_pass() -> None:
    assert gate.failures(baseline(mrr_at_10=0.8, cost=0.3), result(mrr_at_10=0.8, cost=0.3)) == []


def test_better_figures_pass() -> None:
    assert gate.failures(baseline(mrr_at_10=0.8, cost=0.3), result(mrr_at_10=0.9, cost=0.1)) == []


def test_one_case_lost_fails_and_half_a_case_is_forgiven() -> None:
    held = baseline(outcome_accuracy=0.8)
    assert gate.failures(held, result(outcome_accuracy=0.76)) == []
    (said,) = gate.failures(held, result(outcome_accuracy=0.7))
    assert said == "outcome_accuracy: 0.7000 is below its floor 0.8000 (n=10)"


def test_a_cost_that_rises_fails() -> None:
    (said,) = gate.failures(baseline(cost=0.3), result(cost=0.6))
    assert said == "cost: 0.6000 is above its ceiling 0.3000 (n=10)"


def test_a_metric_without_a_score_fails() -> None:
    assert gate.failures(baseline(quote_recall=0.5), result()) == ["quote_recall: no score, its limit is 0.5000"]


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


def test_an_update_raises_floors_and_lowers_ceilings() -> None:
    made = gate.updated(baseline(mrr_at_10=0.8, cost=0.3), result(mrr_at_10=0.9, cost=0.1))
    assert {name: limit.value for name, limit in made.limits.items()} == {"mrr_at_10": 0.9, "cost": 0.1}


def test_an_update_never_creeps_below_a_floor_by_what_the_gate_forgives() -> None:
    made = gate.updated(baseline(mrr_at_10=0.8, cost=0.3), result(mrr_at_10=0.76, cost=0.34))
    assert {name: limit.value for name, limit in made.limits.items()} == {"mrr_at_10": 0.8, "cost": 0.3}


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_update_refuses_to_make_a_limit_easier(reason: str) -> None:
    with pytest.raises(EvaluationError, match=r"mrr_at_10 0\.8000 -> 0\.5000, cost 0\.3000 -> 0\.9000"):
        gate.updated(baseline(mrr_at_10=0.8, cost=0.3), result(mrr_at_10=0.5, cost=0.9), allow_lower=reason)


def test_an_update_refuses_to_drop_a_metric() -> None:
    with pytest.raises(EvaluationError, match=r"mrr_at_10 0\.8000 -> no score"):
        gate.updated(baseline(mrr_at_10=0.8), result(cost=0.3))


def test_a_reason_makes_a_limit_easier_and_is_recorded_with_the_earlier_ones() -> None:
    once = gate.updated(baseline(mrr_at_10=0.8, cost=0.3), result(mrr_at_10=0.5, cost=0.2), allow_lower="harder cases")
    twice = gate.updated(once, result(mrr_at_10=0.5), allow_lower="cost is measured elsewhere")
    assert {name: limit.value for name, limit in once.limits.items()} == {"mrr_at_10": 0.5, "cost": 0.2}
    assert [(e.metric, e.before, e.to, e.reason) for e in twice.lowered] == [
        ("mrr_at_10", 0.8, 0.5, "harder cases"),
        ("cost", 0.2, None, "cost is measured elsewhere"),
    ]


def test_a_saved_baseline_reads_back(tmp_path: Path) -> None:
    made = gate.updated(baseline(mrr_at_10=0.8), result(mrr_at_10=0.5), allow_lower="harder cases")
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
    assert limits["exact_quotes"].value == 1.0
    assert {"cost", "outcome_accuracy", "quote_precision", "quote_recall", "abstention_recall"} <= limits.keys()
