"""What is fitted on data: the commands fit, fit-scorer, calibrate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.commands.options import echo_progress

group = typer.Typer()

Questions = Annotated[Path, typer.Option("--data", help="Folder with contexts.jsonl.gz and questions.jsonl.gz.")]


@group.command()
def fit(
    data: Questions,
    questions: Annotated[int, typer.Option("--questions", min=1, help="How many questions to fit on.")] = 3000,
    seed: Annotated[int, typer.Option("--seed", help="Which questions.")] = 1,
    write: Annotated[bool, typer.Option("--write", help="Write rag/answering/selection.json.")] = False,
) -> None:
    """Fit the weights that choose sentences."""
    from eval.training.sentence_weights import fit as fitted
    from rag.settings import load_settings

    _print_weights(fitted(data, load_settings(), questions=questions, seed=seed, say=echo_progress), write=write)


@group.command("fit-scorer")
def fit_scorer(
    data: Questions,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="How often every question is seen.")] = 5,
    seed: Annotated[int, typer.Option("--seed", help="Seed of weights and draws.")] = 1,
    write: Annotated[bool, typer.Option("--write", help="Write rag/answering/answer_scorer.npz.")] = False,
) -> None:
    """Fit the scorer of question and sentence (ten minutes)."""
    from eval.training import answer_scorer
    from rag.answering.answer_scorer import WEIGHTS_FILE
    from rag.settings import load_settings

    weights, about = answer_scorer.fit_scorer(data, load_settings(), epochs=epochs, seed=seed, say=echo_progress)
    if write:
        answer_scorer.save(weights, about, WEIGHTS_FILE)
    print(json.dumps(about, indent=2))


@group.command()
def calibrate(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN", help="Folders of saved runs (run --out).")],
    write: Annotated[bool, typer.Option("--write", help="Write rag/answering/selection.json.")] = False,
) -> None:
    """Fit how sure an answer says it is."""
    from eval.training.confidence import calibrated

    _print_weights(calibrated(runs), write=write)


def _print_weights(content: dict[str, Any], *, write: bool) -> None:
    from rag.answering.sentence_scoring import WEIGHTS_FILE

    text = json.dumps(content, indent=2) + "\n"
    if write:
        WEIGHTS_FILE.write_text(text, encoding="utf-8")
    print(text, end="")
