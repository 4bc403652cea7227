"""Holds an evaluation's figures against a committed baseline: each case's accepted scores, and digests of what they
were measured on.

A metric fails where it is clearly worse than what was accepted: where the whole 95% interval of the paired difference
(`eval.metrics.estimates.difference`) lies on the worse side. One case more or less is noise, and a change that helps
ten cases and costs two is no failure. Small losses cannot add up unseen: the accepted scores stay until they are
updated, so the tenth is held against the same cases as the first. What is promised (`PROMISED`) fails by a single case.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.errors import CaseError, EvaluationError
from eval.metrics.estimates import Estimate, difference
from eval.metrics.per_case import Metric
from eval.runs.results import Result

BASELINES = Path(__file__).parent.parent / "floors"
"""One file a set, named like it."""

UPDATE = "python -m eval gate --update"
LOWER_IS_BETTER = frozenset({"cost", "redundancy"})
PROMISED = frozenset({"exact_quotes", "quoted_exactly", "cited_share", "supported_share", "length_kept"})
"""Metrics in which no case may be lost, whatever chance would allow."""

CaseScores = Mapping[str, Mapping[str, float | None]]
"""Case id -> metric -> score, None where the metric does not apply."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(_Strict):
    """The accepted value, and the number of cases that it was measured on."""

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
    """What a baseline's file holds.

    `digests` are those of the set's provenance; `lowered` is the record of every easing, oldest first; `cases` are the
    accepted scores of each case.
    """

    set: str
    limits: dict[str, Limit]
    digests: dict[str, Any]
    lowered: list[Lowered] = Field(default_factory=list)
    cases: dict[str, dict[str, float | None]] = Field(default_factory=dict)


def baseline_files(place: Path = BASELINES) -> list[Path]:
    """The baselines of a folder, by name, or the one file; `CaseError` where a folder holds none."""
    if not place.is_dir():
        return [place]
    files = sorted(place.glob("*.json"))
    if not files:
        raise CaseError(f"no baseline in {str(place)!r}; write them with `{UPDATE}`")
    return files


def load_baseline(file: Path = BASELINES / "golden.json") -> Baseline:
    """Read a baseline; `CaseError` where it is missing or wrong."""
    try:
        return Baseline.model_validate_json(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CaseError(f"no baseline {file.name!r}; write one with `{UPDATE}`") from error
    except (OSError, ValidationError) as error:
        raise CaseError(
            f"cannot use {file.name!r}: {error.__class__.__name__}; delete it and write it again with `{UPDATE}`"
        ) from error


def save_baseline(baseline: Baseline, file: Path) -> None:
    """Write the baseline in a form that reads well in a diff: one line a case."""
    content = baseline.model_dump(mode="json")
    cases = content.pop("cases")
    head = json.dumps(content, indent=2, ensure_ascii=False).removesuffix("\n}")
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(scores)}" for name, scores in cases.items())
    file.write_text(f'{head},\n  "cases": {{\n{lines}\n  }}\n}}\n', encoding="utf-8", newline="\n")


def failures(baseline: Baseline, result: Result) -> list[str]:
    """Every reason why the result does not pass, as sentences; empty where it passes."""
    found = _digest_failures(baseline.digests, result.provenance["digests"])
    now = case_scores(result)
    for name, limit in baseline.limits.items():
        metric = result.metrics.get(name)
        if metric is None:
            found.append(f"{name}: no score, {limit.value:.4f} was accepted")
        elif reason := _worse(name, metric, limit, baseline.cases, now):
            found.append(f"{name}: {metric.value:.4f} is {reason} {limit.value:.4f} (n={metric.n})")
    found += [f"{name}: has no limit yet; run `{UPDATE}`" for name in result.metrics if name not in baseline.limits]
    return found


def worse_cases(baseline: Baseline, result: Result, metric: str) -> list[str]:
    """The cases that a metric lost, by id: where to look first."""
    sign = -1.0 if metric in LOWER_IS_BETTER else 1.0
    now = case_scores(result)
    return [
        name
        for name, before in baseline.cases.items()
        if (was := before.get(metric)) is not None
        and (now_score := now.get(name, {}).get(metric)) is not None
        and sign * (now_score - was) < 0
    ]


def case_scores(result: Result) -> dict[str, dict[str, float | None]]:
    """What each case scored in the metrics that are limited."""
    return {
        str(case["id"]): {name: _rounded(case["scores"].get(name)) for name in result.metrics} for case in result.cases
    }


def updated(old: Baseline | None, result: Result, *, allow_lower: str = "") -> Baseline:
    """The baseline that this result sets.

    What is clearly worse (see the module) is taken only where `allow_lower` gives a reason, which is recorded; without
    one it raises `EvaluationError`.
    """
    measured = {name: Limit(value=round(metric.value, 4), n=metric.n) for name, metric in result.metrics.items()}
    now = case_scores(result)
    worse = {
        name: limit
        for name, limit in (old.limits if old else {}).items()
        if name not in result.metrics or _worse(name, result.metrics[name], limit, old.cases if old else {}, now)
    }
    if worse and not allow_lower.strip():
        listed = ", ".join(f"{name} {limit.value:.4f} -> {_value(measured, name)}" for name, limit in worse.items())
        raise EvaluationError(
            f'figures would become clearly worse: {listed}; mend that, or give a reason with --allow-lower "..."'
        )
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
        limits=measured,
        digests=dict(result.provenance["digests"]),
        lowered=[*(old.lowered if old else []), *eased],
        cases=now,
    )


def _worse(name: str, metric: Metric, limit: Limit, before: CaseScores, now: CaseScores) -> str:
    """In words how the metric is worse than what was accepted; "" where it is not, or only as chance would have it.

    Where the two have no case in common there is nothing to pair: then the metric's own interval decides.
    """
    shortfall = metric.value - limit.value if name in LOWER_IS_BETTER else limit.value - metric.value
    if shortfall <= half_a_case(metric.n):
        return ""
    side = "above" if name in LOWER_IS_BETTER else "below"
    if name in PROMISED:
        return f"{side} the promised"
    shared = [case for case in before if case in now]
    found = difference(
        Estimate(statistic="mean", columns=(name,)),
        [{"id": case, "scores": before[case]} for case in shared],
        [{"id": case, "scores": now[case]} for case in shared],
    )
    if found is None:
        beyond = metric.low > limit.value if name in LOWER_IS_BETTER else metric.high < limit.value
        return f"clearly {side} the accepted" if beyond else ""
    beyond = found.low > 0 if name in LOWER_IS_BETTER else found.high < 0
    return f"clearly ({found.low:+.4f} to {found.high:+.4f}) {side} the accepted" if beyond else ""


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(float(score), 4)


def half_a_case(n: int) -> float:
    """The tolerance over `n` cases."""
    return 0.5 / n


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
