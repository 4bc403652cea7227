"""Measures on one case or item, and their mean over a set with a 95% interval.

A measure that does not apply to an item gives None, never 0, and the item is left out of the mean. Everything here
works on plain values, so that every set can use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from rag.types import Outcome

RESAMPLES = 2000
SEED = 20240619
_RESAMPLES_AT_ONCE = 100

COST_OF_MISLEADING = 3.0
COST_OF_REFUSING = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """A mean over `n` items with the bounds of its 95% interval."""

    value: float
    low: float
    high: float
    n: int

    def __post_init__(self) -> None:
        if self.n < 1 or not np.isfinite([self.value, self.low, self.high]).all():
            raise ValueError(f"not a metric: {self.value!r} [{self.low!r}, {self.high!r}] over {self.n!r}")

    def as_json(self) -> dict[str, float | int]:
        """`{value, low, high, n}`, rounded to four places."""
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4), "n": self.n}


def mean_with_interval(
    scores: Sequence[float | None], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Metric | None:
    """Mean of the scores that apply, with its percentile bootstrap interval; None where no score applies.

    All items are drawn again with replacement, those without a score too, because how often a measure applies (say,
    how many answers were refused) is itself left to chance; a draw in which it never applies is left out. Efron and
    Tibshirani, An Introduction to the Bootstrap (1993), section 13.3. The same scores and seed give the same
    interval.
    """
    values = np.array([np.nan if score is None else score for score in scores], dtype=np.float64)
    applies = ~np.isnan(values)
    if not applies.any():
        return None
    filled = np.where(applies, values, 0.0)
    generator = np.random.default_rng(seed)
    means: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []
    for start in range(0, resamples, _RESAMPLES_AT_ONCE):
        drawn = generator.integers(0, len(values), size=(min(_RESAMPLES_AT_ONCE, resamples - start), len(values)))
        counts = applies[drawn].sum(axis=1)
        sums = filled[drawn].sum(axis=1)
        means.append(sums[counts > 0] / counts[counts > 0])
    low, high = np.percentile(np.concatenate(means), [2.5, 97.5])
    return Metric(value=float(values[applies].mean()), low=float(low), high=float(high), n=int(applies.sum()))


def recall_at_k(found: Sequence[AbstractSet[int]], wanted: int, k: int) -> float | None:
    """Share of the `wanted` facts that the first `k` results hold.

    |facts in the first k| / |facts|, where `found[i]` are the facts in the result at rank i + 1: Manning, Raghavan and
    Schütze, Introduction to Information Retrieval (2008), section 8.3, with facts for documents. Does not apply where
    nothing is wanted.
    """
    if wanted == 0:
        return None
    return len(set().union(*found[:k])) / wanted


def reciprocal_rank(found: Sequence[AbstractSet[int]], wanted: int, k: int) -> float | None:
    """1 / rank of the first of `k` results that holds any fact, 0 where none does; its mean is MRR@k.

    Voorhees, The TREC-8 Question Answering Track Report (1999). Does not apply where nothing is wanted.
    """
    if wanted == 0:
        return None
    return next((1 / rank for rank, facts in enumerate(found[:k], start=1) if facts), 0.0)


def share(flags: Sequence[bool]) -> float | None:
    """Share of the flags that are true; does not apply to none."""
    return sum(flags) / len(flags) if flags else None


def outcome_accuracy(expected: Outcome, outcome: Outcome) -> float:
    """1 where the outcome (answered, partly, not_found) is the expected one, else 0."""
    return float(expected == outcome)


def abstention_precision(expected: Outcome, outcome: Outcome) -> float | None:
    """Of the refused questions, the share that could not be answered; applies to refused questions.

    Precision of the class "not answerable", as in SQuAD 2.0's no-answer evaluation (Rajpurkar, Jia and Liang 2018).
    """
    return float(expected == "not_found") if outcome == "not_found" else None


def abstention_recall(expected: Outcome, outcome: Outcome) -> float | None:
    """Of the questions that cannot be answered, the share that was refused; applies to those questions."""
    return float(outcome == "not_found") if expected == "not_found" else None


def cost(expected: Outcome, outcome: Outcome, *, right_quotes: int) -> float:
    """What the answer costs its reader: 3 where it misleads, 1 where it refuses without need, else 0; lower is better.

    It misleads where a question that cannot be answered gets an answer, and where an answer holds not one right
    quote. A reader who is refused looks elsewhere; one who is misled does not know it. With these costs an answer
    pays only where it is right with a probability above 3/4: showing it costs 3(1 - p), keeping it back costs p
    (Elkan, The Foundations of Cost-Sensitive Learning, 2001, equation 2).
    """
    if outcome == "not_found":
        return 0.0 if expected == "not_found" else COST_OF_REFUSING
    return 0.0 if expected != "not_found" and right_quotes > 0 else COST_OF_MISLEADING
