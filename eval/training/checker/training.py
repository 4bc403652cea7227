"""Trains the checker: its data, its loss, and what it is measured by."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional

from eval.training.batches import Cycle
from eval.training.checker.claim_units import ClaimUnits, Pair
from eval.training.checker.claims import Twins, read_twins
from eval.training.checker.constants import held_twins
from eval.training.checker.figures import checker_figures
from eval.training.loop import Plan, Say, Trainer
from eval.training.network import CheckerNetwork, begin_from, encoder
from eval.training.news import read_articles
from eval.training.reader.torch_reader import on_device
from eval.training.reader.training import base_folder
from eval.training.sources import Sources
from eval.training.starting_weights import averaged_weights
from rag.models.checker.rows import CitedQuote, ClaimRow, Feed, RowMaker, feed_of

PAIRS_PER_ROUND = 400
MOST_TOKENS = 3400
ORDER_WEIGHT = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimBatch:
    """Rows in pairs: the even ones support, the odd ones do not."""

    feed: Feed
    weights: NDArray[np.float32]


class TorchChecker:
    """Scores as `rag.models.checker.checker.Checker.logits` does, with the float network."""

    def __init__(self, network: Any, maker: RowMaker, device: Any) -> None:
        self._network, self._maker, self._device = network, maker, device

    def logits(self, claims: Sequence[tuple[str, Sequence[CitedQuote]]]) -> list[float]:
        """What the network says of each claim."""
        rows = [self._maker.row(claim, quotes) for claim, quotes in claims]
        order = sorted(range(len(rows)), key=lambda number: len(rows[number].ids))
        found = [0.0] * len(rows)
        for start in range(0, len(order), 32):
            numbers = order[start : start + 32]
            feed = on_device(feed_of([rows[number] for number in numbers]), self._device)
            for number, value in zip(numbers, self._network(**feed).float().tolist(), strict=True):
                found[number] = value
        return found


def checker_data(sources: Sources) -> tuple[list[Twins], list[Twins]]:
    """Pairs to fit and pairs of the development half; raises `CaseError` where there is no such half."""
    articles, held = read_articles(sources), held_twins(sources)
    kept_out = {one.article for one in held}
    return [one for one in read_twins(sources.claims, articles) if one.article not in kept_out], held


def train_checker(
    twins: Sequence[Twins],
    held: Sequence[Twins],
    plan: Plan,
    folder: Path,
    *,
    start: Sequence[Path],
    resume: bool,
    say: Say,
) -> Trainer:
    """Train into `folder`; `start` holds weights of a reader, whose encoder is begun from, or of a checker."""
    torch.manual_seed(plan.seed)
    source = base_folder()
    network = CheckerNetwork(encoder(source, frozen_layers=plan.frozen_layers))
    if start:
        begin_from(network, averaged_weights(start))
    trainer = Trainer(network, plan, folder, say)
    if resume and trainer.resume():
        say(f"going on from step {trainer.step}")
    maker = RowMaker(Tokenizer.from_file(str(source / "tokenizer.json")))
    cycle, units = Cycle(twins, plan.seed), ClaimUnits(twins)

    def rounds(number: int) -> list[ClaimBatch]:
        chance = random.Random(f"{plan.seed}-round-{number}")
        taken = cycle.taken(number * PAIRS_PER_ROUND, PAIRS_PER_ROUND)
        return _batches([pair for one in taken for pair in units.draw(one, chance)], maker, chance)

    def evaluate(averaged: Any) -> Mapping[str, float]:
        return checker_figures(held, TorchChecker(averaged, maker, trainer.device).logits)

    trainer.run(rounds, checker_loss, evaluate, checker_goal)
    return trainer


def checker_loss(network: Any, batch: ClaimBatch, device: Any) -> Any:
    """Binary cross-entropy of every row, and the softplus by which a failing twin scores above the supporting one."""
    logits = network(**on_device(batch.feed, device))
    weights = torch.from_numpy(batch.weights).to(device)
    good, bad = logits[0::2], logits[1::2]
    each = functional.softplus(-good) + functional.softplus(bad)
    return ((each / 2 + ORDER_WEIGHT * functional.softplus(bad - good)) * weights).sum() / weights.sum()


def checker_goal(figures: Mapping[str, float]) -> float:
    """What is to be made large: the mean of the area and of how often both twins are right."""
    return (figures["auroc"] + figures["both_twins_right"]) / 2


def _batches(pairs: Sequence[Pair], maker: RowMaker, chance: random.Random) -> list[ClaimBatch]:
    made: list[tuple[Pair, list[ClaimRow]]] = []
    for pair in pairs:
        one = pair.twins
        rows = [maker.row(one.claim, one.quotes(evidence)) for evidence in (one.supporting, one.failing)]
        made.append((pair, rows))
    made.sort(key=lambda item: max(len(row.ids) for row in item[1]))
    batches, waiting = [], list[tuple[Pair, list[ClaimRow]]]()
    for item in made:
        if waiting and 2 * (len(waiting) + 1) * max(len(row.ids) for row in item[1]) > MOST_TOKENS:
            batches.append(_batch(waiting))
            waiting = []
        waiting.append(item)
    batches.append(_batch(waiting))
    chance.shuffle(batches)
    return batches


def _batch(made: Sequence[tuple[Pair, list[ClaimRow]]]) -> ClaimBatch:
    return ClaimBatch(
        feed=feed_of([row for _, rows in made for row in rows]),
        weights=np.array([pair.weight for pair, _ in made], dtype=np.float32),
    )
