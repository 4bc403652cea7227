"""What language models cost, and the limits to it: for one answer, and for a day (UTC).

A call is paid for in advance at its longest, and settled when it has ended: so no number of readers at once, and no
process that is killed, passes a limit. What a model reasons beyond its longest draft is known only afterwards.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from rag.errors import CostLimit, LibraryError, NewsdeskError, StorageError
from rag.settings import Settings

FILE = "spending.json"

CHARACTERS_IN_A_TOKEN = 4
"""For what a provider does not count, and for what is not sent yet."""

_WAIT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Prices:
    """For a million tokens, in whatever currency the setting `model_prices` means."""

    prompt: float
    completion: float

    def of(self, prompt_tokens: float, completion_tokens: float) -> float:
        """What so many tokens cost."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1e6


class Account(Protocol):
    """What each day (UTC, ISO 8601) has cost, over all processes that may write to it. Its methods raise
    `NewsdeskError` where that cannot be known."""

    def add(self, day: str, cost: float, *, at_most: float | None) -> bool:
        """Add to a day's account; False, with nothing added, where it would pass `at_most`."""

    def spent(self, day: str) -> float:
        """What a day has cost so far."""


class FileAccount:
    """The account in a library's folder, of the last day alone."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def add(self, day: str, cost: float, *, at_most: float | None) -> bool:
        """See `Account`."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self._file}.lock", timeout=_WAIT_SECONDS):
                spent = self.spent(day) + cost
                if at_most is not None and spent > at_most:
                    return False
                part = self._file.with_suffix(".part")
                part.write_text(json.dumps({"day": day, "spent": round(max(0.0, spent), 8)}), encoding="ascii")
                os.replace(part, self._file)
        except (OSError, Timeout) as error:
            raise CostLimit(f"its cost cannot be noted in {FILE}; let Newsdesk write beside the library") from error
        return True

    def spent(self, day: str) -> float:
        """See `Account`."""
        try:
            held = json.loads(self._file.read_text(encoding="ascii"))
            return float(held["spent"]) if held["day"] == day else 0.0
        except FileNotFoundError:
            return 0.0
        except (ValueError, LookupError, TypeError) as error:
            raise CostLimit(
                f"{FILE} beside the library is damaged; delete it to begin the day's account anew"
            ) from error


class Spending:
    """The account of one library, within the limits of the settings. Without prices nothing is known and nothing
    limited. It stands in the library's folder where no `account` is given."""

    def __init__(
        self,
        settings: Settings,
        *,
        account: Account | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        prices = [float(price) for price in settings.model_prices.split("/") if price]
        self.prices = Prices(*prices) if prices else None
        self._of_answer, self._of_day = settings.max_cost_per_answer, settings.max_cost_per_day
        self._account = account or FileAccount(settings.library)
        self._now = now

    def reserve(self, cost: float, *, spent_on_answer: float) -> None:
        """Take so much from the day's account; raises `CostLimit`, in words for a reader, where that passes a limit."""
        if self._of_answer and spent_on_answer + cost > self._of_answer:
            raise CostLimit("it would cost more than max_cost_per_answer allows; ask for less, or raise that limit")
        if self._of_day and not self._added(cost):
            raise CostLimit("what it may cost in a day, max_cost_per_day, is spent; the next day begins at 0:00 UTC")

    def settle(self, *, reserved: float, cost: float) -> None:
        """Put right what was reserved for a call that has ended."""
        if self._of_day:
            # What was reserved stays where this fails: too much rather than too little.
            with suppress(NewsdeskError):
                self._account.add(self._day(), cost - reserved, at_most=None)

    def today(self) -> float | None:
        """What this day has cost so far; None where no day is limited."""
        return self._account.spent(self._day()) if self._of_day else None

    def _added(self, cost: float) -> bool:
        try:
            return self._account.add(self._day(), cost, at_most=self._of_day)
        except (StorageError, LibraryError) as error:
            raise CostLimit(f"its cost cannot be noted: {error}") from error

    def _day(self) -> str:
        return self._now().astimezone(UTC).date().isoformat()
