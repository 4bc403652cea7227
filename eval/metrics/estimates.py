"""How a set's figures follow from its cases, so that a saved run can be computed anew and held against another.

An `Estimate` names a statistic and the columns of `scores` that it takes; every case carries its scores and its
cluster. Two runs over the same cases are compared by drawing the same cases for both: the paired bootstrap (Efron and
Tibshirani 1993, section 13.3; for retrieval, Sakai, Evaluating evaluation metrics based on the bootstrap, SIGIR 2006).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval.metrics.bootstrap import Statistic, Vector, divided, harmonic_mean, mean, values_of, with_interval
from eval.metrics.per_case import Metric

Cases = Sequence[Mapping[str, Any]]

CALIBRATION_BINS = 10


def balanced_accuracy(right_where_positive: Vector, right_where_negative: Vector) -> Statistic:
    """Mean of the two classes' recalls: (TPR + TNR) / 2 (Brodersen et al., ICPR 2010)."""
    positive, negative = mean(right_where_positive), mean(right_where_negative)
    return lambda counts: (positive(counts) + negative(counts)) / 2


def auroc(scores: Vector, labels: Vector) -> Statistic:
    """Probability that a positive item has a higher score than a negative one, ties counting half.

    The Mann-Whitney form of the area under the ROC curve (Hanley and McNeil, Radiology 143, 1982); `labels` are 1 and
    0. Items without a score are left out.
    """
    kept = np.flatnonzero(~np.isnan(scores) & ~np.isnan(labels))
    order = kept[np.argsort(scores[kept], kind="stable")]
    starts = _ties(scores[order])
    positive = labels[order]

    def statistic(counts: Vector) -> Vector:
        drawn = counts[:, order]
        above = np.add.reduceat(drawn * positive, starts, axis=1)
        below = np.add.reduceat(drawn * (1 - positive), starts, axis=1)
        lower = np.cumsum(below, axis=1) - below
        return divided((above * (lower + below / 2)).sum(axis=1), above.sum(axis=1) * below.sum(axis=1))

    return statistic if len(kept) else _nothing


def separation(with_it: Vector, without_it: Vector) -> Statistic:
    """Probability that an item's score with something is higher than another's without it, ties counting half.

    The area under the ROC curve where every item is there twice, as a positive and as a negative one.
    """
    twice = auroc(
        np.concatenate([with_it, without_it]),
        np.concatenate([np.ones(len(with_it)), np.zeros(len(without_it))]),
    )
    return lambda counts: twice(np.concatenate([counts, counts], axis=1))


def calibration_error(confidences: Vector, right: Vector) -> Statistic:
    """How far confidences are from the share that is right, on average over ten bins of equally many items.

    Expected calibration error (Naeini, Cooper and Hauskrecht, AAAI 2015) with the bins of all items kept for every
    draw. Items without a confidence or a verdict are left out.
    """
    kept = np.flatnonzero(~np.isnan(confidences) & ~np.isnan(right))
    order = kept[np.argsort(confidences[kept], kind="stable")]
    bins = [part for part in np.array_split(order, CALIBRATION_BINS) if len(part)]

    def statistic(counts: Vector) -> Vector:
        gaps = sum(
            (np.abs(counts[:, part] @ (confidences[part] - right[part])) for part in bins), np.zeros(len(counts))
        )
        return divided(gaps, counts[:, order].sum(axis=1))

    return statistic


def risk_area(confidences: Vector, right: Vector) -> Statistic:
    """Area under the risk-coverage curve: the error rate among the most confident, averaged over all coverages.

    AURC of Geifman, Uziel and El-Yaniv, ICLR 2019, equation 3; lower is better. Items of one confidence are taken
    together.
    """
    curve = _risk_coverage(confidences, right)

    def statistic(counts: Vector) -> Vector:
        covered, risk, step = curve(counts)
        return divided((risk * step).sum(axis=1), covered[:, -1])

    return statistic


def coverage_at_risk(confidences: Vector, right: Vector, *, most: float = 0.05) -> Statistic:
    """The largest share of items that can be answered, the most confident first, with at most this share wrong.

    Coverage at a guaranteed risk (Geifman and El-Yaniv, NIPS 2017), chosen with hindsight: an upper bound.
    """
    curve = _risk_coverage(confidences, right)

    def statistic(counts: Vector) -> Vector:
        covered, risk, _ = curve(counts)
        return divided(np.where(risk <= most, covered, 0.0).max(axis=1), covered[:, -1])

    return statistic


def ratio(parts: Vector, wholes: Vector) -> Statistic:
    """Sum of the parts over the sum of the wholes: a micro average. Items without either are left out."""
    part, whole = np.nan_to_num(parts), np.nan_to_num(wholes)
    return lambda counts: divided(counts @ part, counts @ whole)


def macro_f1(wanted: Vector, decided: Vector) -> Statistic:
    """The mean over the classes that are wanted of each one's F1: 2 TP / (2 TP + FP + FN).

    Macro-averaged F1 of Sokolova and Lapalme (2009), the classes given as numbers; a class that a draw has none of is
    left out of its mean.
    """
    classes = [float(one) for one in np.unique(wanted)]

    def statistic(counts: Vector) -> Vector:
        found = []
        for one in classes:
            is_wanted, is_decided = wanted == one, decided == one
            right = counts @ (is_wanted & is_decided).astype(np.float64)
            both = counts @ is_wanted.astype(np.float64) + counts @ is_decided.astype(np.float64)
            has_any = counts @ is_wanted.astype(np.float64) > 0
            found.append(np.where(has_any, divided(2 * right, both), np.nan))
        return np.asarray(np.nanmean(np.stack(found), axis=0))

    return statistic


STATISTICS: Mapping[str, Callable[..., Statistic]] = {
    "mean": mean,
    "ratio": ratio,
    "harmonic mean": harmonic_mean,
    "balanced accuracy": balanced_accuracy,
    "auroc": auroc,
    "separation": separation,
    "calibration error": calibration_error,
    "risk area": risk_area,
    "coverage at 5% risk": coverage_at_risk,
    "macro f1": macro_f1,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A figure of a set: a name of `STATISTICS` and the columns that it is computed from, in order."""

    statistic: str
    columns: tuple[str, ...]

    def of(self, cases: Cases) -> Statistic:
        """The statistic over these cases; a case without a column's score does not count for it."""
        return STATISTICS[self.statistic](*self._values(cases))

    def applying(self, cases: Cases) -> int:
        """How many cases have a score in any of the columns."""
        return int((~np.isnan(np.stack(self._values(cases)))).any(axis=0).sum())

    def as_json(self) -> dict[str, Any]:
        """`{statistic, columns}`."""
        return {"statistic": self.statistic, "columns": list(self.columns)}

    def _values(self, cases: Cases) -> list[Vector]:
        return [values_of([case["scores"].get(column) for case in cases]) for column in self.columns]


def mean_of(*names: str) -> dict[str, Estimate]:
    """Figures that are the means of the columns of the same names."""
    return {name: Estimate(statistic="mean", columns=(name,)) for name in names}


def estimated(estimates: Mapping[str, Estimate], cases: Cases) -> dict[str, Metric]:
    """Every figure that the cases give, with its interval over draws of their clusters.

    A case without a "cluster" is one of its own.
    """
    found = {}
    for name, estimate in estimates.items():
        metric = with_interval(
            estimate.of(cases), items=len(cases), n=estimate.applying(cases), clusters=clusters_of(cases)
        )
        if metric is not None:
            found[name] = metric
    return found


def difference(estimate: Estimate, first: Cases, second: Cases) -> Metric | None:
    """The second run's figure less the first's, with the interval of paired draws; None where either has none.

    Both hold the same cases in the same order. `n` is the smaller number of cases that the figure applies to.
    """
    before, after = estimate.of(first), estimate.of(second)
    n = min(estimate.applying(first), estimate.applying(second))
    return with_interval(
        lambda counts: after(counts) - before(counts), items=len(first), n=n, clusters=clusters_of(first)
    )


def clusters_of(cases: Cases) -> list[str]:
    """Each case's cluster: what it names, else itself."""
    return [f"in {case['cluster']}" if "cluster" in case else f"is {case['id']}" for case in cases]


def most_shared(keys: Sequence[Sequence[str]], ids: Sequence[str]) -> list[str]:
    """For each item the one of its keys (the articles that it rests on) that most items have; without keys its id.

    Joining all items that share any key would chain nearly a whole set together.
    """
    uses: dict[str, int] = {}
    for own in keys:
        for key in dict.fromkeys(own):
            uses[key] = uses.get(key, 0) + 1
    return [max(own, key=lambda key: (uses[key], key)) if own else name for own, name in zip(keys, ids, strict=True)]


def _risk_coverage(confidences: Vector, right: Vector) -> Callable[[Vector], tuple[Vector, Vector, Vector]]:
    """Weight covered, error rate and weight added at each distinct confidence, the highest first."""
    order = np.argsort(-confidences, kind="stable")
    starts = _ties(confidences[order])
    wrong = 1 - right[order]

    def curve(counts: Vector) -> tuple[Vector, Vector, Vector]:
        drawn = counts[:, order]
        step = np.add.reduceat(drawn, starts, axis=1)
        covered = np.cumsum(step, axis=1)
        errors = np.cumsum(np.add.reduceat(drawn * wrong, starts, axis=1), axis=1)
        return covered, np.where(covered > 0, errors / np.maximum(covered, 1), 0.0), step

    return curve


def _ties(ordered: Vector) -> Any:
    """Where each run of equal values begins."""
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ordered) else np.array([0])


def _nothing(counts: Vector) -> Vector:
    return np.full(len(counts), np.nan)
