"""Figures that follow from the cases, worked by hand, and their paired differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.bootstrap import with_interval
from eval.metrics.estimates import Estimate, difference, estimated, mean_of, most_shared

ONCE = np.ones((1, 4))


def case(name: str, cluster: str = "", **scores: float | None) -> dict[str, Any]:
    return {"id": name, "scores": scores} | ({"cluster": cluster} if cluster else {})


def value(statistic: str, *columns: list[float | None]) -> float:
    names = tuple(f"c{i}" for i in range(len(columns)))
    rows = [case(str(i), **dict(zip(names, row, strict=True))) for i, row in enumerate(zip(*columns, strict=True))]
    counts = np.ones((1, len(rows)))
    return float(Estimate(statistic=statistic, columns=names).of(rows)(counts)[0])


def test_balanced_accuracy_is_the_mean_of_both_recalls() -> None:
    # three positives of which two are right, one negative that is wrong
    assert value("balanced accuracy", [1, 1, 0, None], [None, None, None, 0]) == pytest.approx(1 / 3)


def test_a_ratio_is_that_of_the_sums() -> None:
    assert value("ratio", [1, None, 4], [2, None, 8]) == 0.5
    assert np.isnan(value("ratio", [0, None], [0, None]))


def test_auroc_counts_ordered_pairs_and_half_of_the_ties() -> None:
    # positives .9 and .4, negatives .4 and .1: pairs 1, 1, 1/2, 1
    assert value("auroc", [0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0]) == pytest.approx(3.5 / 4)
    assert np.isnan(value("auroc", [0.9, 0.4], [1, 1]))
    assert np.isnan(value("auroc", [None, None], [None, None]))


def test_a_case_drawn_twice_counts_twice_for_auroc() -> None:
    rows = [case("a", score=0.9, label=1), case("b", score=0.5, label=0), case("c", score=0.2, label=1)]
    statistic = Estimate(statistic="auroc", columns=("score", "label")).of(rows)
    assert statistic(np.array([[3.0, 1.0, 1.0]]))[0] == pytest.approx(3 / 4)


def test_separation_holds_every_score_with_something_against_every_score_without_it() -> None:
    # with .9 and .4, without .4 and .1: pairs 1, 1, 1/2, 1; the third item has neither
    assert value("separation", [0.9, 0.4, None], [0.4, 0.1, None]) == pytest.approx(3.5 / 4)
    assert value("separation", [0.3, 0.8], [0.3, 0.8]) == 0.5
    rows = [case("a", whole=0.9, less=0.5), case("b", whole=0.4, less=0.1)]
    statistic = Estimate(statistic="separation", columns=("whole", "less")).of(rows)
    assert statistic(np.array([[3.0, 1.0]]))[0] == pytest.approx((9 + 3 + 0 + 1) / 16)


def test_the_calibration_error_is_the_mean_distance_from_what_is_right() -> None:
    # a bin an item: distances .1, .4 and .3; the refused one does not count
    assert value("calibration error", [0.9, 0.6, 0.3, None], [1, 1, 0, None]) == pytest.approx(0.8 / 3)
    # twenty items of one confidence, two a bin, of which one is right in each
    assert value("calibration error", [0.5] * 20, [1, 0] * 10) == pytest.approx(0)
    assert value("calibration error", [0.8] * 20, [1, 0] * 10) == pytest.approx(0.3)
    assert np.isnan(value("calibration error", [None], [None]))


def test_the_risk_area_is_the_error_rate_over_all_coverages() -> None:
    # most confident first: right, wrong, right, wrong -> risks 0, 1/2, 1/3, 1/2
    assert value("risk area", [0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0]) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert value("risk area", [0.5, 0.5], [1, 0]) == pytest.approx(1 / 2)  # told apart by nothing


def test_coverage_at_risk_is_the_largest_that_stays_below() -> None:
    right: list[float | None] = [*[1.0] * 19, 0.0, 0.0]
    confidences: list[float | None] = [1 - i / 100 for i in range(21)]
    assert value("coverage at 5% risk", confidences, right) == pytest.approx(20 / 21)
    assert value("coverage at 5% risk", [0.9, 0.1], [0, 1]) == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30))
def test_auroc_of_turned_scores_is_its_complement(items: list[tuple[int, bool]]) -> None:
    labels: list[float | None] = [float(label) for _, label in items]
    up = value("auroc", [float(score) for score, _ in items], labels)
    down = value("auroc", [-float(score) for score, _ in items], labels)
    assert np.isnan(up) if len(set(labels)) == 1 else up + down == pytest.approx(1)


def test_figures_of_cases_skip_those_without_a_score() -> None:
    rows = [case("a", hit=1.0, miss=None), case("b", hit=None, miss=None), case("c", hit=0.0, miss=None)]
    found = estimated(mean_of("hit", "miss"), rows)
    assert found.keys() == {"hit"}
    assert (found["hit"].value, found["hit"].n) == (0.5, 2)


def test_whole_clusters_are_drawn() -> None:
    scores = [1.0, 1.0, 0.0, 0.0] * 10
    together = [case(str(i), cluster=f"article {i // 2}", hit=score) for i, score in enumerate(scores)]
    alone = [case(str(i), hit=score) for i, score in enumerate(scores)]
    wide, narrow = (estimated(mean_of("hit"), rows)["hit"] for rows in (together, alone))
    assert wide.value == narrow.value == 0.5
    assert wide.high - wide.low > 1.2 * (narrow.high - narrow.low)


def test_the_items_of_a_single_cluster_are_drawn_one_by_one() -> None:
    rows = [case(str(i), cluster="one", hit=float(i % 2)) for i in range(20)]
    found = estimated(mean_of("hit"), rows)["hit"]
    assert found.low < found.value < found.high


def test_without_items_there_is_no_figure() -> None:
    assert with_interval(lambda counts: counts.sum(axis=1), items=0, n=0) is None


def paired(first: Mapping[str, float], second: Mapping[str, float]) -> Any:
    estimate = mean_of("hit")["hit"]
    return difference(estimate, [case(k, hit=v) for k, v in first.items()], [case(k, hit=v) for k, v in second.items()])


def test_a_paired_difference_that_is_the_same_for_every_case_has_no_width() -> None:
    first = {str(i): i / 50 for i in range(50)}
    found = paired(first, {name: score + 0.25 for name, score in first.items()})
    assert (found.value, found.low, found.high) == pytest.approx((0.25, 0.25, 0.25))


def test_a_paired_difference_holds_its_value() -> None:
    first = {str(i): float(i % 2) for i in range(60)}
    found = paired(first, {**first, "0": 1.0, "2": 1.0, "1": 0.0})
    assert found.value == pytest.approx(1 / 60)
    assert found.low < 0 < found.high
    assert found.n == 60


def test_an_item_belongs_to_the_key_that_most_items_share() -> None:
    keys = [["a", "b"], ["b"], ["b", "c"], ["c"], []]
    assert most_shared(keys, ["1", "2", "3", "4", "5"]) == ["b", "b", "b", "c", "5"]
