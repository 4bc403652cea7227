"""What a reader is told when something failed, and what the log keeps of it."""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import PurePath

from rag.errors import NewsdeskError
from rag.wording import _

logger = logging.getLogger(__name__)


def message_for(error: Exception) -> str:
    """The sentence for the reader: Newsdesk's own errors speak for themselves, any other is logged under a number."""
    if isinstance(error, NewsdeskError):
        return str(error)
    number = secrets.token_hex(4)
    # An unforeseen error's own text may quote an article or a question, so only its type and its place are logged.
    frames = traceback.extract_tb(error.__traceback__)
    place = " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    logger.error("page error %s: %s at %s", number, type(error).__qualname__, place or "no place")
    return _("Something went wrong on this side. Ask again; if it happens again, report error {number}.", number=number)
