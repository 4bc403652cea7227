"""Starts the chat page: opens the desk, fills an empty library with the sample articles, and serves.

python app.py [--library DIR]... [--host HOST] [--port PORT] [--no-sample]
"""

from __future__ import annotations

from typing import Annotated

import typer

from rag.errors import NewsdeskError
from rag.settings import load_settings
from web.launch import announce, serve

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.command()
def start(
    library: Annotated[
        list[str] | None,
        typer.Option(
            "--library", metavar="DIR", help="The library's folder (default: ./library); may be repeated, to read all."
        ),
    ] = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen on.")] = 7860,
    no_sample: Annotated[bool, typer.Option("--no-sample", help="Leave an empty library empty.")] = False,
) -> None:
    """Open Newsdesk's chat page; an error meant for the reader ends it with one sentence and exit code 2."""
    try:
        each = [load_settings(library=name) for name in library or ()] or [load_settings()]
        folders = tuple(one.library for one in each)
        serve(each[0], folders=folders, host=host, port=port, sample=not no_sample)
    except NewsdeskError as error:
        announce(f"error: {error}")
        raise typer.Exit(2) from error


if __name__ == "__main__":
    app(prog_name="app.py")
