"""The command line `python -m eval`: its commands by subject, and how each of them ends.

Exit codes: 0 good, 1 failed, 2 wrong use. What a command needs is imported inside it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from eval.commands import label, measure, score, sheet, train
from rag.errors import NewsdeskError, UsageError
from rag.telemetry import switch_off_telemetry

_INTERRUPTED = 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    help="Evaluation of Newsdesk; docs/evaluation.md explains it.",
)
for _commands in (score, measure, train, sheet, label):
    app.add_typer(_commands.group)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    switch_off_telemetry()
    try:
        app(arguments, prog_name="python -m eval")
    except SystemExit as ended:
        if ended.code != _INTERRUPTED:
            return int(ended.code or 0)
        print("stopped", file=sys.stderr)
        return 1
    except NewsdeskError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    return 0
