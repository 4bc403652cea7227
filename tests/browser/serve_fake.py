"""Serves the page over the fake desk for the browser tests: `python -m tests.browser.serve_fake PORT`."""

from __future__ import annotations

import sys
import threading

from rag.telemetry import switch_off_telemetry
from tests.web.fakes import FakeDesk


def main() -> None:
    """Serve until the process is ended."""
    switch_off_telemetry()
    from web.server import launch
    from web.serving.context import AppContext

    app_context = AppContext.over(FakeDesk())  # type: ignore[arg-type]
    print(launch(app_context, host="127.0.0.1", port=int(sys.argv[1]), editing=True).address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
