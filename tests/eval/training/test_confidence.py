"""Calibration: where to be sure, and how far probabilities are from what happened; worked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.errors import CaseError
from eval.training.confidence import calibrated, calibration_error, sure_from


def test_sure_is_the_lowest_probability_with_at_most_five_in_a_hundred_wrong() -> None:
    probabilities = np.linspace(0.99, 0.5, 40)
    right = np.ones(40)
    right[[30, 35, 36, 37]] = 0
    # Down to the 35th of the forty one is wrong, 1/35; with the 36th two are, 2/36 > 5%.
    assert sure_from(probabilities, right) == pytest.approx(probabilities[34])


def test_nothing_is_sure_where_the_most_probable_is_wrong() -> None:
    assert sure_from(np.array([0.9, 0.8]), np.array([0.0, 0.0])) == 1.0


def test_the_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    # Bins of two: (.2, .2) of which one is right, (.8, .8) of which both are: gaps .3 and .2.
    found = calibration_error(np.array([0.2, 0.2, 0.8, 0.8]), np.array([0.0, 1.0, 1.0, 1.0]), bins=2)
    assert found == pytest.approx(0.25)


def test_a_run_with_too_few_answers_is_refused(tmp_path: Path) -> None:
    content = {"set": "golden", "metrics": {}, "provenance": {}}
    (tmp_path / "result.json").write_text(json.dumps(content), encoding="utf-8")
    (tmp_path / "cases.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(CaseError, match="hold 0 shown answers"):
        calibrated([tmp_path])
