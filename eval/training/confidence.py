"""Fits how sure an answer says it is: `python -m eval calibrate RUN... [--write]`, over saved runs of golden and
realtimeqa.

An answer counts as right where it shows a sentence that answers (golden), or the answer's words (realtimeqa). The
probability is Platt's (Probabilistic outputs for support vector machines, 1999): a logistic function of how far the
best sentence lies above its threshold, in log-odds. `sure` is the lowest probability from which on at most `MOST_WRONG`
of the shown answers of these runs are wrong.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.errors import CaseError
from eval.runs.compare import load_run
from rag.answering.sentence_scoring import WEIGHTS_FILE, load_weights

MOST_WRONG = 0.05
FEWEST = 30
"""Fewer shown answers say nothing about a share of five in a hundred."""


def calibrated(runs: Sequence[Path]) -> dict[str, Any]:
    """The content of `selection.json` with newly fitted `confidence` and `sure`.

    Raises `CaseError` where the runs hold too few shown answers to fit on.
    """
    from sklearn.linear_model import LogisticRegression

    told = [pair for folder in runs for pair in _shown(folder)]
    if len(told) < FEWEST or len({right for _, right in told}) < 2:
        raise CaseError(f"the runs hold {len(told)} shown answers; {FEWEST} and some wrong ones are needed")
    above = np.array([value for value, _ in told])
    right = np.array([is_right for _, is_right in told])
    model = LogisticRegression(C=1e6).fit(above[:, None], right)
    slope, intercept = float(model.coef_[0][0]), float(model.intercept_[0])
    probabilities = 1.0 / (1.0 + np.exp(-(slope * above + intercept)))
    shipped: dict[str, Any] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return {
        **shipped,
        "confidence": {"slope": round(slope, 4), "intercept": round(intercept, 4)},
        "sure": round(sure_from(probabilities, right), 4),
        "calibrated": {
            "command": "python -m eval calibrate GOLDEN_RUN REALTIMEQA_RUN --write",
            "shown": len(told),
            "right": round(float(right.mean()), 4),
            "expected_calibration_error": round(calibration_error(probabilities, right), 4),
        },
    }


def sure_from(probabilities: np.ndarray[Any, Any], right: np.ndarray[Any, Any]) -> float:
    """The lowest of the probabilities from which on at most `MOST_WRONG` are wrong; 1 where there is none."""
    order = np.argsort(-probabilities, kind="stable")
    wrong = np.cumsum(~right[order].astype(bool)) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(wrong <= MOST_WRONG)
    return float(probabilities[order][good[-1]]) if len(good) else 1.0


def calibration_error(probabilities: np.ndarray[Any, Any], right: np.ndarray[Any, Any], *, bins: int = 5) -> float:
    """Expected calibration error over bins of equal count (Naeini et al., AAAI 2015)."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(float(probabilities[part].mean()) - float(right[part].mean())) * len(part) for part in parts]
    return sum(gaps) / len(order)


def _shown(folder: Path) -> Iterator[tuple[float, bool]]:
    """For each shown answer of a run how far it lay above its threshold, and whether it was right."""
    run = load_run(folder)
    weights = load_weights()
    for case in run.cases:
        right = case.get("right") if run.set == "golden" else case["scores"].get("answer_shown")
        confidence = case.get("confidence", 0.0)
        if right is not None and 0.0 < confidence < 1.0 and case["outcome"] != "not_found":
            log_odds = math.log(confidence / (1.0 - confidence))
            yield (log_odds - weights.confidence["intercept"]) / weights.confidence["slope"], bool(right)
