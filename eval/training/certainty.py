"""Fits what a reader's second reading decides by (`rag/models/reader/second_reading.py`): how probably an answer is
right, from where on it is shown, and from where on without a warning."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.datasets.answering.wikinews_articles import located, read_articles
from eval.datasets.answering.wikinews_qa import NAME, WikinewsQuestion, marked
from eval.datasets.rows import file_in_folder, read_rows
from eval.errors import CaseError
from eval.metrics.per_case import COST_OF_MISLEADING, COST_OF_REFUSING
from eval.metrics.question_scores import answer_scores
from eval.runs.libraries import article_ids, stored
from eval.training.logistic import calibration_error, fit_weights, folds_of
from eval.training.reader.constants import WARNED_RIGHT
from rag.answering.sentence_reading import read_evidence
from rag.models.model_files import open_files, write_info
from rag.models.reader.certainty import TOLD, SecondReading
from rag.settings import Settings, load_settings

FOLDS = 10
WARNED = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30)
"""Shares of right answers over which a warning may stand, for the curve."""

READ_FROM = 0.25
"""Confidence of the first reading below which fewer than one answer in four is right: not worth a second one."""

SHOWN_FROM = tuple(round(0.05 * step, 2) for step in range(2, 15))
"""Probabilities that are tried as the one from which an answer is shown."""

MOST_REFUSED = 0.18
"""Share of the answerable questions that may be refused: a fifth, less what is refused more of other articles by chance
(one standard error of 580 questions). Cost alone, at three refusals for a wrong quote, would refuse
more than a quarter of them: readers would take that for a library that holds nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question: what the second reading of its best sentence told, None where there was none; whether what would be
    shown is right, and whether there is an answer at all."""

    article: str
    is_answerable: bool
    read: SecondReading | None
    is_right: bool


def fit_certainty(
    folder: Path, *, reader: Path, libraries: Path | None, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Write the constants to the reader's folder; returns them, and what they are worth on articles that they were not
    fitted on.

    Raises `SettingsError` where `reader` is not a reader's folder and `CaseError` where too little is answered.
    """
    files = open_files(reader, task="reader")
    with _undecided(reader, files.constants) as unjudged:
        asked = _asked(folder, load_settings(reader=str(unjudged)), libraries, progress)
    again = [(one, one.read) for one in asked if one.read is not None]
    if len({one.article for one, _ in again}) < FOLDS:
        raise CaseError(f"answers on at least {FOLDS} articles are needed; name more questions with --data")
    inputs = np.array([[getattr(read, name) for name in TOLD] for _, read in again])
    right = np.array([one.is_right for one, _ in again])
    held_out = _held_out([one for one, _ in again], inputs, right)
    *weights, offset = fit_weights(inputs, right.tolist())
    tried = {shown_from: _outcome(asked, held_out, shown_from) for shown_from in SHOWN_FROM}
    answer_from = chosen(tried)
    shown = held_out >= answer_from
    if not (shown & right).any():
        raise CaseError("not one answer that would be shown is right; name more questions, or another reader")
    constants = {
        "weights": dict(zip(TOLD, map(float, weights), strict=True)),
        "offset": float(offset),
        "read_from": READ_FROM,
        "answer_from": answer_from,
        "sure_at": round(float(np.quantile(held_out[shown & right], WARNED_RIGHT)), 3),
    }
    write_info(reader, task="reader", constants={**files.constants, "certainty": constants})
    return {
        "certainty": constants,
        "questions": len(asked),
        "read_again": len(again),
        "shown": int(shown.sum()),
        "answer_from": tried,
        "calibration_error": calibration_error(held_out[shown].tolist(), right[shown].tolist()),
        "warned": [_warned(held_out[shown], right[shown], share) for share in WARNED],
        "reliability": _reliability(held_out[shown], right[shown]),
    }


@contextmanager
def _undecided(reader: Path, constants: Mapping[str, Any]) -> Iterator[Path]:
    """A copy of the reader that reads again, and shows, whatever may be fitted on."""
    shows_all = {"weights": dict.fromkeys(TOLD, 0.0), "offset": 0.0, "read_from": READ_FROM}
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(reader, Path(folder, "reader")))
        certainty = {**shows_all, "answer_from": 0.0, "sure_at": 0.0}
        write_info(copy, task="reader", constants={**constants, "certainty": certainty})
        yield copy


def _asked(
    folder: Path, settings: Settings, libraries: Path | None, progress: Callable[[int, int], None]
) -> list[Asked]:
    questions, _ = read_rows(file_in_folder(folder, "questions"), WikinewsQuestion)
    articles, _ = read_articles(folder)
    raw = [article.raw() for article in articles]
    found: list[Asked] = []
    with stored(raw, settings, set_name=NAME, keep=libraries) as library:
        homes = located(articles, article_ids(raw), library.desk.library.archive)
        for done, question in enumerate(questions, start=1):
            answer = library.desk.ask(question.question)
            reading = read_evidence(library.desk.library, answer.question, answer.evidence)
            is_right = answer_scores(marked(question, homes), answer)["right"]
            found.append(
                Asked(
                    article=question.article,
                    is_answerable=bool(question.facts),
                    read=reading.again if is_right is not None else None,
                    is_right=bool(is_right),
                )
            )
            progress(done, len(questions))
    return found


def chosen(tried: Mapping[float, Mapping[str, float]]) -> float:
    """The probability of the least cost, of those that refuse at most `MOST_REFUSED`; the lowest where none does."""
    allowed = [shown_from for shown_from, outcome in tried.items() if outcome["wrongly_refused"] <= MOST_REFUSED]
    return min(allowed or [min(tried)], key=lambda shown_from: (tried[shown_from]["cost"], shown_from))


def _outcome(asked: Sequence[Asked], held_out: NDArray[np.float64], shown_from: float) -> dict[str, float]:
    """What showing answers from this probability on comes to, as the README of wikinews-qa defines the figures."""
    probabilities = iter(held_out)
    shown = [one.read is not None and next(probabilities) >= shown_from for one in asked]
    answerable = [(one, is_shown) for one, is_shown in zip(asked, shown, strict=True) if one.is_answerable]
    others = [is_shown for one, is_shown in zip(asked, shown, strict=True) if not one.is_answerable]
    misled = sum(is_shown and not one.is_right for one, is_shown in zip(asked, shown, strict=True))
    refused = sum(not is_shown for _, is_shown in answerable)
    found = {
        "cost": (COST_OF_MISLEADING * misled + COST_OF_REFUSING * refused) / len(asked),
        "wrongly_refused": refused / max(1, len(answerable)),
        "shown_right": sum(is_shown and one.is_right for one, is_shown in answerable) / max(1, len(answerable)),
        "refused_unanswerable": 1 - sum(others) / max(1, len(others)),
    }
    return {name: round(value, 4) for name, value in found.items()}


def _held_out(answers: Sequence[Asked], inputs: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Each answer's probability from a fit to the answers of other articles."""
    fold = folds_of([one.article for one in answers], FOLDS)
    found = np.zeros(len(answers))
    for one in range(FOLDS):
        *weights, offset = fit_weights(inputs[fold != one], right[fold != one].tolist())
        found[fold == one] = 1 / (1 + np.exp(-(inputs[fold == one] @ np.array(weights) + offset)))
    return found


def _warned(probabilities: NDArray[np.float64], right: NDArray[np.bool_], share: float) -> dict[str, float]:
    """From which probability on nobody is warned where a warning may stand over this share of right answers."""
    sure_at = float(np.quantile(probabilities[right], share))
    warned = probabilities < sure_at

    def on(which: NDArray[np.bool_]) -> float:
        return round(float((warned & which).sum() / max(1, which.sum())), 3)

    return {"sure_at": round(sure_at, 3), "on_right": on(right), "on_wrong": on(~right)}


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
