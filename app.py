"""Starts the chat page: opens the desk, fills an empty library with the sample articles, and serves.

python app.py [--library DIR] [--host HOST] [--port PORT] [--no-sample]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from rag.errors import NewsdeskError
from rag.settings import load_settings
from web.launch import announce, serve


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; an error meant for the reader ends it with one sentence and exit code 2."""
    parser = argparse.ArgumentParser(prog="app.py", description="Open Newsdesk's chat page.")
    parser.add_argument("--library", help="folder of the library (default: ./library)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=7860, help="port to listen on (default: %(default)s)")
    parser.add_argument("--no-sample", action="store_true", help="leave an empty library empty")
    given = parser.parse_args(arguments)
    try:
        settings = load_settings(library=given.library)
        serve(settings, host=given.host, port=given.port, sample=not given.no_sample)
    except NewsdeskError as error:
        announce(f"error: {error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
