"""A sheet shows what a model wrote beside its quotes, goes on where it stood, and counts what the check took out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.commands import main
from eval.runs import review_sheet
from rag.settings import Settings
from tests.rag.openai_stub import openai_stub

ARTICLE = """---
title: A bridge in Port Alder closes
outlet: Alder Times
published: 2024-03-02
---
The bridge in Port Alder closed on Monday after engineers found cracks in two of its pillars.
Mayor Ines Roth said that the repair would cost 4 million crowns.
"""


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    file = tmp_path / "bridge.md"
    file.write_text(ARTICLE, encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")


def options(articles: Path, model: str, **changes: object) -> review_sheet.Options:
    questions = articles.parent / "questions.jsonl"
    questions.write_text(json.dumps({"question": "How much would the repair of the bridge cost?"}) + "\n")
    return review_sheet.Options(
        settings=Settings(embedder="hashing", model=model),
        kind="answers",
        out=articles.parent / "review_sheet.jsonl",
        sources=[articles],
        questions=questions,
        **changes,  # type: ignore[arg-type]
    )


def test_shown_and_removed_sentences_stand_with_quotes_and_reasons(articles: Path) -> None:
    with openai_stub("The repair would cost 4 million crowns [1]. ", "The mayor resigned in April [1].") as stub:
        (row,) = review_sheet.write_sheet(options(articles, f"{stub.url}#m"), echo=lambda line: None)
    (shown,) = row["shown"]
    assert shown["text"] == "The repair would cost 4 million crowns."
    assert shown["quotes"] == ["Mayor Ines Roth said that the repair would cost 4 million crowns."]
    assert [removal["text"] for removal in row["removed"]] == ["The mayor resigned in April."]
    assert review_sheet.counted([row]) == review_sheet.Counts(cases=1, shown=1, removed=1, fallbacks=0)
    read = review_sheet.as_markdown([row])
    assert "- [ ] The repair would cost 4 million crowns." in read
    assert "The mayor resigned in April." in read


def test_a_stopped_run_goes_on_and_a_line_cut_off_is_written_again(articles: Path) -> None:
    with openai_stub("The repair would cost 4 million crowns [1].") as stub:
        first = review_sheet.write_sheet(options(articles, f"{stub.url}#m"), echo=lambda line: None)
        assert (
            len(first) == len(review_sheet.write_sheet(options(articles, f"{stub.url}#m"), echo=lambda line: None)) == 1
        )
        out = articles.parent / "review_sheet.jsonl"
        out.write_text(out.read_text(encoding="utf-8")[:40], encoding="utf-8")
        again = review_sheet.write_sheet(options(articles, f"{stub.url}#m"), echo=lambda line: None)
    assert [row["shown"] for row in again] == [row["shown"] for row in first]
    assert [row["case"] for row in review_sheet.read_sheet(out)] == [row["case"] for row in first]


def test_a_draft_without_support_counts_as_a_fallback_and_not_as_the_models(articles: Path) -> None:
    with openai_stub("The mayor resigned in April [1].") as stub:
        rows = review_sheet.write_sheet(options(articles, f"{stub.url}#m"), echo=lambda line: None)
    assert review_sheet.counted(rows) == review_sheet.Counts(cases=0, shown=0, removed=1, fallbacks=1)


def test_articles_are_summarised(articles: Path) -> None:
    with openai_stub("The bridge in Port Alder closed on Monday [1].") as stub:
        asked = options(articles, f"{stub.url}#m")
        asked = review_sheet.Options(settings=asked.settings, kind="summaries", out=asked.out, sources=[articles])
        (row,) = review_sheet.write_sheet(asked, echo=lambda line: None)
    assert [one["text"] for one in row["shown"]] == ["The bridge in Port Alder closed on Monday."]


def test_without_a_model_there_is_nothing_to_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sheet", "answers", "--model", "quotes", "--out", str(tmp_path / "review_sheet.jsonl")]) == 2
    assert "--model" in capsys.readouterr().err
    assert not (tmp_path / "review_sheet.jsonl").exists()


def test_a_line_without_a_question_is_named(articles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions = articles.parent / "bad.jsonl"
    questions.write_text('{"question": "Who?"}\n{"ask": "Why?"}\n', encoding="utf-8")
    with openai_stub("x") as stub:
        given = ["--model", f"{stub.url}#m", "--sources", str(articles), "--questions", str(questions)]
        assert main(["sheet", "answers", *given, "--out", str(articles.parent / "s.jsonl")]) == 1
    assert "bad.jsonl, line 2" in capsys.readouterr().err
