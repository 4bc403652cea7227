"""Holds an evaluation's figures against a committed baseline: floors, and digests of what they were measured on.

A metric fails where its value lies more than half a case beyond its limit: below the floor of a metric that should be
high, above the ceiling of one that should be low. Half a case is the step between two possible values of a count over
`n` cases, halved, so a rounded limit never fails on its own value and a single lost case always does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.errors import CaseError, EvaluationError
from eval.metrics import Metric
from eval.results import Result

BASELINE = Path(__file__).with_name("baseline.json")
UPDATE = "python -m eval gate --update"
LOWER_IS_BETTER = frozenset({"cost"})


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(_Strict):
    """The worst value that passes, and the number of cases that it was measured on."""

    value: Annotated[float, Field(allow_inf_nan=False)]
    n: Annotated[int, Field(ge=1)]


class Lowered(_Strict):
    """A limit that was made easier on purpose; `to` is None where the metric was dropped."""

    metric: str
    before: float
    to: float | None
    reason: Annotated[str, Field(min_length=1)]
    date: str


class Baseline(_Strict):
    """What `baseline.json` holds.

    `digests` are those of the set's provenance; `lowered` is the record of every easing, oldest first.
    """

    set: str
    limits: dict[str, Limit]
    digests: dict[str, Any]
    lowered: list[Lowered] = Field(default_factory=list)


def load_baseline(file: Path = BASELINE) -> Baseline:
    """Read the baseline; `CaseError` where it is missing or wrong."""
    try:
        return Baseline.model_validate_json(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CaseError(f"no baseline {file.name!r}; write one with `{UPDATE}`") from error
    except (OSError, ValidationError) as error:
        raise CaseError(
            f"cannot use {file.name!r}: {error.__class__.__name__}; delete it and write it again with `{UPDATE}`"
        ) from error


def save_baseline(baseline: Baseline, file: Path = BASELINE) -> None:
    """Write the baseline in a form that reads well in a diff."""
    text = json.dumps(baseline.model_dump(mode="json"), indent=2, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8", newline="\n")


def failures(baseline: Baseline, result: Result) -> list[str]:
    """Every reason why the result does not pass, as sentences; empty where it passes."""
    found = _digest_failures(baseline.digests, result.provenance["digests"])
    for name, limit in baseline.limits.items():
        metric = result.metrics.get(name)
        if metric is None:
            found.append(f"{name}: no score, its limit is {limit.value:.4f}")
        elif _is_worse(name, metric.value, limit.value, n=metric.n):
            word = "above its ceiling" if name in LOWER_IS_BETTER else "below its floor"
            found.append(f"{name}: {metric.value:.4f} is {word} {limit.value:.4f} (n={metric.n})")
    found += [f"{name}: has no limit yet; run `{UPDATE}`" for name in result.metrics if name not in baseline.limits]
    return found


def updated(old: Baseline | None, result: Result, *, allow_lower: str = "") -> Baseline:
    """The baseline that this result sets.

    A limit never becomes easier, not even by the half case that the gate forgives, unless `allow_lower` gives a
    reason, which is recorded. Without one a worse value raises `EvaluationError`.
    """
    measured = {name: Limit(value=round(metric.value, 4), n=metric.n) for name, metric in result.metrics.items()}
    before = old.limits if old else {}
    worse = {name: limit for name, limit in before.items() if _fell(name, limit, result.metrics.get(name))}
    if worse and not allow_lower.strip():
        listed = ", ".join(f"{name} {limit.value:.4f} -> {_value(measured, name)}" for name, limit in worse.items())
        raise EvaluationError(
            f'limits would become easier: {listed}; mend that, or give a reason with --allow-lower "..."'
        )
    limits = {
        name: limit if name in worse else _stricter(name, before.get(name), limit) for name, limit in measured.items()
    }
    today = datetime.now(UTC).date().isoformat()
    eased = [
        Lowered(
            metric=name,
            before=limit.value,
            to=measured[name].value if name in measured else None,
            reason=allow_lower,
            date=today,
        )
        for name, limit in worse.items()
    ]
    return Baseline(
        set=result.set,
        limits=limits,
        digests=dict(result.provenance["digests"]),
        lowered=[*(old.lowered if old else []), *eased],
    )


def half_a_case(n: int) -> float:
    """The tolerance over `n` cases."""
    return 0.5 / n


def _is_worse(name: str, value: float, limit: float, *, n: int) -> bool:
    shortfall = value - limit if name in LOWER_IS_BETTER else limit - value
    return shortfall > half_a_case(n)


def _fell(name: str, limit: Limit, metric: Metric | None) -> bool:
    return metric is None or _is_worse(name, metric.value, limit.value, n=metric.n)


def _stricter(name: str, old: Limit | None, new: Limit) -> Limit:
    if old is None:
        return new
    pick = min if name in LOWER_IS_BETTER else max
    return Limit(value=pick(old.value, new.value), n=new.n)


def _value(measured: Mapping[str, Limit], name: str) -> str:
    return f"{measured[name].value:.4f}" if name in measured else "no score"


def _digest_failures(recorded: Mapping[str, Any], current: Mapping[str, Any]) -> list[str]:
    """One sentence for each part that differs; parts are compared by name, case files one by one."""
    old, new = _flat(recorded), _flat(current)
    changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return [f"{name} is not what the limits were measured on; run `{UPDATE}`" for name in changed]


def _flat(digests: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in digests.items():
        path = f"{prefix}/{name}" if prefix else name
        flat |= _flat(value, path) if isinstance(value, Mapping) else {path: str(value)}
    return flat
