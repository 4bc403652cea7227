"""The Quality view as HTML: of every set the last figures beside the accepted ones, and each over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.text.formatting import day_in_words
from rag.wording import N_, pgettext, translated
from web.page.html.charts import Chart, line_chart
from web.page.html.rendering import render
from web.page.quality_runs import Run

MOST_FIGURES = 40

_IN_SENTENCES = {
    ("golden", "outcome_accuracy"): N_(
        "Of 100 questions, {share} end as they should: answered where the articles answer them, and refused where they "
        "do not."
    ),
    ("golden", "quote_recall"): N_("Of 100 facts that are asked for and stand in the articles, {share} are shown."),
    ("golden", "quote_precision"): N_("Of 100 quotes that are shown, {share} answer their question."),
    ("golden", "exact_quotes"): N_("Of 100 quotes that are shown, {share} stand in their article to the letter."),
    ("golden", "abstention_recall"): N_("Of 100 questions that the articles do not answer, {share} are refused."),
    ("golden", "abstention_precision"): N_(
        "Of 100 refusals, {share} are of questions that the articles do not answer."
    ),
    ("intent", "right"): N_("Of 100 things that readers type, {share} are taken as they are meant."),
    ("follow-ups", "resolved"): N_(
        "Of 100 questions that lean on an earlier one, {share} are completed as they are meant."
    ),
    ("disagreements", "precision"): N_("Of 100 disagreements between outlets that are shown, {share} are ones."),
    ("disagreements", "recall"): N_("Of 100 disagreements between outlets, {share} are found."),
    ("event-dates", "right"): N_("Of 100 dates of a timeline, {share} are right."),
    ("digests", "supported_share"): N_("Of 100 sentences of a summary, {share} are supported by what they cite."),
}
"""What a figure says to a reader."""


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
            yield translated(words).format(share=_of_hundred(value))


def _of_hundred(share: float) -> str:
    """The share of a hundred, rounded down: all are all, and none is none."""
    if share >= 1:
        return pgettext("of a hundred", "all")
    return f"{int(100 * share + 1e-9)}" if share >= 0.01 else pgettext("of a hundred", "hardly any")


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
    return f"{len(runs):,} {'run' if len(runs) == 1 else 'runs'}, the last of {day_in_words(last.created)}{made}"


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
