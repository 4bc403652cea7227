"""What `newsdesk mcp` and `newsdesk users` do. Each returns the exit code; errors meant for the reader are raised."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path

from rag.errors import UsageError
from rag.settings import Settings
from web.serving.login import Users, users_of
from web.terminal import echo, print_json


def serve_tools(settings: Settings, *, http: bool, host: str, port: int) -> int:
    """Serve the MCP tools until the client goes (standard input) or Ctrl-C (HTTP)."""
    from rag.desk import Desk
    from rag.storage.library import open_library
    from web.api.mcp import mcp_server
    from web.serving.context import AppContext

    with Desk(open_library(settings, create=False, stay_open=True), watch=True) as desk:
        app_context = AppContext.over(desk, rate=settings.reader_rate)
        if not http:
            mcp_server(app_context).run("stdio")
            return 0
        from web.server import build_server, serve_until_stopped

        users = users_of(settings)
        serve_until_stopped(
            build_server(app_context, users=users, host=host, hosts=settings.page_hosts),
            host=host,
            port=port,
            behind_proxy=bool(settings.page_hosts),
            say=lambda address: print(f"MCP at {address}/mcp (Ctrl-C ends it).", file=sys.stderr, flush=True),
        )
    return 0


def export_feedback(settings: Settings) -> int:
    """Print what readers said, a JSON line each, with the case that it could become."""
    from web.page.feedback import Feedback, as_case

    for number, row in enumerate(Feedback(settings.library).rows(), start=1):
        echo(json.dumps(as_case(row, number), ensure_ascii=False))
    return 0


def add_user(settings: Settings, name: str, *, from_stdin: bool) -> int:
    """Add a user, or give one another password; it is asked for twice, or read from standard input."""
    users = Users(_file(settings))
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass(f"Password for {name}: ")
        if getpass.getpass("Again: ") != password:
            raise UsageError("the two passwords differ; run the command again")
    users.put(name, password)
    echo(f"{name} can come in")
    return 0


def list_users(settings: Settings, *, as_json: bool) -> int:
    """Print the names."""
    names = Users(_file(settings)).names()
    if as_json:
        print_json({"users": names})
    else:
        for name in names:
            echo(name)
    return 0


def remove_user(settings: Settings, name: str) -> int:
    """Take a user's name away."""
    Users(_file(settings)).remove(name)
    echo(f"{name} can no longer come in")
    return 0


def _file(settings: Settings) -> Path:
    if settings.users is None:
        raise UsageError("no file of users is set; set NEWSDESK_USERS to where it shall be, such as users.txt")
    return settings.users
