"""Storylines over a month: who belongs together, what is told twice, on two small months."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.datasets import Options
from eval.datasets.summaries import storylines
from eval.errors import CaseError
from rag.settings import Settings

FIRE = "The fire at the Dray mill burned down the old hall of the Dray mill"
ROWS = [
    ("f1", "2024/05/06", "Fire at Dray mill", f"{FIRE} on Monday, the fire service said."),
    ("f2", "2024/05/12", "Fire at Dray mill", f"{FIRE} on Monday. Tom Ash, the owner of the Dray mill, was arrested."),
    (
        "c1",
        "2024/05/07",
        "Port Eden wins cup",
        "Port Eden beat Saltmarsh by three goals in the final of the county cup.",
    ),
]


def write(folder: Path, judged: Path, *, last: str = "") -> None:
    rows = [
        {"doc_id": name, "url": f"https://{name}.example/1", "title": title, "publish_date": day, "text": text}
        for name, day, title, text in ROWS
    ]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    labels = {"f1": "fire", "f2": "fire", "c1": last}
    judged.write_text(
        "\n".join(
            json.dumps({"part": part, "doc_id": name, "storyline": label})
            for part in storylines.PARTS
            for name, label in labels.items()
        ),
        encoding="utf-8",
    )


def test_what_a_reader_judged_is_held_against_the_storylines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = tmp_path / "judged.jsonl"
    write(tmp_path, judged)
    monkeypatch.setattr(storylines, "JUDGED", judged)
    found = storylines.evaluate(Options(settings=Settings(embedder="hashing"), data=tmp_path)).metrics
    for part in storylines.PARTS:
        assert {measure: found[f"{measure}_{part}"].value for measure in storylines.MEASURES} == {
            "belongs": 1.0, "goes_on": 1.0, "together": 1.0, "note_once": 1.0, "change_once": 1.0, "change_told": 1.0,
        }  # fmt: skip


def test_an_article_that_does_not_belong_and_one_that_is_missing_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = tmp_path / "judged.jsonl"
    write(tmp_path, judged, last="fire")
    monkeypatch.setattr(storylines, "JUDGED", judged)
    found = storylines.evaluate(Options(settings=Settings(embedder="hashing"), data=tmp_path)).metrics
    assert found["together_check"].value == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)


def test_the_sheet_holds_ids_and_labels_and_no_word_of_an_article() -> None:
    rows = [json.loads(line) for line in storylines.JUDGED.read_text(encoding="utf-8").splitlines()]
    assert {tuple(row) for row in rows} == {("part", "doc_id", "storyline")}
    assert all(len(row["storyline"]) < 25 and len(row["doc_id"]) == 12 for row in rows)


def test_without_data_the_command_says_what_it_needs() -> None:
    with pytest.raises(CaseError, match="needs --data"):
        storylines.evaluate(Options(settings=Settings(embedder="hashing")))
