"""What is trained and fitted: `python -m eval train ...`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

group = typer.Typer()
models = typer.Typer(
    no_args_is_help=True,
    help="Train the reader or the checker, fit what stands in for the reader, or what decides a reader's intent.",
)
group.add_typer(models, name="train")

Data = Annotated[list[Path], typer.Option("--data", help="A folder with training data; may be repeated.")]
Minutes = Annotated[float, typer.Option("--minutes", min=0.01, help="How long to train; data and figures not counted.")]
Steps = Annotated[int | None, typer.Option("--steps", min=1, help="End after so many steps: repeats a run exactly.")]
Out = Annotated[Path, typer.Option("--out", help="Folder for checkpoints and the exported model.")]
Cache = Annotated[Path | None, typer.Option("--cache", help="Folder for vectors of passages, shared between runs.")]
Start = Annotated[
    list[Path] | None,
    typer.Option(
        "--start", help="Weights to begin from: a best.pt, last.pt or exported model's folder; of several, their mean."
    ),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint in --out.")]
Seed = Annotated[int, typer.Option("--seed", help="Of draws and of new weights.")]
Threads = Annotated[int, typer.Option("--threads", min=1, help="More than one where the machine is free.")]
Rate = Annotated[float | None, typer.Option("--learning-rate", help="Of the encoder, at its highest.")]
HeadRate = Annotated[float | None, typer.Option("--head-rate", help="Of the heads, at its highest.")]
Floor = Annotated[float | None, typer.Option("--floor", help="Share of the rates that is left at the end.")]
Frozen = Annotated[int, typer.Option("--frozen-layers", min=0, help="Lowest layers that stay as they are.")]
Average = Annotated[float | None, typer.Option("--average", help="What a step leaves of the averaged weights.")]
Every = Annotated[float | None, typer.Option("--evaluate-every", help="Minutes between figures.")]


@models.command()
def reader(
    data: Data,
    minutes: Minutes,
    steps: Steps = None,
    out: Out = Path("training"),
    cache: Cache = None,
    mix: Annotated[
        tuple[int, int, int] | None,
        typer.Option("--mix", metavar="NEWS CONTEXTS GROUPS", help="How many of each kind in a round."),
    ] = None,
    negatives: Annotated[int, typer.Option("--negatives", min=0, help="Passages beside a question's own.")] = 1,
    mine: Annotated[Path | None, typer.Option("--mine", help="A reader that says which are hardest.")] = None,
    start: Start = None,
    resume: Resume = False,
    seed: Seed = 1,
    threads: Threads = 1,
    learning_rate: Rate = None,
    head_rate: HeadRate = None,
    floor: Floor = None,
    frozen_layers: Frozen = 0,
    average: Average = None,
    evaluate_every: Every = None,
) -> None:
    """Train a reader: which sentences of a passage answer a question, and whether any does."""
    plan = _plan(minutes, steps, seed, frozen_layers, learning_rate=learning_rate, head_rate=head_rate)
    given: dict[str, Any] = {
        "out": out,
        "cache": cache or out / "cache",
        "mix": mix,
        "negatives": negatives,
        "miner": mine,
    }
    given |= {"start": tuple(start or ()), "resume": resume, "threads": threads}
    changed = {"floor": floor, "average": average, "evaluate_every_minutes": evaluate_every}
    _train("reader", data, plan | changed, given)


@models.command()
def checker(
    data: Data,
    minutes: Minutes,
    steps: Steps = None,
    out: Out = Path("training"),
    start: Start = None,
    resume: Resume = False,
    seed: Seed = 1,
    threads: Threads = 1,
    learning_rate: Rate = None,
    head_rate: HeadRate = None,
    floor: Floor = None,
    frozen_layers: Frozen = 0,
    average: Average = None,
    evaluate_every: Every = None,
) -> None:
    """Train a checker: whether all of a claim is supported by what it cites."""
    plan = _plan(minutes, steps, seed, frozen_layers, learning_rate=learning_rate, head_rate=head_rate)
    given = {"out": out, "cache": out / "cache", "start": tuple(start or ()), "resume": resume, "threads": threads}
    changed = {"floor": floor, "average": average, "evaluate_every_minutes": evaluate_every}
    _train("checker", data, plan | changed, given)


@models.command()
def overlap(data: Data, cache: Annotated[Path, typer.Option("--cache", help="Folder for vectors.")]) -> None:
    """Print the constants of the reader without a network (`rag/retrieval/overlap_reader.py`)."""
    from eval.training.reader.overlap import fit_overlap
    from eval.training.sources import find_sources

    print(json.dumps(fit_overlap(find_sources(data), cache=cache), indent=2))


@models.command()
def intent(
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the weights (default: where they ship).")
    ] = None,
) -> None:
    """Fit what decides what a reader wants (`rag/question/intent`) on the utterances of eval/data/intents."""
    from eval.training.intent.fit import fit_intents, save
    from rag.models.load_embedder import open_embedder
    from rag.question.intent.classifier import WEIGHTS
    from rag.settings import Settings, load_settings

    here = load_settings()
    embedder = open_embedder(Settings(cache=here.cache, embedder_threads=here.embedder_threads))
    folder = out or WEIGHTS
    save(fit_intents(embedder, echo=_echo), folder)
    print(folder)


@models.command()
def certainty(
    data: Annotated[Path, typer.Option("--data", help="The development half of wikinews-qa.")],
    reader: Annotated[Path | None, typer.Option("--reader", help="The reader's folder; the one that ships.")] = None,
    libraries: Annotated[Path | None, typer.Option("--libraries", help="Folder to keep the library in.")] = None,
    plot: Annotated[Path | None, typer.Option("--plot", help="Draw calibration and warnings into this file.")] = None,
) -> None:
    """Fit what a reader's second reading decides by, into its folder; print the constants and what they are worth."""
    from eval.commands.options import counter
    from eval.runs.plot import plot_certainty
    from eval.training.certainty import fit_certainty
    from rag.models.reader.reader import SHIPPED

    found = fit_certainty(data, reader=reader or SHIPPED, libraries=libraries, progress=counter(quiet=False))
    print(json.dumps(found, indent=2))
    if plot is not None:
        plot_certainty(found, plot)


@models.command()
def support(
    data: Data,
    checker: Annotated[Path | None, typer.Option("--checker", help="Its folder; the one that ships.")] = None,
) -> None:
    """Fit from which probability on a checker keeps a claim, into its folder; print the constants and what they do."""
    from eval.training.checker.constants import refit
    from rag.models.checker.checker import SHIPPED

    print(json.dumps(refit(data, checker or SHIPPED), indent=2))


def _plan(
    minutes: float, steps: int | None, seed: int, frozen_layers: int, **rates: float | None
) -> dict[str, float | int | None]:
    return {"minutes": minutes, "steps": steps, "seed": seed, "frozen_layers": frozen_layers, **rates}


def _train(model: Literal["reader", "checker"], data: list[Path], plan: dict[str, Any], given: dict[str, Any]) -> None:
    from eval.training.loop import Plan
    from eval.training.order import Order, train

    kept = {name: value for name, value in plan.items() if value is not None}
    folder = train(Order(model=model, data=tuple(data), plan=Plan(**kept), **given), _echo)
    print(folder)


def _echo(line: str) -> None:
    """Trainings are followed in a file: every line is written at once."""
    print(line, flush=True)
