"""Starts Newsdesk and workers of the evaluation in processes of their own, untouched by the reader's settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.errors import EvaluationError
from eval.runs.results import PROJECT
from rag.settings import ENVIRONMENT_PREFIX

_KEPT = f"{ENVIRONMENT_PREFIX}CACHE"


def newsdesk(*arguments: str) -> list[str]:
    """The command `newsdesk ...`: the installed script where there is one, else this folder's program."""
    script = Path(sys.executable).with_name("newsdesk.exe" if sys.platform == "win32" else "newsdesk")
    start = [str(script)] if script.exists() else [sys.executable, "-m", "cli"]
    return [*start, *arguments]


def environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without its Newsdesk settings (but where prepared models lie), with these instead."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ENVIRONMENT_PREFIX) or k == _KEPT}
    path = [str(PROJECT), *filter(None, [kept.get("PYTHONPATH")])]
    given = {f"{ENVIRONMENT_PREFIX}{name.upper()}": value for name, value in (settings or {}).items()}
    return kept | given | {"PYTHONPATH": os.pathsep.join(path)}


def worker(
    module: str, arguments: Sequence[str], *, folder: Path, settings: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Run `python -m module ...` in `folder` and read the JSON object that it prints on its last line.

    Raises `EvaluationError` with the last line of its complaints where it fails.
    """
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment(settings), capture_output=True, text=True, check=False, encoding="utf-8"
    )
    if done.returncode != 0:
        raise EvaluationError(
            f"{' '.join([module, *arguments[:1]])} ended with {done.returncode}: {last_line(done.stderr)}"
        )
    answer: dict[str, Any] = json.loads(last_line(done.stdout))
    return answer


def last_line(text: str) -> str:
    """The last line that says something; "" where none does."""
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")
