from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import app

ROOT = Path(__file__).parents[2]


def test_a_library_that_cannot_be_one_ends_with_a_sentence_and_code_2(tmp_path: Path, capsys) -> None:
    file = tmp_path / "a-file"
    file.write_text("not a folder", encoding="utf-8")
    assert app.main(["--library", str(file)]) == 2
    said = capsys.readouterr().err.strip()
    assert said.startswith("error: ")
    assert "\n" not in said


def test_an_unknown_setting_ends_with_a_sentence_and_code_2(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("NEWSDESK_LIBARY", "x")
    assert app.main([]) == 2
    assert "did you mean 'library'" in capsys.readouterr().err


def test_help_needs_neither_the_page_nor_a_library() -> None:
    code = (
        "import sys, app\n"
        "try: app.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'gradio', 'chromadb', 'langchain_core', 'sqlalchemy', 'torch'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--no-sample" in done.stdout
