"""The Quality view: the last evaluation runs, their figures over time, and what the gate holds them to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rag.text.formatting import day_in_words
from web.page.charts import line
from web.page.html import counted, text

BASELINES = Path(__file__).parents[2] / "eval" / "floors"
MOST_RUNS = 50
MOST_FIGURES = 40


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


def quality_html(runs: list[Run], accepted: Mapping[str, Mapping[str, float]], *, folder: Path | None) -> str:
    """Every set: its last figures beside the accepted ones, and each over time where there are several runs."""
    # Our own cases first.
    names = sorted({*(run.set for run in runs), *accepted}, key=lambda name: (name != "golden", name))
    how = (
        "Figures of the evaluation, from <code>python -m eval run --set NAME --out DIR</code>. The accepted ones are "
        "what <code>python -m eval gate</code> holds every change to."
    )
    where = "" if folder is not None else _WHERE
    parts = "".join(_set(name, [run for run in runs if run.set == name], accepted.get(name, {})) for name in names)
    return f'<section class="nd-quality"><h2>Quality</h2><p class="nd-byline">{how}</p>{where}{parts}</section>'


_WHERE = (
    '<p class="nd-notice">No folder of runs is set: <code>NEWSDESK_QUALITY_RUNS</code> names the one that '
    "<code>--out</code> saves in. Below stands what was accepted.</p>"
)


def _set(name: str, runs: list[Run], accepted: Mapping[str, float]) -> str:
    last = runs[-1] if runs else None
    figures = list(dict.fromkeys([*accepted, *(last.metrics if last else ())]))[:MOST_FIGURES]
    rows = "".join(_figure_row(figure, last, accepted.get(figure)) for figure in figures)
    when = f"{counted(len(runs), 'run')}, the last of {day_in_words(last.created)}" if last else "no saved run"
    made = f", {text(last.model)}, commit {text(last.commit[:8])}" if last and last.commit else ""
    # Runs with another writer are another line.
    alike = [run for run in runs if last is not None and run.model == last.model]
    charts = "".join(_over_time(figure, alike, accepted.get(figure)) for figure in figures if len(alike) > 1)
    drawn = f'<details class="nd-details"><summary>Over time</summary><div class="nd-charts">{charts}</div></details>'
    return (
        f'<section class="nd-story"><h3>{text(name)}</h3><p class="nd-byline">{when}{made}</p>'
        '<div class="nd-scroll" tabindex="0" role="region" aria-label="'
        f'Figures of {text(name)}"><table><thead><tr><th scope="col">Figure</th><th scope="col">Last run</th>'
        f'<th scope="col">95% interval</th><th scope="col">Accepted</th></tr></thead><tbody>{rows}</tbody>'
        "</table></div>"
        f"{drawn if charts else ''}</section>"
    )


def _figure_row(name: str, last: Run | None, accepted: float | None) -> str:
    value = last.metrics.get(name) if last else None
    shown = f"{value['value']:.3f}" if value else ""
    interval = f"{value['low']:.3f} to {value['high']:.3f}" if value else ""
    limit = f"{accepted:.3f}" if accepted is not None else ""
    return f'<tr><th scope="row">{text(name)}</th><td>{shown}</td><td>{interval}</td><td>{limit}</td></tr>'


def _over_time(name: str, runs: list[Run], accepted: float | None) -> str:
    values = [(day_in_words(run.created), run.metrics[name]["value"]) for run in runs if name in run.metrics]
    is_share = all(0 <= value <= 1 for _, value in values)
    return line(name, values, floor=accepted if accepted is not None and accepted <= 1 else None) if is_share else ""


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
