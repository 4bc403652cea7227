"""The command line `newsdesk`: its commands by subject, and how each of them ends.

What a command takes and what it does stand together, in the module of its subject. A command returns its exit code:
0 done; 1 something could not be read, found or used; 2 the command itself is wrong. Whatever it needs is imported
inside it, so that `newsdesk --help` answers at once.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cli import archives, briefing, changes, doctor, feeds, library, models, newsletter, questions, server, terminal
from cli.errors import report_failure
from cli.limited_memory import watched
from cli.options import LibraryFolder
from rag.errors import NewsdeskError, StorageError, is_out_of_files, is_out_of_memory
from rag.telemetry import switch_off_telemetry

# What typer raises for a command that was typed wrongly; it exports only the leaves.
_WrongUse: Any = typer.BadParameter.__bases__[0]


class _WholeHelp(typer.core.TyperGroup):
    """Lists the commands with the whole sentence of each, wrapped to the terminal."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        named = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, " ".join((command.help or "").split())) for name, command in named if command is not None]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


class _Commands(_WholeHelp):
    """Ends the process with what a command returns; a failure that is meant for a reader becomes one line."""

    def main(self, args: Sequence[str] | None = None, *arguments: Any, **options: Any) -> Any:
        given = list(sys.argv[1:] if args is None else args)
        try:
            sys.exit(super().main(given, *arguments, **options | {"standalone_mode": False}) or 0)
        except (NewsdeskError, OSError, _WrongUse) as error:
            sys.exit(report_failure(error, given))
        except Exception as error:  # native libraries say it with errors of their own
            if is_out_of_files(error):
                told = StorageError("too many files are open; close other programs, or allow more (`ulimit -n`)")
                sys.exit(report_failure(told, given))
            if not is_out_of_memory(error):
                raise
            sys.unraisablehook = _say_nothing  # what is put away now has no memory either
            told = StorageError("there is not enough memory; close other programs, or allow this one more")
            sys.exit(report_failure(told, given))


app = typer.Typer(
    cls=_Commands,
    add_completion=True,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": terminal.width()},
    help="Answer questions about the news from articles you give it, with exact quotes.",
)


def _print_version(asked: bool) -> None:
    if asked:
        terminal.echo(f"newsdesk {importlib.metadata.version('newsdesk')}")
        raise typer.Exit


@app.callback()
def _before_every_command(
    context: typer.Context,
    library: LibraryFolder = None,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    context.obj = library


for _commands in (library, archives, questions, briefing, changes, newsletter, doctor, server):
    app.add_typer(_commands.group)
app.add_typer(feeds.group, name="feeds", cls=_WholeHelp)
app.add_typer(models.group, name="models", cls=_WholeHelp)
app.add_typer(server.feedback, name="feedback", cls=_WholeHelp)
app.add_typer(server.users, name="users", cls=_WholeHelp)


def _say_nothing(_: object) -> None:
    pass


def main() -> None:
    """The entry point of `newsdesk`; output never fails on characters that the terminal does not have."""
    terminal.accept_every_character()
    switch_off_telemetry()
    # Model libraries draw bars of their own on standard error, where only our complaints belong.
    os.environ.setdefault("TQDM_DISABLE", "1")
    watched(lambda: app(prog_name="newsdesk"))
