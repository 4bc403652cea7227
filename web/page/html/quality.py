"""The Quality view as HTML: of every set the last figures beside the accepted ones, and each over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.text.formatting import day_in_words
from web.page.html.charts import Chart, line_chart
from web.page.html.rendering import render
from web.page.html.words import counted
from web.page.quality_runs import Run

MOST_FIGURES = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A figure of the last run; what is not known is empty."""

    name: str
    value: str
    interval: str
    accepted: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SetFigures:
    """The figures of one set of cases, with a chart of each where several runs can be compared."""

    name: str
    runs: str
    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...]


def quality_html(runs: Sequence[Run], accepted: Mapping[str, Mapping[str, float]], *, folder: Path | None) -> str:
    """Every set: its last figures beside the accepted ones, and each over time where there are several runs."""
    # Our own cases first.
    names = sorted({*(run.set for run in runs), *accepted}, key=lambda name: (name != "golden", name))
    sets = [_set(name, [run for run in runs if run.set == name], accepted.get(name, {})) for name in names]
    return render("quality.html", sets=sets, has_folder=folder is not None)


def _set(name: str, runs: Sequence[Run], accepted: Mapping[str, float]) -> SetFigures:
    last = runs[-1] if runs else None
    figures = list(dict.fromkeys([*accepted, *(last.metrics if last else ())]))[:MOST_FIGURES]
    return SetFigures(
        name=name,
        runs=_runs_in_words(runs),
        figures=tuple(_figure(figure, last, accepted.get(figure)) for figure in figures),
        charts=tuple(_charts(figures, runs, accepted)),
    )


def _runs_in_words(runs: Sequence[Run]) -> str:
    if not runs:
        return "no saved run"
    last = runs[-1]
    made = f", {last.model}, commit {last.commit[:8]}" if last.commit else ""
    return f"{counted(len(runs), 'run')}, the last of {day_in_words(last.created)}{made}"


def _figure(name: str, last: Run | None, accepted: float | None) -> Figure:
    value = last.metrics.get(name) if last else None
    return Figure(
        name=name,
        value=f"{value['value']:.3f}" if value else "",
        interval=f"{value['low']:.3f} to {value['high']:.3f}" if value else "",
        accepted=f"{accepted:.3f}" if accepted is not None else "",
    )


def _charts(figures: Sequence[str], runs: Sequence[Run], accepted: Mapping[str, float]) -> Iterator[Chart]:
    # Runs with another writer are another line.
    alike = [run for run in runs if run.model == runs[-1].model]
    if len(alike) < 2:
        return
    for name in figures:
        values = [(day_in_words(run.created), run.metrics[name]["value"]) for run in alike if name in run.metrics]
        if not all(0 <= value <= 1 for _, value in values):
            continue
        floor = accepted.get(name)
        if chart := line_chart(name, values, floor=floor if floor is not None and floor <= 1 else None):
            yield chart
