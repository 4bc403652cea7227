"""Holds one saved run against another: the same cases, every figure computed anew, the difference with its interval.

The interval is that of paired draws (see `estimates.difference`): where it does not hold 0, chance alone hardly gives
such a difference. Of many figures compared at once, one in twenty will still do so by chance.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import CaseError
from eval.metrics.estimates import STATISTICS, Estimate, difference, estimated, mean_of
from eval.metrics.per_case import Metric


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedRun:
    """What `eval run --out` wrote into a folder."""

    folder: str
    set: str
    metrics: Mapping[str, Any]
    provenance: Mapping[str, Any]
    cases: Sequence[Mapping[str, Any]]
    estimates: Mapping[str, Estimate]


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """One figure of both runs over the cases that they share; `difference` is the second's less the first's."""

    first: Metric
    second: Metric
    difference: Metric

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the difference does not hold 0."""
        return is_clear(self.difference)

    def as_json(self) -> dict[str, Any]:
        """`{first, second, difference, low, high, n}`, rounded to four places."""
        found = self.difference.as_json()
        numbers = {"first": self.first.as_json()["value"], "second": self.second.as_json()["value"]}
        return {**numbers, "difference": found["value"], "low": found["low"], "high": found["high"], "n": found["n"]}


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Two runs of one set; `notes` say in sentences what else differs, or could not be compared."""

    set: str
    first: SavedRun
    second: SavedRun
    cases: int
    metrics: Mapping[str, Compared]
    notes: Sequence[str]

    def series(self) -> dict[str, dict[str, Metric]]:
        """Each run's figures with its own intervals, for a plot."""
        return {
            f"first: {Path(self.first.folder).name}": {name: found.first for name, found in self.metrics.items()},
            f"second: {Path(self.second.folder).name}": {name: found.second for name, found in self.metrics.items()},
        }

    def as_json(self) -> dict[str, Any]:
        """The public form: `{set, first, second, cases, metrics, notes}`."""
        return {
            "set": self.set,
            "first": {"run": self.first.folder, "provenance": dict(self.first.provenance)},
            "second": {"run": self.second.folder, "provenance": dict(self.second.provenance)},
            "cases": self.cases,
            "metrics": {name: compared.as_json() for name, compared in self.metrics.items()},
            "notes": list(self.notes),
        }


def is_clear(difference: Metric) -> bool:
    """Whether the interval of a difference does not hold 0."""
    return difference.low > 0 or difference.high < 0


def load_run(folder: Path) -> SavedRun:
    """Read a saved run; `CaseError` for a folder that holds none."""
    try:
        result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        lines = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
        how = folder / "estimates.json"
        stated = json.loads(how.read_text(encoding="utf-8")) if how.exists() else {}
        cases = [json.loads(line) for line in lines]
        metrics = dict(result["metrics"])
        estimates = {
            name: Estimate(statistic=given["statistic"], columns=tuple(given["columns"]))
            for name, given in stated.items()
        }
        if any("id" not in case or "scores" not in case for case in cases):
            raise KeyError("scores")
        return SavedRun(
            folder=str(folder),
            set=result["set"],
            metrics=metrics,
            provenance=result["provenance"],
            cases=cases,
            estimates=estimates or mean_of(*metrics),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseError(
            f"no saved run in {str(folder)!r} ({type(error).__name__}); "
            "name a folder that `python -m eval run --out DIR` made"
        ) from error


def compare(first: SavedRun, second: SavedRun) -> Comparison:
    """Compare every figure that both runs have; runs of different sets, or without a common case, are a `CaseError`."""
    if first.set != second.set:
        raise CaseError(f"the runs are of different sets, {first.set!r} and {second.set!r}; name two of one set")
    others = {case["id"]: case for case in second.cases}
    before = [case for case in first.cases if case["id"] in others]
    after = [others[case["id"]] for case in before]
    if not before:
        raise CaseError("the runs have no case in common; name two runs over the same data")
    notes = _differing(first, second)
    if len(before) < max(len(first.cases), len(second.cases)):
        notes.append(
            f"compared over the {len(before)} cases that both have, of {len(first.cases)} and {len(second.cases)}"
        )
    metrics = {}
    for name in dict.fromkeys([*first.metrics, *second.metrics]):
        compared = _compared(name, first, second, before, after)
        if isinstance(compared, Compared):
            metrics[name] = compared
        else:
            notes.append(f"{name}: {compared}")
    return Comparison(set=first.set, first=first, second=second, cases=len(before), metrics=metrics, notes=tuple(notes))


def _compared(
    name: str,
    first: SavedRun,
    second: SavedRun,
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
) -> Compared | str:
    """The figure in both runs, or why there is none."""
    estimate = first.estimates.get(name)
    if estimate is None or estimate.statistic not in STATISTICS or second.estimates.get(name) != estimate:
        return "the runs do not say, or not in the same way, how it is computed"
    own, other = (estimated({name: estimate}, cases).get(name) for cases in (before, after))
    found = difference(estimate, before, after)
    if own is None or other is None or found is None:
        return "one of the runs has no score of it over these cases"
    return Compared(first=own, second=other, difference=found)


def _differing(first: SavedRun, second: SavedRun) -> list[str]:
    """What of the provenance differs in a way that a reader of the differences must know."""
    names = {
        "digests": "the data differ",
        "embedder": "the embedder differs",
        "model": "the writer differs",
        "settings_digest": "the settings differ",
    }
    return [words for name, words in names.items() if first.provenance.get(name) != second.provenance.get(name)]
