"""The measures, worked by hand."""

from __future__ import annotations

import math

import pytest

from eval.metrics import per_case
from eval.metrics.per_case import Metric, mean_with_interval
from rag.types import Outcome

FOUND = [frozenset[int](), frozenset({1}), frozenset({0, 1}), frozenset({2})]


@pytest.mark.parametrize(("k", "share"), [(1, 0.0), (2, 1 / 3), (3, 2 / 3), (4, 1.0), (10, 1.0)])
def test_recall_counts_each_fact_once_in_the_first_k(k: int, share: float) -> None:
    assert per_case.recall_at_k(FOUND, 3, k) == pytest.approx(share)


def test_recall_of_a_fact_that_nothing_holds_is_lost() -> None:
    assert per_case.recall_at_k(FOUND, 4, 10) == pytest.approx(3 / 4)


@pytest.mark.parametrize(("k", "score"), [(1, 0.0), (2, 0.5), (10, 0.5)])
def test_reciprocal_rank_is_that_of_the_first_result_with_a_fact(k: int, score: float) -> None:
    assert per_case.reciprocal_rank(FOUND, 3, k) == score


def test_retrieval_does_not_apply_where_nothing_is_wanted() -> None:
    assert per_case.recall_at_k(FOUND, 0, 5) is None
    assert per_case.reciprocal_rank(FOUND, 0, 5) is None


def test_a_share_of_nothing_does_not_apply() -> None:
    assert per_case.share([]) is None
    assert per_case.share([True, False, False, False]) == 0.25


# Four cases: one refused rightly, one refused wrongly, one answered that could not be, one answered rightly.
OUTCOMES: list[tuple[Outcome, Outcome]] = [
    ("not_found", "not_found"),
    ("answered", "not_found"),
    ("not_found", "answered"),
    ("answered", "answered"),
]


def test_abstention_precision_is_over_refused_and_recall_over_unanswerable_questions() -> None:
    assert [per_case.abstention_precision(*pair) for pair in OUTCOMES] == [1.0, 0.0, None, None]
    assert [per_case.abstention_recall(*pair) for pair in OUTCOMES] == [1.0, None, 0.0, None]


def test_a_part_of_an_answer_is_another_outcome_than_the_whole() -> None:
    assert per_case.outcome_accuracy("answered", "partly") == 0.0
    assert per_case.outcome_accuracy("partly", "partly") == 1.0


@pytest.mark.parametrize(
    ("expected", "outcome", "right_quotes", "cost"),
    [
        ("not_found", "not_found", 0, 0),
        ("answered", "answered", 1, 0),
        ("answered", "partly", 1, 0),
        ("answered", "not_found", 0, 1),
        ("not_found", "answered", 0, 3),
        ("not_found", "partly", 1, 3),
        ("answered", "answered", 0, 3),
    ],
)
def test_misleading_costs_three_times_as_much_as_refusing(
    expected: Outcome, outcome: Outcome, right_quotes: int, cost: float
) -> None:
    assert per_case.cost(expected, outcome, right_quotes=right_quotes) == cost


def test_a_mean_leaves_out_what_does_not_apply() -> None:
    metric = mean_with_interval([1.0, None, 0.0, None, 0.5])
    assert metric is not None
    assert (metric.value, metric.n) == (0.5, 3)


def test_a_metric_that_never_applies_has_no_score() -> None:
    assert mean_with_interval([None, None]) is None
    assert mean_with_interval([]) is None


def test_the_interval_is_the_same_for_the_same_scores_and_holds_the_value() -> None:
    scores = [1.0] * 30 + [0.0] * 10
    first, second = mean_with_interval(scores), mean_with_interval(scores)
    assert first == second
    assert first is not None
    assert first.low < first.value < first.high


def test_the_interval_is_near_the_normal_one_on_many_cases() -> None:
    metric = mean_with_interval([1.0] * 300 + [0.0] * 100)
    assert metric is not None
    half = 1.96 * math.sqrt(0.75 * 0.25 / 400)
    assert metric.low == pytest.approx(0.75 - half, abs=0.01)
    assert metric.high == pytest.approx(0.75 + half, abs=0.01)


def test_equal_scores_leave_no_room() -> None:
    assert mean_with_interval([1.0, 1.0, None]) == Metric(value=1.0, low=1.0, high=1.0, n=2)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_number_is_no_metric(value: float) -> None:
    with pytest.raises(ValueError, match="not a metric"):
        Metric(value=value, low=0.0, high=1.0, n=1)
