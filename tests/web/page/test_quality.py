"""The Quality view: saved runs beside what the gate accepts, and nothing lost where a file cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

from tests.web.inert import Page
from web.page.html.quality import quality_html
from web.page.quality_runs import floors, saved_runs


def save(folder: Path, name: str, created: str, value: float) -> None:
    run = {
        "set": "golden",
        "metrics": {"cost": {"value": value, "low": value - 0.1, "high": value + 0.1, "n": 9}},
        "provenance": {"created": created, "model": "quotes", "commit": "0123456789abcdef"},
    }
    (folder / name).mkdir()
    (folder / name / "result.json").write_text(json.dumps(run), encoding="utf-8")


def test_runs_are_shown_oldest_first_beside_what_was_accepted(tmp_path: Path) -> None:
    save(tmp_path, "golden-b", "2024-06-02T10:00:00+00:00", 0.4)
    save(tmp_path, "golden-a", "2024-05-01T10:00:00+00:00", 0.5)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "result.json").write_text("{", encoding="utf-8")
    runs = saved_runs(tmp_path)
    assert [run.metrics["cost"]["value"] for run in runs] == [0.5, 0.4]
    page = Page(quality_html(runs, {"golden": {"cost": 0.45}}, folder=tmp_path))
    assert "2 runs, the last of 2 June 2024" in page.text
    assert "0.4000.300 to 0.5000.450" in page.text
    assert [label for label in page.values("aria-label") if label.startswith("cost")] == [
        "cost. 1 May 2024: 0.500; 2 June 2024: 0.400"
    ]


def test_without_runs_it_says_how_to_get_some() -> None:
    page = Page(quality_html(saved_runs(None), floors(), folder=None))
    assert "NEWSDESK_QUALITY_RUNS" in page.text
    assert "exact_quotes" in page.text


def test_figures_speak_to_readers_in_sentences(tmp_path: Path) -> None:
    accepted = {"golden": {"exact_quotes": 1.0, "abstention_recall": 0.8056}, "intent": {"right": 0.959}}
    text = Page(quality_html([], accepted, folder=None)).text
    assert "Of 100 quotes that are shown, all stand in their article to the letter." in text
    assert "Of 100 questions that the articles do not answer, 80 are refused." in text
    assert "Of 100 things that readers type, 95 are taken as they are meant." in text


def test_the_last_run_goes_before_what_was_accepted(tmp_path: Path) -> None:
    save(tmp_path, "golden-a", "2024-05-01T10:00:00+00:00", 0.5)
    file = tmp_path / "golden-a" / "result.json"
    file.write_text(file.read_text("utf-8").replace('"cost"', '"exact_quotes"'), "utf-8")
    text = Page(quality_html(saved_runs(tmp_path), {"golden": {"exact_quotes": 1.0}}, folder=tmp_path)).text
    assert "Of 100 quotes that are shown, 50 stand in their article to the letter." in text
