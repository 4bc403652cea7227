"""Figures are drawn where matplotlib is installed, and its absence is said where it is not."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from eval.errors import EvaluationError, MissingPackage
from eval.metrics.per_case import Metric
from eval.runs import plot as module
from eval.runs.plot import plot

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


def test_a_file_of_an_unknown_kind_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(EvaluationError, match=r"name a \.svg"):
        plot("quiz", SERIES, tmp_path / "plot.unknown")
