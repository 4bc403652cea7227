"""The constants of a checker: what makes a probability of its scores, and from which one on a claim is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.errors import CaseError
from eval.training.checker.claims import Twins, read_twins
from eval.training.checker.figures import (
    ClaimScorer,
    as_told,
    best_threshold,
    checker_figures,
    remembered,
    twin_scores,
    with_literal_checks,
)
from eval.training.logistic import calibration_error, fit_logistic, held_out_probabilities
from eval.training.news import read_articles
from eval.training.sources import Sources, find_sources
from rag.models.checker.checker import Checker
from rag.models.model_files import Logistic, open_files, write_info


def refit(data: Sequence[Path], folder: Path, *, threads: int = 2) -> dict[str, Any]:
    """Write the constants into a checker's folder; returns them, and the figures of the claims they were chosen on.

    Raises `SettingsError` where `folder` is no checker's and `CaseError` without a development half.
    """
    files = open_files(folder, task="checker")
    scorer = remembered(Checker(files, threads=threads).logits)
    held = held_twins(find_sources(data))
    constants, at = fitted_constants(held, scorer)
    write_info(folder, task="checker", constants={**files.constants, **constants})
    return {"constants": constants, "figures": decided_figures(held, scorer, constants, at=at)}


def held_twins(sources: Sources) -> list[Twins]:
    """Pairs of the development half; raises `CaseError` where there is none."""
    held = read_twins(sources.claims_dev, read_articles(sources))
    if not held:
        raise CaseError("no development half of claims; name a folder that has dev/claims.jsonl")
    return held


def fitted_constants(held: Sequence[Twins], scorer: ClaimScorer) -> tuple[dict[str, Any], float]:
    """The constants, and the score from which a claim is kept."""
    good, bad = twin_scores(held, scorer)
    fitted = fit_logistic(good + bad, [True] * len(good) + [False] * len(bad))
    # The threshold is for what the literal checks let through: they are always before it.
    at = best_threshold(*twin_scores(held, with_literal_checks(scorer)))
    supported = {"slope": fitted.slope, "offset": fitted.offset}
    return {"supported": supported, "keep_at": fitted.probability(at)}, at


def decided_figures(
    held: Sequence[Twins], scorer: ClaimScorer, constants: dict[str, Any], *, at: float
) -> dict[str, float]:
    """The set's figures with the literal checks, as the product decides, and how far its probabilities are off."""
    fitted = Logistic(**constants["supported"])
    order = checker_figures(held, as_told(scorer, fitted.probability, constants["keep_at"]))
    figures = checker_figures(held, with_literal_checks(scorer), at=at)
    figures |= {name: order[name] for name in ("auroc", "twin_order_right")}
    good, bad = twin_scores(held, scorer)
    labels = [True] * len(good) + [False] * len(bad)
    found = held_out_probabilities(good + bad, labels, [one.article for one in [*held, *held]])
    return figures | {"calibration_error": calibration_error(found, labels)}
