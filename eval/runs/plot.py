"""Draws figures with their intervals; needs matplotlib, which nothing else here does."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.errors import EvaluationError, MissingPackage
from eval.metrics.per_case import Metric

_INCHES_A_ROW = 0.32


def plot(title: str, series: Mapping[str, Mapping[str, Metric]], file: Path) -> None:
    """Draw each figure as a point on its interval, one row a figure, one colour a run; the suffix names the format.

    Figures outside 0..1 (times) are left out. Raises `MissingPackage` without matplotlib.
    """
    names = _shares(series)
    figure = _figure(rows=len(names))
    axes = figure.add_subplot()
    for number, (run, metrics) in enumerate(series.items()):
        rows = [i + 0.16 * (number - (len(series) - 1) / 2) for i, name in enumerate(names) if name in metrics]
        shown = [metrics[name] for name in names if name in metrics]
        axes.errorbar(
            [metric.value for metric in shown],
            rows,
            xerr=[
                [max(0.0, metric.value - metric.low) for metric in shown],
                [max(0.0, metric.high - metric.value) for metric in shown],
            ],
            fmt="o",
            markersize=4,
            capsize=2,
            label=run,
        )
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlim(-0.02, 1.02)
    axes.set_title(title)
    axes.set_xlabel("value with its 95% interval")
    axes.grid(axis="x", alpha=0.3)
    if len(series) > 1:
        figure.legend(loc="outside lower center")
    _save(figure, file)


def plot_certainty(found: Mapping[str, Any], file: Path) -> None:
    """Draw what `eval.training.certainty.fit_certainty` found: the share that is right against what was said, and the
    wrong answers that a warning stands over against the right ones. Raises as `plot` does."""
    figure = _figure(rows=10)
    calibration, warning = figure.subplots(1, 2)
    said = [part["said"] for part in found["reliability"]]
    calibration.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    calibration.plot(said, [part["right"] for part in found["reliability"]], marker="o", markersize=4)
    calibration.set_title(f"calibration error {found['calibration_error']:.3f}")
    calibration.set_xlabel("probability that an answer is right")
    calibration.set_ylabel("share that is right")
    warned = found["warned"]
    warning.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    warning.plot([at["on_right"] for at in warned], [at["on_wrong"] for at in warned], marker="o", markersize=4)
    warning.set_title("what a warning costs and catches")
    warning.set_xlabel("right answers that it stands over")
    warning.set_ylabel("wrong answers that it stands over")
    for axes in (calibration, warning):
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.grid(alpha=0.3)
    _save(figure, file)


def _save(figure: Any, file: Path) -> None:
    try:
        figure.savefig(file)
    except (OSError, ValueError) as error:
        raise EvaluationError(f"cannot draw {str(file)!r} ({error}); name a .svg, .png or .pdf file") from error


def _shares(series: Mapping[str, Mapping[str, Metric]]) -> Sequence[str]:
    names = dict.fromkeys(name for metrics in series.values() for name in metrics)
    return [
        name for name in names if all(0 <= metrics[name].value <= 1 for metrics in series.values() if name in metrics)
    ]


def _figure(*, rows: int) -> Any:
    try:
        # The figure alone, without pyplot: no window system is looked for.
        library = importlib.import_module("matplotlib.figure")
    except ImportError as error:
        raise MissingPackage("the plot needs matplotlib; run `make setup EXTRAS=bench`, or leave out --plot") from error
    return library.Figure(figsize=(8, 1.6 + _INCHES_A_ROW * rows), layout="constrained")
