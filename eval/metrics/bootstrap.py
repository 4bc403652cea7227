"""Figures of a whole set that are no plain means, with 95% intervals made like those of `metrics.mean_with_interval`.

All items (pages, pairs, questions) are drawn again with replacement and the figure is computed anew from each draw: the
percentile bootstrap of Efron and Tibshirani, An Introduction to the Bootstrap (1993), section 13.3. Items that share a
source (questions on one article) say less than as many independent ones; where clusters are given, whole clusters are
drawn: Davison and Hinkley, Bootstrap Methods and their Application (1997), section 3.8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from eval.metrics.per_case import RESAMPLES, SEED, Metric

Vector = npt.NDArray[np.float64]
Statistic = Callable[[Vector], Vector]
"""From how often each item is there, a row a draw, to the figure of each draw; NaN where it has none."""

_RESAMPLES_AT_ONCE = 100


def f1_with_interval(precisions: Sequence[float | None], recalls: Sequence[float | None]) -> Metric | None:
    """Harmonic mean of mean precision and mean recall; None where either never applies, 0 where both are 0.

    An item without a precision (nothing was found) or without a recall (nothing was to be found) is left out of that
    mean only, as in the article extraction benchmark (github.com/scrapinghub/article-extraction-benchmark,
    evaluate.py). `n` counts the items.
    """
    return with_interval(
        harmonic_mean(values_of(precisions), values_of(recalls)), items=len(precisions), n=len(precisions)
    )


def harmonic_mean(first: Vector, second: Vector) -> Statistic:
    """2ab / (a + b) of the means a and b of two columns, NaN for what does not apply; 0 where both are 0."""

    def statistic(counts: Vector) -> Vector:
        a, b = mean(first)(counts), mean(second)(counts)
        return np.where(a + b == 0, 0.0, divided(2 * a * b, a + b))

    return statistic


def mean(values: Vector) -> Statistic:
    """Mean of a column over the items that it applies to (is not NaN for)."""
    applies = ~np.isnan(values)
    filled = np.where(applies, values, 0.0)
    return lambda counts: divided(counts @ filled, counts @ applies.astype(np.float64))


def with_interval(
    statistic: Statistic, *, items: int, n: int, clusters: Sequence[object] | None = None
) -> Metric | None:
    """The figure of all items with the interval that draws of items, or of whole clusters of them, give.

    None where all items together have no such figure. `clusters` names each item's cluster.
    """
    if not items:
        return None
    value = float(statistic(np.ones((1, items)))[0])
    if not np.isfinite(value):
        return None
    values = np.concatenate([statistic(counts) for counts in draws(items, clusters)])
    low, high = np.percentile(values[np.isfinite(values)], [2.5, 97.5])
    return Metric(value=value, low=float(low), high=float(high), n=n)


def draws(items: int, clusters: Sequence[object] | None = None) -> Iterator[Vector]:
    """How often each item is there in each draw, a row a draw, many draws at a time; the same in every run.

    A single cluster tells nothing about others: its items are drawn instead.
    """
    generator = np.random.default_rng(SEED)
    homes: Sequence[object] = clusters if clusters and len(set(clusters)) > 1 else range(items)
    names = {name: number for number, name in enumerate(dict.fromkeys(homes))}
    home = np.array([names[name] for name in homes], dtype=np.intp)
    for _ in range(0, RESAMPLES, _RESAMPLES_AT_ONCE):
        drawn = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=_RESAMPLES_AT_ONCE)
        yield drawn.astype(np.float64)[:, home]


def values_of(scores: Sequence[float | None]) -> Vector:
    """A column of scores, NaN for what does not apply."""
    return np.array([np.nan if score is None else score for score in scores], dtype=np.float64)


def divided(parts: Vector, wholes: Vector) -> Vector:
    """Divide, with NaN where there is nothing to divide by."""
    quotient: Vector = np.divide(parts, wholes, out=np.full(parts.shape, np.nan), where=wholes > 0)
    return quotient
