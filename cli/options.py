"""The options that several commands take, and the settings, the library and the limits that they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import UsageError

if TYPE_CHECKING:
    from newsletter.audio.studio import Studio
    from rag.desk import Desk
    from rag.scope import Scope
    from rag.settings import Settings
    from rag.storage.library import Library

LibraryFolder = Annotated[
    list[str] | None, typer.Option("--library", metavar="DIR", help="The library's folder (or NEWSDESK_LIBRARY).")
]
Libraries = Annotated[
    list[str] | None,
    typer.Option(
        "--library",
        metavar="DIR",
        help="The library's folder (or NEWSDESK_LIBRARY); may be repeated: then all are read as one.",
    ),
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
Tags = Annotated[
    list[str] | None,
    typer.Option("--tag", help="Only articles with this tag; may be repeated: then with one of them."),
]
Audio = Annotated[
    str | None,
    typer.Option("--audio", metavar="FILE.mp3", help="Read it out into this file, with chapters (extra `audio`)."),
]
Host = Annotated[str, typer.Option("--host", help="The address to listen on.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen on.")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The settings of a call that reads, and the folders of the libraries that it reads as one."""

    settings: Settings
    folders: tuple[Path, ...]


def settings_for(context: typer.Context, library: Sequence[str] | None = None) -> Settings:
    """The settings of this call; a library named after the command goes before one named before it.

    Raises `UsageError` where several are named.
    """
    from rag.settings import load_settings

    given = _named(context, library)
    if len(given) > 1:
        raise UsageError(f"this command takes one library, and {len(given)} are named; give --library once")
    return load_settings(library=given[0] if given else None)


def reading_for(context: typer.Context, library: Sequence[str] | None = None) -> Reading:
    """What a command reads that takes one library or several."""
    from rag.settings import load_settings

    given = _named(context, library)
    # Each name is looked at as the setting would be.
    each = [load_settings(library=name) for name in given] or [load_settings()]
    return Reading(settings=each[0], folders=tuple(one.library for one in each))


def _named(context: typer.Context, library: Sequence[str] | None) -> Sequence[str]:
    return library or context.obj or ()


def opened_library(settings: Settings) -> Library:
    """The library, which has to be there already."""
    from rag.storage.library import open_library

    return open_library(settings, create=False)


def opened_desk(reading: Reading) -> Desk:
    """A desk over the libraries, which have to be there already."""
    from rag.desk import Desk
    from rag.storage.joint.library import open_libraries

    return Desk(open_libraries(reading.settings, reading.folders, create=False))


def scope_of(
    after: str | datetime | None,
    before: str | None,
    outlets: Sequence[str] | None,
    tags: Sequence[str] | None = None,
) -> Scope:
    """The scope that the options give; raises `UsageError` for what is no date."""
    from rag.scope import Scope

    return Scope.of(after=after, before=before, outlets=outlets or (), tags=tags or ())


def desk_of(settings: Settings) -> Desk:
    """A desk over the one library of the settings, which has to be there already."""
    return opened_desk(Reading(settings=settings, folders=(settings.library,)))


@contextmanager
def asked_desk(reading: Reading, as_of: str | None) -> Iterator[Desk]:
    """The desk that is asked: today's, or the one of a day."""
    with opened_desk(reading) as desk:
        if as_of is None:
            yield desk
            return
        from ingest.preparing.prepare import preparer

        with desk.as_of(as_of, preparer) as then:
            yield then


def opened_studio(audio: str | None) -> Studio | None:
    """What reads out into this MP3; None where nothing is to be read out. Raises before anything is made."""
    if audio is None:
        return None
    from newsletter.audio.studio import Studio

    return Studio.open(audio)
