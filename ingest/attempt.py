"""Runs what concerns a single article, so that no article ends an ingest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ingest.report import Problem
from rag.errors import NewsdeskError, SourceError, is_out_of_memory

_Result = TypeVar("_Result")


def attempt(action: Callable[[], _Result], *, where: str) -> _Result | Problem:
    """Run what concerns a single article; whatever goes wrong with that article becomes a problem of the report.

    Raises what concerns the library and not the article.
    """
    try:
        return action()
    except SourceError as error:
        return Problem(error.where or where, str(error))
    except NewsdeskError:
        raise
    except OSError as error:
        return Problem(where, f"cannot be read: {(error.strerror or error.__class__.__name__).lower()}")
    except Exception as error:
        if is_out_of_memory(error):
            return Problem(where, "needs more memory than there is; close other programs, or allow this one more")
        return Problem(where, f"cannot be read ({error.__class__.__name__}); the other articles went in")
