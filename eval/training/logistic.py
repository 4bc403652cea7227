"""Scores to probabilities: Platt's logistic fit, and how far such probabilities are off."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.models.model_files import Logistic

_STEPS = 100


def fit_logistic(scores: Sequence[float], labels: Sequence[bool]) -> Logistic:
    """Maximum likelihood by Newton's method, with Platt's smoothed targets (Platt 1999, section 2.2)."""
    x, y = np.array(scores, dtype=np.float64), np.array(labels, dtype=np.float64)
    positive, negative = y.sum(), len(y) - y.sum()
    goal = np.where(y == 1, (positive + 1) / (positive + 2), 1 / (negative + 2))
    inputs = np.stack([x, np.ones_like(x)], 1)
    weights = np.array([0.0, np.log((positive + 1) / (negative + 1))])
    for _ in range(_STEPS):
        found = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (found - goal)
        curve = (inputs * (found * (1 - found))[:, None]).T @ inputs + 1e-6 * np.eye(2)
        change = np.linalg.solve(curve, slope)
        # A step that overshoots would swing; halves of it do not.
        weights = weights - np.clip(change, -2, 2)
        if np.abs(change).max() < 1e-8:
            break
    return Logistic(slope=float(weights[0]), offset=float(weights[1]))


def folds_of(clusters: Sequence[Hashable], folds: int) -> NDArray[np.int64]:
    """The fold of each item, counted from 0; the items of a cluster are in the same one."""
    number = {name: place % folds for place, name in enumerate(dict.fromkeys(clusters))}
    return np.array([number[name] for name in clusters], dtype=np.int64)


def held_out_probabilities(
    scores: Sequence[float], labels: Sequence[bool], clusters: Sequence[Hashable], folds: int = 5
) -> list[float]:
    """Each item's probability from a fit to the other folds; a cluster (an article) is never in two of them."""
    fold = folds_of(clusters, folds)
    found = np.zeros(len(scores))
    for one in range(folds):
        others = [int(i) for i in np.flatnonzero(fold != one)]
        fitted = fit_logistic([scores[i] for i in others], [labels[i] for i in others])
        for i in map(int, np.flatnonzero(fold == one)):
            found[i] = fitted.probability(scores[i])
    return [float(value) for value in found]


def calibration_error(probabilities: Sequence[float], labels: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error with bins of equal size (Nixon et al., 2019: adaptive calibration error)."""
    order = np.argsort(np.array(probabilities), kind="stable")
    p, y = np.array(probabilities)[order], np.array(labels, dtype=np.float64)[order]
    parts = [part for part in np.array_split(np.arange(len(p)), bins) if len(part)]
    return float(sum(len(part) / len(p) * abs(p[part].mean() - y[part].mean()) for part in parts))


def fit_weights(inputs: NDArray[np.float64], labels: Sequence[bool], *, ridge: float = 2.0) -> NDArray[np.float64]:
    """The weights of several inputs and, last, the offset: logistic regression by Newton's method.

    `ridge` is the penalty on the squared weights of the inputs, each measured in its standard deviation.
    """
    spread = inputs.std(axis=0)
    scaled = np.column_stack([inputs / spread, np.ones(len(inputs))])
    goal, penalty = np.array(labels, dtype=np.float64), np.diag([ridge] * inputs.shape[1] + [0.0])
    weights = np.zeros(scaled.shape[1])
    for _ in range(_STEPS):
        found = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        slope = scaled.T @ (found - goal) + penalty @ weights
        curve = (scaled * (found * (1 - found))[:, None]).T @ scaled + penalty
        change = np.linalg.solve(curve, slope)
        weights = weights - np.clip(change, -2, 2)
        if np.abs(change).max() < 1e-8:
            break
    return np.append(weights[:-1] / spread, weights[-1])
