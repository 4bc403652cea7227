"""The last runs of the evaluation, as they were saved, and what the gate holds them to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

BASELINES = Path(__file__).parents[2] / "eval" / "floors"
MOST_RUNS = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A saved run of one set (`python -m eval run --out DIR`)."""

    set: str
    created: datetime
    metrics: Mapping[str, Mapping[str, float]]
    model: str
    commit: str


def saved_runs(folder: Path | None) -> list[Run]:
    """The runs in a folder, oldest first, of each set the last `MOST_RUNS`; what cannot be read is left out."""
    if folder is None:
        return []
    read = sorted(
        (run for file in folder.glob("*/result.json") if (run := _read(file)) is not None), key=lambda run: run.created
    )
    last: dict[str, list[Run]] = {}
    for run in read:
        last.setdefault(run.set, []).append(run)
    kept = [run for runs in last.values() for run in runs[-MOST_RUNS:]]
    return sorted(kept, key=lambda run: run.created)


def floors(folder: Path = BASELINES) -> dict[str, dict[str, float]]:
    """Set -> metric -> the accepted value that the gate holds it to."""
    found = {}
    for file in sorted(folder.glob("*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        found[str(content["set"])] = {name: float(limit["value"]) for name, limit in content["limits"].items()}
    return found


def _read(file: Path) -> Run | None:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        made = content["provenance"]
        return Run(
            set=str(content["set"]),
            created=datetime.fromisoformat(made["created"]),
            metrics={str(name): dict(_numbers(value)) for name, value in content["metrics"].items()},
            model=str(made.get("model", "")),
            commit=str(made.get("commit", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _numbers(value: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name in ("value", "low", "high"):
        yield name, float(value[name])
