"""Processes of the evaluation start without the reader's settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from eval.errors import EvaluationError
from eval.runs import subprocesses
from eval.runs.results import PROJECT


def test_a_process_gets_none_of_the_readers_settings_but_where_models_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_MODEL", "openai:gpt")
    monkeypatch.setenv("NEWSDESK_CACHE", "models")
    given = subprocesses.environment({"embedder": "hashing"})
    ours = {name: value for name, value in given.items() if name.startswith("NEWSDESK_")}
    assert ours == {"NEWSDESK_CACHE": "models", "NEWSDESK_EMBEDDER": "hashing"}
    assert given["PYTHONPATH"].split(os.pathsep)[0] == str(PROJECT)


def test_a_workers_last_line_is_its_answer(tmp_path: Path) -> None:
    (tmp_path / "fine.py").write_text("print('noise')\nprint('{\"seconds\": 2}')\n")
    assert subprocesses.worker("fine", [], folder=tmp_path) == {"seconds": 2}


def test_a_worker_that_fails_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import sys\nsys.exit('no such model\\n')\n")
    with pytest.raises(EvaluationError, match="broken go ended with 1: no such model"):
        subprocesses.worker("broken", ["go"], folder=tmp_path)


def test_a_worker_that_is_killed_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "dying.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\n")
    with pytest.raises(EvaluationError, match=r"dying go ended with -?[0-9]+"):
        subprocesses.worker("dying", ["go"], folder=tmp_path)


def test_the_command_is_the_program_of_this_environment() -> None:
    command = subprocesses.newsdesk("status")
    assert command[-1] == "status"
    assert Path(command[0]).parent == Path(sys.executable).parent
