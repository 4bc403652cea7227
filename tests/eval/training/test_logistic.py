from __future__ import annotations

import numpy as np
import pytest

from eval.training.baselines import QuestionAlone
from eval.training.logistic import calibration_error, fit_logistic, held_out_probabilities


def test_the_fit_finds_the_slope_and_offset_that_made_the_labels() -> None:
    generator = np.random.default_rng(1)
    scores = generator.normal(size=20_000)
    labels = generator.random(20_000) < 1 / (1 + np.exp(-(2 * scores - 1)))

    found = fit_logistic(scores.tolist(), labels.tolist())

    assert found.slope == pytest.approx(2, abs=0.1)
    assert found.offset == pytest.approx(-1, abs=0.1)


def test_labels_that_are_told_apart_without_fail_still_give_probabilities_short_of_certainty() -> None:
    found = fit_logistic([-1.0, -2.0, 1.0, 2.0], [False, False, True, True])

    assert 0.6 < found.probability(1.0) < 0.99


def test_held_out_probabilities_know_nothing_of_their_own_cluster() -> None:
    scores, labels = [0.0] * 40, [True] * 20 + [False] * 20

    found = held_out_probabilities(scores, labels, ["a"] * 20 + ["b"] * 20)

    assert found[0] < 0.2
    assert found[-1] > 0.8


def test_calibration_error_is_how_far_a_bin_is_off() -> None:
    assert calibration_error([0.5] * 100, [True, False] * 50) == pytest.approx(0, abs=0.01)
    assert calibration_error([0.9] * 100, [True, False] * 50) == pytest.approx(0.4)


def test_style_that_gives_the_label_away_is_found_by_the_question_alone() -> None:
    questions = [f"{word} number {i}" for i in range(20) for word in ("why", "who")]
    alone = QuestionAlone(questions, [text.startswith("who") for text in questions])

    why, who = alone.scores(["why number 77", "who number 77"])

    assert who > 0 > why
