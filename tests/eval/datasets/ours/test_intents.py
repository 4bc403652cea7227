import json
from pathlib import Path

import pytest

from eval.datasets import Options
from eval.datasets.ours import intents
from eval.errors import CaseError
from eval.metrics.estimates import Estimate
from rag.settings import Settings


def options(file: Path) -> Options:
    return Options(settings=Settings(embedder="hashing"), data=file)


def test_each_utterance_is_scored_and_a_wrong_one_named(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "text": "thank you", "intent": "thanks", "topics": []},
        {"id": "b", "text": "Why did the bridge close?", "intent": "question", "topics": []},
        {"id": "c", "text": "Why did the ferry sink?", "intent": "goodbye", "topics": []},
    ]
    file = tmp_path / "own.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = intents.evaluate(options(file))
    assert [case["scores"]["right"] for case in found.cases] == [1.0, 1.0, 0.0]
    assert found.metrics["questions_kept"].value == 1.0
    assert "goodbye, taken for question" in found.cases[2]["fault"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such file"):
        intents.evaluate(options(tmp_path / "none.jsonl"))


def test_macro_f1_is_the_mean_of_the_classes() -> None:
    pairs = [(0.0, 0.0), (0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]
    cases = [{"id": str(i), "scores": {"w": w, "d": d}} for i, (w, d) in enumerate(pairs)]
    import numpy as np

    value = Estimate(statistic="macro f1", columns=("w", "d")).of(cases)(np.ones((1, 4)))
    assert value[0] == pytest.approx((4 / 5 + 2 / 3) / 2)
