"""Figures of a whole set that are no plain means, with 95% intervals made like those of `metrics.mean_with_interval`.

All items (pages, pairs, feeds) are drawn again with replacement and the figure is computed anew from each draw: the
percentile bootstrap of Efron and Tibshirani, An Introduction to the Bootstrap (1993), section 13.3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from eval.metrics import RESAMPLES, SEED, Metric

Vector = npt.NDArray[np.float64]
_RESAMPLES_AT_ONCE = 100


def ratio_with_interval(parts: Sequence[float], wholes: Sequence[float]) -> Metric | None:
    """Sum of the parts over the sum of the wholes (a micro average); None where the wholes sum to nothing.

    `n` counts the items that have a whole.
    """
    part, whole = np.array(parts, dtype=np.float64), np.array(wholes, dtype=np.float64)

    def ratios(counts: Vector) -> Vector:
        return _divided(counts @ part, counts @ whole)

    return _figure(ratios, items=len(parts), n=int((whole > 0).sum()))


def f1_with_interval(precisions: Sequence[float | None], recalls: Sequence[float | None]) -> Metric | None:
    """Harmonic mean of mean precision and mean recall; None where either never applies, 0 where both are 0.

    An item without a precision (nothing was found) or without a recall (nothing was to be found) is left out of that
    mean only, as in the article extraction benchmark (github.com/scrapinghub/article-extraction-benchmark,
    evaluate.py). `n` counts the items.
    """
    precision, has_precision = _values(precisions)
    recall, has_recall = _values(recalls)

    def harmonic(counts: Vector) -> Vector:
        mean_precision = _divided(counts @ precision, counts @ has_precision)
        mean_recall = _divided(counts @ recall, counts @ has_recall)
        total = mean_precision + mean_recall
        return np.where(total == 0, 0.0, _divided(2 * mean_precision * mean_recall, total))

    return _figure(harmonic, items=len(precisions), n=len(precisions))


def _figure(statistic: Callable[[Vector], Vector], *, items: int, n: int) -> Metric | None:
    """Compute the statistic of the items and of draws of them; it takes how often each item is there, a row a draw."""
    value = statistic(np.ones((1, items)))[0]
    if not np.isfinite(value):
        return None
    generator = np.random.default_rng(SEED)
    drawn = []
    for _ in range(0, RESAMPLES, _RESAMPLES_AT_ONCE):
        counts = generator.multinomial(items, np.full(items, 1 / items), size=_RESAMPLES_AT_ONCE)
        drawn.append(statistic(counts.astype(np.float64)))
    values = np.concatenate(drawn)
    low, high = np.percentile(values[np.isfinite(values)], [2.5, 97.5])
    return Metric(value=float(value), low=float(low), high=float(high), n=n)


def _values(scores: Sequence[float | None]) -> tuple[Vector, Vector]:
    """Return the scores with 0 for those that do not apply, and 1 for each that does."""
    applies = np.array([score is not None for score in scores], dtype=np.float64)
    return np.array([score or 0.0 for score in scores], dtype=np.float64), applies


def _divided(parts: Vector, wholes: Vector) -> Vector:
    """Divide, with NaN where there is nothing to divide by."""
    divided: Vector = np.divide(parts, wholes, out=np.full(parts.shape, np.nan), where=wholes > 0)
    return divided
