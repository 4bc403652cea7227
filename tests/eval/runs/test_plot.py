"""Figures are drawn where matplotlib is installed, and its absence is said where it is not."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from eval.errors import EvaluationError, MissingPackage
from eval.metrics.per_case import Metric
from eval.runs import plot as module
from eval.runs.plot import plot, plot_certainty

SERIES = {
    "first": {"hits": Metric(value=0.5, low=0.4, high=0.6, n=9), "milliseconds": Metric(value=20, low=9, high=31, n=9)},
    "second": {"hits": Metric(value=0.7, low=0.6, high=0.8, n=9)},
}


def test_without_matplotlib_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(module.importlib, "import_module", missing)
    with pytest.raises(MissingPackage, match="EXTRAS=bench"):
        plot("quiz", SERIES, tmp_path / "plot.svg")


def test_shares_are_drawn_and_times_are_left_out(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    importlib.import_module("matplotlib").rcParams["svg.fonttype"] = "none"
    plot("quiz", SERIES, tmp_path / "plot.svg")
    drawn = (tmp_path / "plot.svg").read_text(encoding="utf-8")
    assert all(text in drawn for text in ("hits", "first", "second", "quiz"))
    assert "milliseconds" not in drawn


def test_calibration_and_what_a_warning_costs_are_drawn_beside_each_other(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    importlib.import_module("matplotlib").rcParams["svg.fonttype"] = "none"
    found = {
        "calibration_error": 0.042,
        "reliability": [{"said": 0.6, "right": 0.5, "answers": 9}, {"said": 0.9, "right": 0.95, "answers": 9}],
        "warned": [{"sure_at": 0.7, "on_right": 0.1, "on_wrong": 0.4}],
    }
    plot_certainty(found, tmp_path / "certainty.svg")
    drawn = (tmp_path / "certainty.svg").read_text(encoding="utf-8")
    assert all(text in drawn for text in ("calibration error 0.042", "share that is right", "what a warning costs"))


def test_a_file_of_an_unknown_kind_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(EvaluationError, match=r"name a \.svg"):
        plot("quiz", SERIES, tmp_path / "plot.unknown")
