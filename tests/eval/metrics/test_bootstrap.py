"""Figures of a whole set, worked by hand."""

from __future__ import annotations

import pytest

from eval.metrics.bootstrap import f1_with_interval
from eval.metrics.per_case import Metric


def test_f1_is_the_harmonic_mean_of_the_two_means() -> None:
    metric = f1_with_interval([1.0, 0.5, None], [0.5, 0.5, 0.2])
    assert metric is not None
    assert metric.value == pytest.approx(2 * 0.75 * 0.4 / (0.75 + 0.4))
    assert metric.n == 3


def test_f1_of_nothing_right_is_zero_and_without_an_item_that_applies_it_has_no_value() -> None:
    assert f1_with_interval([0.0, 0.0], [0.0, 0.0]) == Metric(value=0.0, low=0.0, high=0.0, n=2)
    assert f1_with_interval([None, None], [0.0, 0.0]) is None


def test_intervals_are_repeatable_hold_the_value_and_have_no_width_where_all_are_equal() -> None:
    scores = [1.0] * 30 + [0.0] * 10
    first, second = f1_with_interval(scores, scores), f1_with_interval(scores, scores)
    assert first == second
    assert first is not None
    assert first.low < first.value < first.high
    assert f1_with_interval([0.5] * 3, [0.5] * 3) == Metric(value=0.5, low=0.5, high=0.5, n=3)
