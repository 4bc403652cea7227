"""Fits how probably an answer is right from its second reading (`rag/answering/certainty.py`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.datasets.answering.wikinews_articles import located, read_articles
from eval.datasets.answering.wikinews_qa import NAME, WikinewsQuestion, marked
from eval.datasets.rows import file_in_folder, read_rows
from eval.metrics.question_scores import answer_scores
from eval.runs.libraries import article_ids, stored
from eval.training.logistic import calibration_error, fit_weights
from rag.answering.sentence_reading import read_evidence
from rag.settings import Settings

FOLDS = 10
WARNED = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30)
"""Shares of right answers over which a warning may stand, for the curve."""


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """A shown answer: what its second reading told, whether it is right, and the article that it was asked on."""

    inputs: tuple[float, float, float, float]
    is_right: bool
    article: str


def fit_certainty(
    folder: Path, *, settings: Settings, libraries: Path | None, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """The constants, and what they are worth on articles that they were not fitted on."""
    answers = _answers(folder, settings, libraries, progress)
    inputs = np.array([one.inputs for one in answers])
    right = np.array([one.is_right for one in answers])
    held_out = _held_out(answers, inputs, right)
    *weights, offset = fit_weights(inputs, right.tolist())
    return {
        "answers": len(answers),
        "weights": dict(zip(("alone", "in_a_hurry", "without_heading", "ahead"), map(float, weights), strict=True)),
        "offset": float(offset),
        "calibration_error": calibration_error(held_out.tolist(), right.tolist()),
        "warned": [_warned(held_out, right, share) for share in WARNED],
        "reliability": _reliability(held_out, right),
    }


def _answers(
    folder: Path, settings: Settings, libraries: Path | None, progress: Callable[[int, int], None]
) -> list[ReadAgain]:
    questions, _ = read_rows(file_in_folder(folder, "questions"), WikinewsQuestion)
    articles, _ = read_articles(folder)
    raw = [article.raw() for article in articles]
    found: list[ReadAgain] = []
    with stored(raw, settings, set_name=NAME, keep=libraries) as library:
        homes = located(articles, article_ids(raw), library.desk.library.archive)
        for done, question in enumerate(questions, start=1):
            answer = library.desk.ask(question.question)
            again = read_evidence(library.desk.library, answer.question, answer.evidence).again
            is_right = answer_scores(marked(question, homes), answer)["right"]
            if again is not None and is_right is not None:
                inputs = (again.alone, again.in_a_hurry, again.without_heading, again.ahead)
                found.append(ReadAgain(inputs, bool(is_right), question.article))
            progress(done, len(questions))
    return found


def _held_out(answers: list[ReadAgain], inputs: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Each answer's probability from a fit to the answers of other articles."""
    number = {name: place % FOLDS for place, name in enumerate(dict.fromkeys(one.article for one in answers))}
    fold = np.array([number[one.article] for one in answers])
    found = np.zeros(len(answers))
    for one in range(FOLDS):
        *weights, offset = fit_weights(inputs[fold != one], right[fold != one].tolist())
        found[fold == one] = 1 / (1 + np.exp(-(inputs[fold == one] @ np.array(weights) + offset)))
    return found


def _warned(probabilities: NDArray[np.float64], right: NDArray[np.bool_], share: float) -> dict[str, float]:
    """From which probability on nobody is warned where a warning may stand over this share of right answers."""
    sure_at = float(np.quantile(probabilities[right], share))
    return {
        "sure_at": round(sure_at, 3),
        "on_right": round(float((probabilities[right] < sure_at).mean()), 3),
        "on_wrong": round(float((probabilities[~right] < sure_at).mean()), 3),
    }


def _reliability(probabilities: NDArray[np.float64], right: NDArray[np.bool_]) -> list[dict[str, float]]:
    """Tenths of the answers by probability: what was said, and what was so."""
    return [
        {
            "said": round(float(probabilities[part].mean()), 3),
            "right": round(float(right[part].mean()), 3),
            "answers": len(part),
        }
        for part in np.array_split(np.argsort(probabilities, kind="stable"), FOLDS)
        if len(part)
    ]
