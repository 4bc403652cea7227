"""The outcome of an evaluation: metrics with their intervals, where they come from, and what each case gave."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from eval.errors import EvaluationError
from eval.metrics.estimates import Estimate
from eval.metrics.per_case import RESAMPLES, SEED, Metric
from rag.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]

# Where things lie, who may come in and how many threads run say nothing about what was measured.
_PRIVATE_SETTINGS = {
    "library",
    "archive",
    "chroma",
    "chroma_token",
    "cache",
    "embedder_threads",
    "page_editing",
    "page_hosts",
    "quality_runs",
    "reader_rate",
    "users",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """A baseline's figures on the same cases; `differences` are the evaluated system's less these, by paired draws."""

    metrics: Mapping[str, Metric]
    differences: Mapping[str, Metric]


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One set's evaluation. `data` names what was evaluated.

    `cases` holds one JSON object a case, in the set's order; its `fault` says in words what went wrong, "" where
    nothing did. `estimates` says how each metric follows from the cases' `scores`; without it, it is taken for the mean
    of the scores of its own name. `baselines` are other ways on the same cases, by name; `by_kind` are the figures of
    each kind of case by itself.
    """

    set: str
    data: str
    metrics: Mapping[str, Metric]
    provenance: Mapping[str, Any]
    cases: Sequence[Mapping[str, Any]] = field(default=())
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    baselines: Mapping[str, Beside] = field(default_factory=dict)
    by_kind: Mapping[str, Mapping[str, Metric]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The public form of every set: `{set, data, metrics: {name: {value, low, high, n}}, provenance}`.

        With baselines also `baselines: {name: metrics}`, with kinds of cases `by_kind: {kind: metrics}`.
        """
        others = {name: _metrics_json(other.metrics) for name, other in self.baselines.items()}
        kinds = {kind: _metrics_json(metrics) for kind, metrics in self.by_kind.items()}
        return {
            "set": self.set,
            "data": self.data,
            "metrics": _metrics_json(self.metrics),
            **({"baselines": others} if others else {}),
            **({"by_kind": kinds} if kinds else {}),
            "provenance": dict(self.provenance),
        }


def _metrics_json(metrics: Mapping[str, Metric]) -> dict[str, Any]:
    return {name: metric.as_json() for name, metric in metrics.items()}


def measured(**metrics: Metric | None) -> dict[str, Metric]:
    """The metrics that have a score, by name, in the order in which they are given."""
    return {name: metric for name, metric in metrics.items() if metric is not None}


def provenance(settings: Settings, *, embedder: str, revision: int, digests: Mapping[str, Any]) -> dict[str, Any]:
    """What is needed to run an evaluation again: version and commit, settings, digests, library, machine."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "newsdesk": newsdesk_version(),
        "commit": git_commit(),
        "model": settings.model,
        "embedder": embedder,
        "library_revision": revision,
        "settings_digest": settings_digest(settings),
        "digests": dict(digests),
        "interval": {"kind": "percentile bootstrap", "level": 0.95, "resamples": RESAMPLES, "seed": SEED},
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def newsdesk_version() -> str:
    """The installed version; "unknown" where Newsdesk runs from a folder that was never installed."""
    try:
        return metadata.version("newsdesk")
    except metadata.PackageNotFoundError:
        return "unknown"


def git_commit(folder: Path = PROJECT) -> str:
    """The commit that is checked out, with `+changes` where files differ from it; "" outside git."""
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        return commit + ("+changes" if _git(folder, "status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def settings_digest(settings: Settings) -> str:
    """Digest of every setting that can change an answer."""
    values = settings.model_dump(mode="json", exclude=_PRIVATE_SETTINGS)
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def file_digest(file: Path) -> str:
    """Digest of a text file; a checkout with Windows line ends gives the same."""
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]


def folder_digest(folder: Path, files: Iterable[Path]) -> str:
    """One digest of several files of a folder: their names below it and their content."""
    lines = sorted(f"{file.relative_to(folder).as_posix()} {file_digest(file)}" for file in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def save(result: Result, folder: Path, *, markdown: str) -> Path:
    """Write result.json, cases.jsonl, estimates.json and report.md into a new folder below `folder`; returns it."""
    stamp = str(result.provenance["created"]).replace(":", "").replace("+0000", "Z")
    target = folder / f"{result.set}-{stamp}"
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{result.set}-{stamp}-{number}"
    try:
        target.mkdir(parents=True)
        (target / "result.json").write_text(json.dumps(result.as_json(), indent=2) + "\n", encoding="utf-8")
        rows = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in result.cases)
        (target / "cases.jsonl").write_text(rows, encoding="utf-8")
        how = {name: estimate.as_json() for name, estimate in result.estimates.items()}
        (target / "estimates.json").write_text(json.dumps(how, indent=2) + "\n", encoding="utf-8")
        (target / "report.md").write_text(markdown, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(
            f"cannot save the run in {str(folder)!r}: {error.strerror}; name another --out"
        ) from error
    return target
