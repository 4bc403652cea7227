"""The figures of each kind of case, and the kind that others are told from."""

from __future__ import annotations

from typing import Any

from eval.metrics.by_kind import estimated_by_kind
from eval.metrics.estimates import Estimate, mean_of

HOW = {
    **mean_of("right"),
    "answerable_auroc": Estimate(statistic="auroc", columns=("score", "answerable")),
}


def case(name: str, kind: str, right: float | None, score: float) -> dict[str, Any]:
    return {
        "id": name,
        "kind": kind,
        "scores": {"right": right, "score": score, "answerable": float(kind != "none")},
    }


CASES = [
    case("1", "why", 1, 0.9),
    case("2", "none", None, 0.5),
    case("3", "when", 0, 0.4),
    case("4", "why", 0, 0.2),
]


def test_each_kind_has_its_own_figures_in_the_order_of_the_cases() -> None:
    found = estimated_by_kind(HOW, CASES)
    assert list(found) == ["why", "none", "when"]
    assert (found["why"]["right"].value, found["why"]["right"].n) == (0.5, 2)
    assert found["none"] == {}  # one label, and no verdict


def test_a_kind_is_told_from_the_negative_kind() -> None:
    found = estimated_by_kind(HOW, CASES, negative_kind="none", against_negatives=("answerable_auroc",))
    assert (found["why"]["answerable_auroc"].value, found["why"]["answerable_auroc"].n) == (0.5, 3)
    assert found["when"]["answerable_auroc"].value == 0
    assert (found["when"]["right"].value, found["when"]["right"].n) == (0, 1)
    assert list(found["why"]) == list(HOW)
