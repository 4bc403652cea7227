"""How long each stage of a piece of work took."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


class Stopwatch:
    """Milliseconds by stage, in order, and in all."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self._stages: dict[str, float] = {}

    def note(self, stage: str) -> None:
        """End a stage that began when the last one ended."""
        now = time.perf_counter()
        self._stages[stage] = self._stages.get(stage, 0.0) + (now - self._last) * 1000
        self._last = now

    def timings(self) -> dict[str, float]:
        """Every stage, and "total" since the start."""
        return {**self._stages, "total": (time.perf_counter() - self._started) * 1000}


@dataclass(frozen=True, slots=True)
class Clock:
    """Milliseconds by stage of one question."""

    timings: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    def note(self, stage: str, since: float) -> None:
        """Add the time since `since` (a `perf_counter` value) to a stage."""
        self.timings[stage] = self.timings.get(stage, 0.0) + (time.perf_counter() - since) * 1000
