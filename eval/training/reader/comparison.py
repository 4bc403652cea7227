"""Whether a training made a reader better than the one that it began from, on the same development questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.metrics.estimates import Estimate, difference, mean_of
from eval.metrics.per_case import Metric
from eval.training.reader.figures import Ranked

ESTIMATES: Mapping[str, Estimate] = {
    **mean_of("sentence_at_1"),
    "answerable_auroc": Estimate(statistic="auroc", columns=("score", "answerable")),
}
"""Figures without a threshold: those would flatter whichever was fitted to this half."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What the trained reader's figures are above the earlier one's, with intervals over draws of whole articles."""

    gains: Mapping[str, Metric]

    @property
    def is_better(self) -> bool:
        """Whether one figure is clearly higher and none clearly lower."""
        return any(gain.low > 0 for gain in self.gains.values()) and all(gain.high >= 0 for gain in self.gains.values())

    def in_words(self) -> str:
        """One line for who is to decide which reader to use."""
        told = ", ".join(
            f"{name} {gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}, n {gain.n})"
            for name, gain in self.gains.items()
        )
        verdict = "better" if self.is_better else "not clearly better"
        advice = "set NEWSDESK_READER to its folder" if self.is_better else "keep the one that you have"
        return f"{verdict} than what it began from: {told}; {advice}"


def compared(before: Sequence[Ranked], after: Sequence[Ranked]) -> Comparison:
    """Two readings of the same questions in the same order."""
    first, second = [_case(one) for one in before], [_case(one) for one in after]
    found = {name: difference(estimate, first, second) for name, estimate in ESTIMATES.items()}
    return Comparison(gains={name: gain for name, gain in found.items() if gain is not None})


def _case(one: Ranked) -> dict[str, Any]:
    question = one.evidence.question
    score, is_right = one.best
    return {
        "id": question.id,
        "cluster": question.article,
        "scores": {
            "sentence_at_1": float(is_right) if question.right else None,
            "score": score,
            "answerable": float(bool(question.right)),
        },
    }
