"""What answers readers' questions, said by a person: the command label."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

group = typer.Typer()


@group.command()
def label(
    library: Annotated[Path, typer.Option("--library", help="The library that the questions are about.")],
    questions: Annotated[
        Path,
        typer.Option(
            "--questions", metavar="FILE", help="What `newsdesk feedback export` printed, or a question a line."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of labels; goes on where it was left.")],
) -> None:
    """Say in the terminal which sentences answer each question, for `python -m eval train reader --data DIR`."""
    from eval.labelling.terminal import label as go_through
    from eval.labelling.training_folder import TrainingFolder
    from rag.desk import Desk
    from rag.settings import load_settings
    from rag.storage.library import open_library

    with Desk(open_library(load_settings(library=library), create=False)) as desk:
        done = go_through(desk, _questions(questions), TrainingFolder(out), ask=_ask, say=print)
    print(f"{done} questions labelled in {out}")


def _questions(file: Path) -> list[str]:
    from rag.errors import UsageError

    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise UsageError(f"{str(file)!r} cannot be read; name a file of questions with --questions") from error
    return [question for line in lines if line and (question := _question(line))]


def _question(line: str) -> str:
    try:
        row = json.loads(line)
    except ValueError:
        return line
    if not isinstance(row, dict):
        return line
    # A follow-up means nothing without the questions before it.
    case = row.get("case", row)
    return "" if case.get("history") else str(case.get("question", ""))


def _ask(prompt: str) -> str:
    try:
        return input(prompt)
    except EOFError:
        return "q"
