from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import app

ROOT = Path(__file__).parents[2]


def test_a_library_that_cannot_be_one_ends_with_a_sentence_and_code_2(tmp_path: Path) -> None:
    file = tmp_path / "a-file"
    file.write_text("not a folder", encoding="utf-8")
    ended = CliRunner().invoke(app.app, ["--library", str(file)])
    assert ended.exit_code == 2
    said = ended.stderr.strip()
    assert said.startswith("error: ")
    assert "\n" not in said


def test_an_unknown_setting_ends_with_a_sentence_and_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_LIBARY", "x")
    ended = CliRunner().invoke(app.app, [])
    assert ended.exit_code == 2
    assert "did you mean 'library'" in ended.stderr


@pytest.mark.parametrize("arguments", [["--port", "http"], ["--port", "70000"], ["--libary", "x"], ["news"]])
def test_a_call_that_is_typed_wrongly_ends_with_code_2_and_where_to_look(arguments: list[str]) -> None:
    ended = CliRunner().invoke(app.app, arguments, prog_name="app.py")
    assert ended.exit_code == 2
    assert "Try 'app.py --help' for help." in ended.stderr


def test_help_needs_neither_the_page_nor_a_library() -> None:
    code = (
        "import sys, app\n"
        "try: app.app(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'gradio', 'chromadb', 'langchain_core', 'sqlalchemy', 'torch'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--no-sample" in done.stdout
