"""Serves the page over the fake desk for the browser tests: `python -m tests.browser.serve_fake PORT [FOLDER]`.

With a folder only `USERS` come in, and their conversations are kept in an archive there.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from rag.telemetry import switch_off_telemetry
from tests.web.fakes import FakeDesk

PASSWORD = "correct horse battery"
USERS = ("ada", "grace")


def main() -> None:
    """Serve until the process is ended."""
    switch_off_telemetry()
    from rag.storage.archive.archive import Archive
    from web.server import launch
    from web.serving.context import AppContext
    from web.serving.login import Users
    from web.serving.user_file import UserFile

    app_context, users = AppContext.over(FakeDesk()), None  # type: ignore[arg-type]
    if len(sys.argv) > 2:
        folder = Path(sys.argv[2])
        users = Users(UserFile(folder / "users"))
        for name in USERS:
            users.put(name, PASSWORD)
        kept = Archive(folder / "archive.sqlite3").shared.conversations
        app_context = AppContext.over(FakeDesk(), conversations=kept)  # type: ignore[arg-type]
    server = launch(app_context, host="127.0.0.1", port=int(sys.argv[1]), users=users, editing=True)
    print(server.address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
