"""Whole archives: the commands copy, backup, restore."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, LibraryFolder, opened_library, settings_for
from cli.terminal import echo, print_json, progress_bar
from rag.text.formatting import count

if TYPE_CHECKING:
    from rag.storage.archive.backup import Backup

group = typer.Typer()

BackupFile = Annotated[Path, typer.Argument(metavar="FILE")]


@group.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="A library's folder, or postgresql+psycopg://….")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The same, of a library that holds nothing yet.")],
    as_json: AsJson = False,
) -> int:
    """Copy an archive into another place, such as from a folder into PostgreSQL; compares both at the end."""
    from rag.storage.archive.copying import copy_archive
    from rag.storage.place import open_archive

    with (
        closing(open_archive(source, create=False)) as held,
        closing(open_archive(target, create=True)) as copied,
    ):
        with progress_bar(quiet=as_json) as show:
            digests = copy_archive(held, copied, partial(show, "articles") if show else None)
        number = copied.count()
        name = copied.name
    if as_json:
        print_json({"archive": name, "articles": number, "digests": dict(digests)})
    else:
        echo(f"{name} holds {count(number, 'article')} now, every table compared")
    return 0


@group.command()
def backup(context: typer.Context, file: BackupFile, library: LibraryFolder = None, as_json: AsJson = False) -> int:
    """Write the archive into one file, while it is in use; `newsdesk restore` takes it back."""
    from rag.storage.archive.backup import back_up

    with opened_library(settings_for(context, library)) as opened, progress_bar(quiet=as_json) as show:
        found = back_up(opened.archive, file, partial(show, "articles") if show else None)
    _print(found, "holds", as_json=as_json)
    return 0


@group.command()
def restore(
    context: typer.Context,
    file: BackupFile,
    check: Annotated[bool, typer.Option("--check", help="Only say whether the backup is whole.")] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Take a backup back into a library that holds nothing yet; refuses a damaged one."""
    from rag.storage.archive import backup as backups
    from rag.storage.place import archive_of

    if check:
        with closing(backups.opened(file)) as held:
            found = backups.check(held, file)
    else:
        settings = settings_for(context, library)
        with closing(archive_of(settings, create=True)) as archive, progress_bar(quiet=as_json) as show:
            found = backups.restore(file, archive, partial(show, "articles") if show else None)
    _print(found, "is whole:" if check else "restored:", as_json=as_json)
    return 0


def _print(found: Backup, what: str, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(found))
        return
    held = f"{count(found.articles, 'article')}, {count(found.passages, 'passage')}, revision {found.revision}"
    echo(f"{found.file} of {found.made:%Y-%m-%d %H:%M} UTC {what} {held}")
