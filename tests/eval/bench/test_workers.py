"""What a bench measures in processes of their own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from eval.bench import corpus, workers


def test_memory_is_measured_while_articles_are_read_and_when_they_are_indexed(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    corpus.write_jsonl(
        tmp_path / "data" / "corpus.jsonl",
        [
            {"id": f"{n}", "title": f"Title {n}", "text": f"Harbour number {n} opened its gates on Monday. " * 9}
            for n in range(3)
        ],
    )
    (tmp_path / "data" / "questions.jsonl").write_text('{"question": "Which harbour opened?"}\n')
    measured = workers.memory(tmp_path / "library", tmp_path / "data", 5)
    assert measured["articles"] == 5
    assert measured["passages"] >= 5
    assert 0 < measured["peak_reading_mb"] <= measured["peak_mb"]


@pytest.mark.parametrize("arguments", [[], ["fly", "library", "source"], ["memory", "library", "source", "many"]])
def test_a_worker_that_is_started_wrongly_says_how(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["workers", *arguments])
    with pytest.raises(SystemExit, match="TASK LIBRARY SOURCE"):
        workers.main()
