"""What a crash test is asked for, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How often to kill, over how many articles; `keep` names a new folder for what a fault leaves behind."""

    kills: int
    articles: int
    seed: int = 1
    keep: Path | None = None


@dataclass(kw_only=True, slots=True)
class CrashReport:
    """What happened; no faults means that nothing was lost. `kills` counts them by what was killed, or when."""

    options: Options
    kills: dict[str, int]
    completed: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        """Kills so far."""
        return sum(self.kills.values())

    def as_json(self) -> dict[str, Any]:
        """Counts and faults."""
        return {
            "kills": dict(self.kills),
            "articles": self.options.articles,
            "seed": self.options.seed,
            "versions_completed": self.completed,
            "seconds": round(self.seconds, 1),
            "faults": self.faults,
        }
