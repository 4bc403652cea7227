"""The command line `newsdesk`: its commands by subject, and how each of them ends.

What a command takes and what it does stand together, in the module of its subject. A command returns its exit code:
0 done; 1 something could not be read, found or used; 2 the command itself is wrong. Whatever it needs is imported
inside it, so that `newsdesk --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from cli import archives, briefing, feeds, library, models, newsletter, questions, server, terminal
from cli.errors import is_out_of_memory, report_failure
from cli.options import LibraryFolder
from rag.errors import NewsdeskError, StorageError
from rag.telemetry import switch_off_telemetry

# What typer raises for a command that was typed wrongly; it exports only the leaves.
_WrongUse: Any = typer.BadParameter.__bases__[0]


class _Commands(typer.core.TyperGroup):
    """Ends the process with what a command returns; a failure that is meant for a reader becomes one line."""

    def main(self, args: Sequence[str] | None = None, *arguments: Any, **options: Any) -> Any:
        given = list(sys.argv[1:] if args is None else args)
        try:
            sys.exit(super().main(given, *arguments, **options | {"standalone_mode": False}) or 0)
        except (NewsdeskError, OSError, _WrongUse) as error:
            sys.exit(report_failure(error, given))
        except (MemoryError, ImportError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            told = StorageError("there is not enough memory; close other programs, or allow this one more")
            sys.exit(report_failure(told, given))


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Answer questions about the news from articles you give it, with exact quotes.",
)


@app.callback()
def _before_every_command(context: typer.Context, library: LibraryFolder = None) -> None:
    context.obj = library


for _commands in (library, archives, questions, briefing, newsletter, server):
    app.add_typer(_commands.group)
app.add_typer(feeds.group, name="feeds")
app.add_typer(models.group, name="models")
app.add_typer(server.feedback, name="feedback")
app.add_typer(server.users, name="users")


def main() -> None:
    """The entry point of `newsdesk`; output never fails on characters that the terminal does not have."""
    terminal.accept_every_character()
    switch_off_telemetry()
    # Model libraries draw bars of their own on standard error, where only our complaints belong.
    os.environ.setdefault("TQDM_DISABLE", "1")
    app(prog_name="newsdesk")
