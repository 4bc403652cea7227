"""What is served, and who may use it: the commands serve, mcp, users and feedback."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, Host, Libraries, LibraryFolder, Port, reading_for, settings_for
from cli.terminal import echo, print_json
from rag.errors import StorageError, UsageError
from rag.text.formatting import count

if TYPE_CHECKING:
    from rag.settings import Settings
    from rag.storage.archive.shared.stores import SharedStores
    from web.serving.login import Users

group = typer.Typer()
feedback = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What readers said of answers on the page.")
users = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who may open the page (NEWSDESK_USERS).")


@group.command()
def serve(context: typer.Context, host: Host = "127.0.0.1", port: Port = 7860, library: Libraries = None) -> None:
    """Open the chat page on this library until Ctrl-C; on several it can be read alone."""
    from web import launch

    reading = reading_for(context, library)
    launch.serve(reading.settings, folders=reading.folders, host=host, port=port, sample=False)


@group.command()
def mcp(
    context: typer.Context,
    http: Annotated[bool, typer.Option("--http", help="Serve over HTTP at /mcp, not on standard input.")] = False,
    host: Host = "127.0.0.1",
    port: Port = 7861,
    library: Libraries = None,
) -> None:
    """Serve the library, or several as one, to assistants as tools of the Model Context Protocol."""
    from rag.desk import Desk
    from rag.storage.joint.library import open_libraries
    from web.api.mcp import mcp_server
    from web.serving.context import AppContext
    from web.serving.login import users_of

    reading = reading_for(context, library)
    settings, folders = reading.settings, reading.folders
    with Desk(open_libraries(settings, folders, create=False, stay_open=True), watch=True) as desk:
        app_context = AppContext.over(desk, rate=settings.reader_rate)
        if not http:
            mcp_server(app_context).run("stdio")
            return
        from web.server import build_server, serve_until_stopped

        serve_until_stopped(
            build_server(
                app_context, users=users_of(settings, desk.library.shared), host=host, hosts=settings.page_hosts
            ),
            host=host,
            port=port,
            behind_proxy=bool(settings.page_hosts),
            announce=lambda address: print(f"MCP at {address}/mcp (Ctrl-C ends it).", file=sys.stderr, flush=True),
        )


@feedback.command("export")
def export_feedback(context: typer.Context, library: LibraryFolder = None) -> None:
    """Print what readers said as JSON lines, each with an evaluation case to be reviewed."""
    from web.page.feedback import Feedback, as_case

    settings = settings_for(context, library)
    with _shared(settings) as shared:
        for number, row in enumerate(Feedback.of(shared, settings.library).rows(), start=1):
            echo(json.dumps(as_case(row, number), ensure_ascii=False), is_exact=True)


@feedback.command("clear")
def clear_feedback(context: typer.Context, library: LibraryFolder = None) -> None:
    """Delete everything that readers said; export it first."""
    from web.page.feedback import Feedback

    settings = settings_for(context, library)
    with _shared(settings) as shared:
        number = Feedback.of(shared, settings.library).clear()
    echo(f"{count(number, 'row')} deleted")


@users.command("add")
def add_user(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    from_stdin: Annotated[bool, typer.Option("--stdin", help="Read the password from standard input.")] = False,
    library: LibraryFolder = None,
) -> None:
    """Add a user, or give one another password."""
    with _users(context) as known:
        is_new = not _knows(known, name)
        if from_stdin:
            password = sys.stdin.readline().rstrip("\r\n")
        else:
            password = getpass.getpass(f"Password for {name}: ")
            if getpass.getpass("Again: ") != password:
                raise UsageError("the two passwords differ; run the command again")
        # Whoever had the name before is somebody else: nobody comes in under it while theirs is there.
        if is_new:
            _forget_conversations(settings_for(context, library), name)
        known.put(name, password)
    echo(f"{name} can come in")


@users.command("list")
def list_users(context: typer.Context, as_json: AsJson = False) -> None:
    """List the users."""
    with _users(context) as known:
        names = known.names()
    if as_json:
        print_json({"users": names})
    else:
        for name in names:
            echo(name)


@users.command("remove")
def remove_user(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    library: LibraryFolder = None,
) -> None:
    """Remove a user; the password stops working at once, and what was kept for that name in the library is deleted."""
    with _users(context) as known:
        is_known = _knows(known, name)
        if is_known:
            known.remove(name)
        # Also of a name that is gone: its conversations may have been out of reach when it was removed.
        gone = _forget_conversations(settings_for(context, library), name)
        if not is_known and not gone:
            known.remove(name)
    deleted = f"; {count(gone, 'conversation')} deleted" if gone else ""
    echo(f"{name} can no longer come in{deleted}")


@contextmanager
def _users(context: typer.Context) -> Iterator[Users]:
    from web.serving.login import known_users

    settings = settings_for(context)
    with _shared(settings) as shared:
        found = known_users(settings, shared)
        if found is None:
            raise UsageError("no file of users is set; set NEWSDESK_USERS to where it shall be, such as users.txt")
        yield found


@contextmanager
def _shared(settings: Settings) -> Iterator[SharedStores | None]:
    """See `Library.shared`; who may come in can be said before anything was ingested."""
    from rag.storage.place import archive_of

    if not settings.archive.get_secret_value():
        yield None
        return
    with closing(archive_of(settings, create=True)) as archive:
        yield archive.shared


def _knows(known: Users, name: str) -> bool:
    try:
        return name in known.names()
    except UsageError as error:
        # Before the first user there is no file; one that cannot be read may hold the name.
        if isinstance(error.__cause__, FileNotFoundError):
            return False
        raise


def _forget_conversations(settings: Settings, name: str) -> int:
    """Delete what the library keeps of a user's conversations, and return how many there were.

    Raises `StorageError` where they cannot be deleted.
    """
    from rag.storage.place import ARCHIVE_FILE, archive_of, cannot_be_written

    folder = settings.library
    in_file = not settings.archive.get_secret_value()
    if in_file and not (folder / ARCHIVE_FILE).is_file():
        return 0
    with closing(archive_of(settings, create=True)) as archive:
        if in_file and cannot_be_written(folder):
            if archive.shared.conversations.heads(name):
                raise StorageError(
                    f"conversations of {name} are kept in {str(folder)!r}, which cannot be written; "
                    "make it writable and run the command again"
                )
            return 0
        return archive.shared.conversations.forget(name)
