"""Work for workers: functions of a module, so that they can be sent."""

from __future__ import annotations

import os

from rag.errors import EmbedderMismatch


def doubled(number: int) -> int:
    return 2 * number


def refused(_: int) -> int:
    raise EmbedderMismatch("another embedder made these vectors")


def ended(_: int) -> int:
    """End the process that works on it, as a library that crashes does."""
    os._exit(1)
