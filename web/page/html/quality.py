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

_IN_SENTENCES = {
    ("golden", "outcome_accuracy"): "questions, {} end as they should: answered where the articles answer them, and "
    "refused where they do not.",
    ("golden", "quote_recall"): "facts that are asked for and stand in the articles, {} are shown.",
    ("golden", "quote_precision"): "quotes that are shown, {} answer their question.",
    ("golden", "exact_quotes"): "quotes that are shown, {} stand in their article to the letter.",
    ("golden", "abstention_recall"): "questions that the articles do not answer, {} are refused.",
    ("golden", "abstention_precision"): "refusals, {} are of questions that the articles do not answer.",
    ("intent", "right"): "things that readers type, {} are taken as they are meant.",
    ("follow-ups", "resolved"): "questions that lean on an earlier one, {} are completed as they are meant.",
    ("disagreements", "precision"): "disagreements between outlets that are shown, {} are ones.",
    ("disagreements", "recall"): "disagreements between outlets, {} are found.",
    ("event-dates", "right"): "dates of a timeline, {} are right.",
    ("digests", "supported_share"): "sentences of a summary, {} are supported by what they cite.",
}
"""What a figure says to a reader, after "Of 100 ..."."""


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
    last = {run.set: run for run in runs}
    return render("quality.html", sentences=list(_sentences(last, accepted)), sets=sets, has_folder=folder is not None)


def _sentences(last: Mapping[str, Run], accepted: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """What the last run of each set says to a reader; where there is none, what the gate holds it to."""
    for (name, figure), words in _IN_SENTENCES.items():
        run = last.get(name)
        measured = run.metrics.get(figure, {}).get("value") if run is not None else None
        value = measured if measured is not None else accepted.get(name, {}).get(figure)
        if value is not None:
            yield f"Of 100 {words.format(_of_hundred(value))}"


def _of_hundred(share: float) -> str:
    """The share of a hundred, rounded down: all are all, and none is none."""
    return "all" if share >= 1 else f"{int(100 * share + 1e-9)}" if share >= 0.01 else "hardly any"


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
