"""Exports a trained checker: the int8 file held against the float network, its constants, and its card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from eval.training.checker.ablation import ablation
from eval.training.checker.claims import Twins
from eval.training.checker.constants import decided_figures, fitted_constants
from eval.training.checker.figures import checker_figures, remembered, twin_scores, with_literal_checks
from eval.training.checker.training import TorchChecker
from eval.training.export_onnx import export
from eval.training.loop import Say, Trainer
from eval.training.model_card import Card, Run
from eval.training.network import CheckerNetwork
from eval.training.reader.figures import summary
from eval.training.reader.training import base_folder
from eval.training.smoothing import smooth
from rag.models.checker.checker import Checker
from rag.models.checker.rows import CitedQuote, RowMaker, feed_of
from rag.models.model_files import CURVE, write_info

FAILINGS = (
    "English news of 2019 and 2020; evidence of one to three sentences of one article.",
    "It knows nothing of the world: a claim that needs a fact that is not in the quotes is unsupported by them.",
    "Small changes are what it misses most: see both_twins_right by kind.",
    "The twins' rewritten sources are minimal edits; sources that differ in other ways were measured less.",
)
CALIBRATION_CLAIMS = 128
ALONE = {"balanced_accuracy": 0.5, "auroc": 0.5, "both_twins_right": 0.0, "twin_order_right": 0.0}
"""By construction: twins share the claim, so that a model that sees it alone gives both the same score."""


def export_checker(
    trainer: Trainer, twins: Sequence[Twins], held: Sequence[Twins], folder: Path, run: Run, say: Say
) -> None:
    """Write the model folder; prints the figures of the float network and of the int8 file."""
    network, source = trainer.best(), base_folder()
    maker = RowMaker(Tokenizer.from_file(str(source / "tokenizer.json")))
    with torch.no_grad(), trainer.low_precision:
        plain = checker_figures(held, TorchChecker(network, maker, trainer.device).logits)
    say(f"float: {summary(plain)}")
    rows = [maker.row(text, [CitedQuote(text="One came.")]) for text in ("One came.", "Nobody came at all.")]
    typical = [(one.claim, one.quotes(one.supporting)) for one in twins[:CALIBRATION_CLAIMS]]
    smooth(network, lambda: TorchChecker(network, maker, trainer.device).logits(typical))
    export(network, feed_of(rows), CheckerNetwork.outputs, source, folder)
    constants: dict[str, Any] = {"supported": {"slope": 1.0, "offset": 0.0}, "keep_at": 0.5}
    write_info(folder, task="checker", constants=constants)
    small = remembered(Checker.open(folder, threads=torch.get_num_threads()).logits)
    shipped = with_literal_checks(small)
    constants, at = fitted_constants(held, small)
    write_info(folder, task="checker", constants=constants)
    figures = decided_figures(held, small, constants, at=at)
    say(f"int8: {summary(figures)}")
    Card(
        task="checker",
        purpose="Holds a claim against the sentences that it cites; gives the probability that they support all of it.",
        run=run,
        plan=trainer.plan,
        curve=trainer.folder / CURVE,
        steps=trainer.step,
        minutes=trainer.seconds / 60,
        counts={"pairs of claims": len(twins)},
        tables={
            "development half, twins included": {
                "with literal checks (ships)": figures,
                "int8 alone": checker_figures(held, small, at=at),
                "float alone, its best threshold": plain,
                "claim alone": ALONE,
            },
            "one rule more, each column at its own threshold": ablation(held, small, shipped),
            "both_twins_right by kind": {"with literal checks": _by_kind(held, *twin_scores(held, shipped), at)},
        },
        constants=constants,
        failings=FAILINGS,
    ).write(folder)


def _by_kind(twins: Sequence[Twins], good: Sequence[float], bad: Sequence[float], at: float) -> Mapping[str, float]:
    kinds: dict[str, list[bool]] = {}
    for one, supporting, failing in zip(twins, good, bad, strict=True):
        kinds.setdefault(one.kind, []).append(supporting >= at > failing)
    return {f"{kind} (n {len(flags)})": sum(flags) / len(flags) for kind, flags in sorted(kinds.items())}
