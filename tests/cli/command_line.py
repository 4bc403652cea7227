"""The command line as a test drives it: in a folder of its own, with the instant embedder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import pytest
from typer.testing import CliRunner, Result

import cli

ROOT = Path(__file__).parents[2]
TREATY = "Beijing fears a bloc. China objects to the treaty because it draws American forces closer. It said so twice."
HOSTILE = (
    "The mayor opened the bridge on Monday. \x1b[31mRed\x1b[0m paint covers the bridge \u202ednim. It cost 4 million."
)

Newsdesk = Callable[..., Result]


def command_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Newsdesk:
    """What runs a command in `folder`, with settings of its environment as keywords."""
    monkeypatch.chdir(folder)

    def run(*arguments: str, stdin: str = "", **environment: str) -> Result:
        return CliRunner().invoke(
            cli.app, arguments, input=stdin, env={"NEWSDESK_EMBEDDER": "hashing", **environment}, prog_name="newsdesk"
        )

    return run


def fill(newsdesk: Newsdesk, folder: Path, rows: Sequence[dict[str, str]]) -> None:
    """Put articles into the library of the default name."""
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = newsdesk("ingest", "rows.jsonl")
    assert done.exit_code == 0, done.output


def process(
    *arguments: str, folder: Path, stdout: int | IO[Any] = subprocess.PIPE, start: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own; `start` is what starts it."""
    environment = os.environ | {"NEWSDESK_EMBEDDER": "hashing", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*start, sys.executable, "-m", "cli", *arguments],
        env=environment,
        cwd=folder,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
    )


def error_line(result: Result) -> str:
    """The one line on standard error, without its `newsdesk: `."""
    assert result.stderr.startswith("newsdesk: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("newsdesk: ").rstrip("\n")


def read(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def ids(newsdesk: Newsdesk) -> dict[str, str]:
    return {row["outlet"]: row["article_id"] for row in read(newsdesk("articles", "--json"))["articles"]}
