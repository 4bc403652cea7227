"""The checker's figures on twins, from any scorer of claims: the torch network or the int8 file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from eval.training.checker.claims import Twins
from eval.training.reader.figures import area
from rag.checking.literal import literal_fault
from rag.checking.sentence_check import lowered
from rag.models.checker.rows import CitedQuote

ClaimScorer = Callable[[Sequence[tuple[str, Sequence[CitedQuote]]]], Sequence[float]]


def twin_scores(twins: Sequence[Twins], scorer: ClaimScorer) -> tuple[list[float], list[float]]:
    """Scores of the supported versions and of the unsupported ones, in order."""
    found = scorer([(one.claim, one.quotes(text)) for one in twins for text in (one.supporting, one.failing)])
    return list(found[0::2]), list(found[1::2])


def checker_figures(twins: Sequence[Twins], scorer: ClaimScorer, *, at: float | None = None) -> dict[str, float]:
    """The set's metrics; `at` is the score from which a claim is kept, chosen on these very twins where None."""
    good, bad = twin_scores(twins, scorer)
    at = best_threshold(good, bad) if at is None else at
    kept, caught = np.array(good) >= at, np.array(bad) < at
    return {
        "balanced_accuracy": float(kept.mean() + caught.mean()) / 2,
        "auroc": area(good + bad, [True] * len(good) + [False] * len(bad)),
        "kept_supported": float(kept.mean()),
        "caught_unsupported": float(caught.mean()),
        "both_twins_right": float((kept & caught).mean()),
        "twin_order_right": float((np.array(good) > np.array(bad)).mean()),
        "threshold": at,
    }


def remembered(scorer: ClaimScorer) -> ClaimScorer:
    """The scorer, which is asked once for the same claims: several tables are made of one reading."""
    known: dict[tuple[tuple[str, tuple[CitedQuote, ...]], ...], Sequence[float]] = {}

    def scored(claims: Sequence[tuple[str, Sequence[CitedQuote]]]) -> Sequence[float]:
        key = tuple((text, tuple(quotes)) for text, quotes in claims)
        if key not in known:
            known[key] = scorer(claims)
        return known[key]

    return scored


FAILED = -100.0
"""Added to the score of a claim that fails a literal check: below every threshold, in the network's order."""


def with_literal_checks(scorer: ClaimScorer) -> ClaimScorer:
    """The scorer as the product decides with it, behind `rag.checking.literal`."""

    def scored(claims: Sequence[tuple[str, Sequence[CitedQuote]]]) -> list[float]:
        found = scorer(claims)
        return [score + FAILED if literal_fault(*claim) else score for claim, score in zip(claims, found, strict=True)]

    return scored


def as_told(scorer: ClaimScorer, probability: Callable[[float], float], keep_at: float) -> ClaimScorer:
    """The probability of support as a graded check tells it (`rag.checking.sentence_check.TrainedCheck`)."""

    def scored(claims: Sequence[tuple[str, Sequence[CitedQuote]]]) -> list[float]:
        found = map(probability, scorer(claims))
        return [
            lowered(one, keep_at) if literal_fault(*claim) else one for claim, one in zip(claims, found, strict=True)
        ]

    return scored


def best_threshold(good: Sequence[float], bad: Sequence[float], *, least_kept: float = 0.8) -> float:
    """The score with the highest balanced accuracy of those at which enough of the supported claims are kept."""
    options = np.quantile(np.array([*good, *bad]), np.linspace(0.02, 0.98, 193))
    kept = np.array([(np.array(good) >= at).mean() for at in options])
    balanced = (kept + np.array([(np.array(bad) < at).mean() for at in options])) / 2
    return float(options[int(np.argmax(np.where(kept >= least_kept, balanced, balanced - 1)))])
