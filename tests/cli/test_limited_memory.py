"""A command that a native library ends for want of memory ends in a sentence; one that ends by itself, as it would."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(shutil.which("prlimit") is None, reason="this system has no prlimit")


def start(command: str, *, limit: str = "--as=2000000000") -> subprocess.Popen[str]:
    code = (
        f"import os, sys, time\nfrom cli.limited_memory import watched\ndef command():\n    {command}\nwatched(command)"
    )
    return subprocess.Popen(
        ["prlimit", *limit.split(), sys.executable, "-c", code],
        cwd=PROJECT,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.fixture
def waiting() -> Iterator[subprocess.Popen[str]]:
    started = start("print(os.getpid(), flush=True); time.sleep(60)")
    yield started
    started.kill()
    started.communicate()


@pytest.mark.parametrize("end", ["os.abort()", "os._exit(1)", "os.kill(os.getpid(), 11)"])
def test_a_native_end_is_one_sentence(end: str) -> None:
    ended = start(end)
    _, said = ended.communicate(timeout=60)
    assert ended.returncode == 1
    assert said == (
        "newsdesk: there is not enough memory: this process may use 2000 MB, and a library that got no more ended it;"
        " allow it more (`ulimit -v`), and run the same command again\n"
    )


@pytest.mark.parametrize(("end", "code"), [("pass", 0), ("sys.exit(2)", 2), ("sys.exit(0)", 0)])
def test_a_command_that_ends_by_itself_keeps_its_exit_code(end: str, code: int) -> None:
    ended = start(end)
    assert ended.communicate(timeout=60) == ("", "")
    assert ended.returncode == code


def test_what_is_printed_and_asked_to_end_goes_through(waiting: subprocess.Popen[str]) -> None:
    assert waiting.stdout is not None
    assert int(waiting.stdout.readline()) != waiting.pid
    waiting.send_signal(signal.SIGTERM)
    assert waiting.wait(timeout=60) == 128 + signal.SIGTERM


def test_who_kills_what_was_started_ends_the_command(waiting: subprocess.Popen[str]) -> None:
    assert waiting.stdout is not None
    waiting.stdout.readline()
    waiting.kill()
    assert waiting.stdout.read() == ""  # the last that could write to it is gone


def test_without_a_limit_nothing_is_watched() -> None:
    started = start("print(os.getpid())", limit="--as=unlimited --data=unlimited")
    out, _ = started.communicate(timeout=60)
    assert int(out) == started.pid


def test_the_command_line_under_any_small_limit_shows_no_trace(tmp_path: Path) -> None:
    (tmp_path / "bridge.md").write_text(
        "# Bridge\n\nThe bridge in Saltmarsh stays shut for nine weeks.\n", encoding="utf-8"
    )
    for megabytes in (250, 450, 650):
        ended = subprocess.run(
            ["prlimit", f"--as={megabytes}000000", sys.executable, "-m", "cli", "ingest", "bridge.md"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(PROJECT), "NEWSDESK_LIBRARY": str(tmp_path / "library")},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert "Traceback" not in ended.stderr
        assert ended.returncode == 0 or (ended.returncode == 1 and "memory" in ended.stderr.casefold())


def test_too_few_open_files_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "bridge.md").write_text("# Bridge\n\nThe bridge in Saltmarsh stays shut.\n", encoding="utf-8")
    for files in (12, 20):
        ended = subprocess.run(
            ["prlimit", f"--nofile={files}", sys.executable, "-m", "cli", "ingest", "bridge.md"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(PROJECT), "NEWSDESK_LIBRARY": str(tmp_path / "library")},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert "Traceback" not in ended.stderr
        assert ended.returncode == 0 or ended.stderr.splitlines()[-1].startswith("newsdesk: ")
