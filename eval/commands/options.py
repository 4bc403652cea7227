"""The options that several commands take, and what they say while they work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Only the first N cases.")]
Markdown = Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help="Write the report as Markdown.")]
Model = Annotated[
    str | None, typer.Option("--model", metavar="SPEC", help="Writer, as in NEWSDESK_MODEL (default: the setting).")
]
Plot = Annotated[
    Path | None, typer.Option("--plot", metavar="FILE", help="Draw the figures with their intervals (.svg, .png).")
]


def echo_progress(line: str) -> None:
    """Say on standard error what is being done."""
    print(line, file=sys.stderr)


def counter(*, quiet: bool) -> Callable[[int, int], None]:
    """What counts the cases on one line; nothing where nobody watches, and where the command is to be `quiet`."""
    from eval.runs.progress import no_progress

    if quiet or not sys.stderr.isatty():
        return no_progress

    def show(done: int, total: int) -> None:
        print(f"\r{done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return show
