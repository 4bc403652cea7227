"""What is said beside an answer: that it may be none, that its quotes are old, that a language model failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from rag.errors import ModelError
from rag.text.formatting import day_in_words
from rag.text.relative_periods import distance_in_words
from rag.wording import N_, _

MAY_NOT_ANSWER = N_("This may not answer the question: read the quotes with care.")

OLD_FOR_THE_PRESENT = timedelta(days=2)
"""A question about the present is told the age of quotes that are older than yesterday's news."""


def model_failed(error: ModelError, *, other: str = "") -> str:
    """That a language model failed, and what stands in its place: the `other` model's prose, or quotes."""
    if other:
        return _("The language model could not be used ({error}); {model} wrote instead.", error=error, model=other)
    return _("The language model could not be used ({error}); these are quotes from the articles.", error=error)


def unsupported() -> str:
    """That nothing of a draft was let through."""
    return _("The model's draft was not supported by the articles; these are quotes instead.")


def age_notice(dates: Sequence[datetime | None], now: datetime) -> str:
    """How old the newest of the quotes is, where that is `OLD_FOR_THE_PRESENT` or more; "" otherwise."""
    dated = [day for day in dates if day is not None]
    if not dated or now - max(dated) < OLD_FOR_THE_PRESENT:
        return ""
    newest = max(dated)
    age = distance_in_words(now - newest)
    return _("The newest of these quotes is of {day}, {age} ago.", day=day_in_words(newest), age=age)
