"""Fitting the weights: from data in the shape of SQuAD 2.0 to a file that says where it comes from."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.errors import CaseError
from eval.training.sentence_weights import fit
from rag.answering.sentence_scoring import FEATURES
from rag.settings import Settings

TOWNS = ["Arlow", "Brint", "Corvane", "Dessel", "Elmore", "Farrow", "Gantry", "Holm"]


def write(path: Path, rows: list[dict[str, object]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def make_data(folder: Path) -> None:
    contexts, questions = [], []
    for number, town in enumerate(TOWNS):
        text = (
            f"The mill of {town} was built in {1800 + number}. Its owner came from the coast. People there grow flax."
        )
        contexts.append({"context_id": f"c{number}", "title": town, "context": text})
        asked = {"context_id": f"c{number}", "title": town, "question": f"When was the mill of {town} built?"}
        questions.append({**asked, "answers": [str(1800 + number)], "is_impossible": False})
        asked = {"context_id": f"c{number}", "title": town, "question": f"Who burned the mill of {town}?"}
        questions.append({**asked, "answers": [], "is_impossible": True})
    write(folder / "contexts.jsonl.gz", contexts)
    write(folder / "questions.jsonl.gz", questions)


def test_a_fit_gives_a_weight_for_each_feature_and_its_held_out_figures(tmp_path: Path) -> None:
    make_data(tmp_path)
    said: list[str] = []
    content = fit(tmp_path, Settings(embedder="hashing"), questions=16, say=said.append)
    assert set(content["weights"]) == set(FEATURES)
    assert content["weights"]["alignment"] > 0
    held_out = content["fitted"]["held_out"]
    assert held_out["sentence_at_1"] == 1.0
    assert held_out["on_topic_auroc"] > 0.9
    assert set(content["fitted"]["data"]) == {"contexts.jsonl.gz", "questions.jsonl.gz"}
    assert content["answer_thresholds"]


def test_a_folder_without_the_data_is_said(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="--data"):
        fit(tmp_path, Settings(embedder="hashing"), say=print)
