"""The reader's calibration and thresholds, fitted on the development half with the file that ships."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from eval.metrics.per_case import COST_OF_MISLEADING, COST_OF_REFUSING
from eval.training.logistic import calibration_error, fit_logistic, held_out_probabilities
from eval.training.reader.figures import Ranked
from rag.models.model_files import Logistic

MOST_SHOWN = 4

RANK_WEIGHT = 1.25
"""What the logarithm of a passage's rank takes off the scores of its sentences: what is found first is about the
matter. On the development half 0, .5, 1, 1.5, 2 put the right sentence first for .68, .70, .72, .72, .72, and the least
cost is .57, .52, .51, .51, .51."""


SHOWN_WITHIN = 2.0
"""Log-odds below the best sentence within which others are shown, too. On the development half, answering from the same
score, 0, 1, 2, 3, 4 give a right quote for .61, .67, .71, .73, .74 of the answerable questions at a quote precision of
.68, .59, .51, .43, .37 (a partial sentence counts as wrong)."""

ANSWER_AT = 0.5
"""The confidence from which an answer is shown: where it is more likely right than not. On the development half .44,
.5, .56, .62, .68 refuse .09, .12, .15, .20, .28 of the answerable questions wrongly and .59, .66, .69, .75, .81 of the
others rightly, at a cost of .62, .58, .56, .54, .52."""

WARNED_RIGHT = 0.15
"""A warning over more of the right answers would be read over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What would be shown for a question: of its best sentences those that score enough, the best one always."""

    question: Ranked
    flags: tuple[bool, ...]

    @property
    def is_right(self) -> bool:
        """Whether anything shown answers."""
        return any(self.flags)


def shown(found: Ranked) -> Shown:
    """The best sentence and those that come within `SHOWN_WITHIN` of it, at most `MOST_SHOWN`."""
    order = sorted(found.scores, key=lambda pair: -pair[0])[:MOST_SHOWN]
    return Shown(question=found, flags=tuple(flag for score, flag in order if score >= order[0][0] - SHOWN_WITHIN))


def with_rank(found: Sequence[Ranked]) -> list[Ranked]:
    """The same scores, each less `RANK_WEIGHT` times the logarithm of its passage's rank."""
    return [
        replace(one, scores=tuple(zip(_behind(one), (flag for _, flag in one.scores), strict=True))) for one in found
    ]


def _behind(one: Ranked) -> Iterator[float]:
    scores = iter(one.scores)
    for rank, cut in enumerate(one.evidence.cuts, start=1):
        yield from (score - RANK_WEIGHT * math.log(rank) for score, _ in itertools.islice(scores, len(cut.numbers)))


def reader_constants(found: Sequence[Ranked], passages: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """What `rag.models.reader.reader.Reader` needs; `passages` are passage scores with whether a passage answers.

    `found` has its ranks taken in (`with_rank`).
    """
    sentences = [pair for one in found for pair in one.scores]
    sentence = fit_logistic([s for s, _ in sentences], [flag for _, flag in sentences])
    passage = fit_logistic([s for s, _ in passages], [flag for _, flag in passages])
    confidence = fit_logistic([one.best[0] for one in found], [shown(one).is_right for one in found])
    return {
        "sentence": {"slope": sentence.slope, "offset": sentence.offset},
        "passage": {"slope": passage.slope, "offset": passage.offset},
        "confidence": {"slope": confidence.slope, "offset": confidence.offset},
        "rank_weight": RANK_WEIGHT,
        "shown_within": SHOWN_WITHIN,
        "answer_at": ANSWER_AT,
        "sure_at": confidence.probability(_sure_score(found, confidence)),
    }


def decision_figures(found: Sequence[Ranked], *, confidence: Logistic, answer_at: float) -> dict[str, float]:
    """What would be shown and refused from a confidence on, as the README of wikinews-qa defines the figures.

    `calibration_error` is that of a confidence that was fitted to the other articles.
    """
    outcomes = [(one, shown(one), confidence.probability(one.best[0]) >= answer_at) for one in found]
    answerable = [(one, what, is_shown) for one, what, is_shown in outcomes if one.evidence.question.right]
    labels = [what.is_right for _, what, _ in outcomes]
    clusters = [one.evidence.question.article for one, _, _ in outcomes]
    fitted = held_out_probabilities([one.best[0] for one in found], labels, clusters)
    flags = [flag for _, what, is_shown in outcomes if is_shown for flag in what.flags]
    return {
        "wrongly_refused": float(np.mean([not is_shown for *_, is_shown in answerable])),
        "shown_right": float(np.mean([is_shown and what.is_right for _, what, is_shown in answerable])),
        "refused_unanswerable": float(np.mean([not s for one, _, s in outcomes if not one.evidence.question.right])),
        "quote_precision": float(np.mean(flags)) if flags else 0.0,
        "quotes": float(np.mean([len(what.flags) for _, what, is_shown in outcomes if is_shown] or [0])),
        "cost": float(np.mean([_cost(one, what, is_shown) for one, what, is_shown in outcomes])),
        "calibration_error": calibration_error(fitted, labels),
    }


def _cost(one: Ranked, what: Shown, is_shown: bool) -> float:
    if is_shown:
        return 0.0 if what.is_right else COST_OF_MISLEADING
    return COST_OF_REFUSING if one.evidence.question.right else 0.0


def _sure_score(found: Sequence[Ranked], confidence: Logistic) -> float:
    """The score below which a reader is warned: so that no more than `WARNED_RIGHT` of the right answers are."""
    right = [one.best[0] for one in found if confidence.probability(one.best[0]) >= ANSWER_AT and shown(one).is_right]
    return float(np.quantile(right, WARNED_RIGHT)) if right else 0.0
