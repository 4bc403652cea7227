"""Whether a balancer should send readers to this process: asked at `/readyz`."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Literal

from rag.errors import NewsdeskError

if TYPE_CHECKING:
    from rag.desk import Desk

MOST_BEHIND = 1000
"""Changes by which a page's indexes may be behind the archive; following takes seconds for so many."""

State = Literal["ok", "failing", "behind", "stopping"]


class Readiness:
    """Asked for as often as a balancer likes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Say from here on that this process ends; what it is asked until then it answers."""
        self._stopping.set()

    def state(self) -> tuple[State, str]:
        """How it is, with a word for whoever runs Newsdesk: an error's kind, or by how many changes it is behind."""
        if self._stopping.is_set():
            return "stopping", ""
        try:
            behind = self._desk.library.behind()
        except NewsdeskError as error:
            return "failing", error.kind
        return ("behind", str(behind)) if behind > MOST_BEHIND else ("ok", "")
