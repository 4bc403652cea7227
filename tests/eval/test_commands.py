"""`python -m eval`: wrong use is refused, and every command ends with its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.commands import main
from eval.runs import compare, review_sheet


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--set", "gold"], "no evaluation set 'gold'"),
        (["run", "--data", "no-such-folder"], "no case files"),
        (["gate", "--baseline", "no-such-file.json"], "gate --update"),
        (["gate", "--allow-lower", "because"], "goes with --update"),
        (["bench", "--data", "no-such-folder", "--skip-langchain"], "no corpus.jsonl.gz"),
    ],
)
def test_wrong_use_is_a_sentence_and_code_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert said in printed.err


@pytest.mark.parametrize("arguments", [[], ["fly"], ["run", "--limit", "0"], ["crash", "--kills", "many"]])
def test_what_cannot_be_parsed_is_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Usage: python -m eval" in printed.err


def test_ctrl_c_ends_a_command_with_one_word_and_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(compare, "load_run", interrupted)
    assert main(["compare", "a", "b"]) == 1
    assert capsys.readouterr() == ("", "stopped\n")


def test_help_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    printed = capsys.readouterr()
    assert all(
        f"  {command} " in printed.out for command in ("run", "compare", "gate", "bench", "crash", "train", "sheet")
    )
    assert printed.err == ""


def test_sources_of_a_sheet_may_be_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[review_sheet.Options] = []
    monkeypatch.setattr(review_sheet, "write_sheet", lambda options, echo: asked.append(options) or [])
    sources = ["--sources", "a.jsonl", "--sources", "b"]
    assert main(["sheet", "summaries", "--model", "openai:x", "--out", str(tmp_path / "s"), *sources]) == 0
    (options,) = asked
    assert (options.kind, options.sources) == ("summaries", [Path("a.jsonl"), Path("b")])
    assert "0 sentences" in capsys.readouterr().out
