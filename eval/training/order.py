"""One training from data to an exported model with its card."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import torch

from eval.training.loop import Plan, Say
from eval.training.model_card import Run, earlier_legs
from eval.training.sources import Sources, find_sources
from eval.training.starting_weights import weights_file
from rag.models.model_files import sha256

Mix = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What to train on what. `mix` are the news questions, contexts and groups of a round, `negatives` the passages
    that come with a question and do not answer, `miner` the reader that says which of them are hardest.

    `start` are weights to begin from, of several their mean; with `resume` the training in `out` goes on. One thread
    does not spin beside other load; more are asked for where the machine is free.
    """

    model: Literal["reader", "checker"]
    data: tuple[Path, ...]
    plan: Plan
    out: Path
    cache: Path
    mix: Mix | None = None
    negatives: int = 1
    miner: Path | None = None
    start: tuple[Path, ...] = ()
    resume: bool = False
    threads: int = 1

    def command(self) -> str:
        """How to do it again: every option that changes the weights, with folders and files by their last name."""
        plan, usual = self.plan, {field.name: field.default for field in fields(Plan)}
        changed = {name: getattr(plan, name) for name in _OF_PLAN if getattr(plan, name) != usual[name]}
        data = [f"--data {folder.name}" for folder in self.data]
        given = {"minutes": plan.minutes, **changed, "mix": self.mix, "mine": self.miner}
        given |= {"negatives": self.negatives} if self.negatives != 1 else {}
        told = [f"--{name.replace('_', '-')} {_in_words(value)}" for name, value in given.items() if value is not None]
        told += [f"--start {_in_words(one)}" for one in self.start]
        return " ".join([f"python -m eval train {self.model}", *data, *told])


_OF_PLAN = ("steps", "seed", "learning_rate", "head_rate", "floor", "frozen_layers", "average")


def _in_words(value: Any) -> str:
    values = value if isinstance(value, tuple) else (value,)
    return " ".join(one.name if isinstance(one, Path) else f"{one:g}" for one in values)


def train(order: Order, echo: Say) -> Path:
    """Train, export and write the card; returns the model's folder. Raises `CaseError` for data that cannot be used."""
    torch.set_num_threads(order.threads)
    began = time.monotonic()

    def say(text: str) -> None:
        echo(f"[{(time.monotonic() - began) / 60:6.1f} min] {text}")

    sources = find_sources(order.data)
    run = Run(
        command=order.command(),
        digests=sources.digests(order.model),
        started_from=_origin(order.start),
        before=tuple(leg for one in order.start for leg in earlier_legs(one)),
    )
    (_train_reader if order.model == "reader" else _train_checker)(order, sources, run, say)
    return order.out / "model"


def _origin(starts: Sequence[Path]) -> str:
    if not starts:
        return "the base"
    names = [sha256(weights_file(one))[:12] for one in starts]
    return f"weights {names[0]}" if len(names) == 1 else f"the mean of the weights {', '.join(names)}"


def _train_reader(order: Order, sources: Sources, run: Run, say: Say) -> None:
    from eval.training.reader.export import export_reader
    from eval.training.reader.training import MIX, reader_data, train_reader

    data = reader_data(
        sources,
        cache=order.cache,
        seed=order.plan.seed,
        mix=order.mix or MIX,
        negatives=order.negatives,
        miner=order.miner,
    )
    say(str(dict(data.counts)))
    trainer = train_reader(data, order.plan, order.out, start=order.start, resume=order.resume, say=say)
    before = order.start[0] if len(order.start) == 1 and order.start[0].is_dir() else None
    export_reader(trainer, data, order.out / "model", run, say, before=before)


def _train_checker(order: Order, sources: Sources, run: Run, say: Say) -> None:
    from eval.training.checker.export import export_checker
    from eval.training.checker.training import checker_data, train_checker

    twins, held = checker_data(sources)
    say(f"{len(twins)} pairs of claims, {len(held)} of the development half")
    trainer = train_checker(twins, held, order.plan, order.out, start=order.start, resume=order.resume, say=say)
    export_checker(trainer, twins, held, order.out / "model", run, say)
