"""The options that several commands take, and the settings, the library and the limits that they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rag.desk import Desk
    from rag.scope import Scope
    from rag.settings import Settings
    from rag.storage.library import Library

LibraryFolder = Annotated[
    str | None, typer.Option("--library", metavar="DIR", help="The library's folder (or NEWSDESK_LIBRARY).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
After = Annotated[str | None, typer.Option("--after", metavar="DATE", help="Published on this date or later.")]
Before = Annotated[str | None, typer.Option("--before", metavar="DATE", help="Published on this date or earlier.")]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="PERIOD", help="7d, 24h or 2w before now, or a date: published then or later."),
]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Published on this date or earlier.")]
Topic = Annotated[str, typer.Option("--topic", metavar="TEXT", help="Only what is about this.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Only what was known by the end of this day, as it stood then."),
]
Outlets = Annotated[list[str] | None, typer.Option("--outlet", help="Only this outlet; may be repeated.")]
Host = Annotated[str, typer.Option("--host", help="The address to listen on.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen on.")]


def settings_for(context: typer.Context, library: str | None = None) -> Settings:
    """The settings of this call; a library named after the command goes before one named before it."""
    from rag.settings import load_settings

    return load_settings(library=context.obj if library is None else library)


def opened_library(settings: Settings) -> Library:
    """The library, which has to be there already."""
    from rag.storage.library import open_library

    return open_library(settings, create=False)


def opened_desk(settings: Settings) -> Desk:
    """A desk over the library, which has to be there already."""
    from rag.desk import Desk

    return Desk(opened_library(settings))


def scope_of(after: str | datetime | None, before: str | None, outlets: Sequence[str] | None) -> Scope:
    """The scope that the options give; raises `UsageError` for what is no date."""
    from rag.scope import Scope

    return Scope.of(after=after, before=before, outlets=outlets or ())


@contextmanager
def asked_desk(settings: Settings, as_of: str | None) -> Iterator[Desk]:
    """The desk that is asked: today's, or the one of a day."""
    with opened_desk(settings) as desk:
        if as_of is None:
            yield desk
            return
        from ingest.preparing.prepare import preparer

        with desk.as_of(as_of, preparer) as then:
            yield then
