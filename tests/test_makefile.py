"""`make` on a machine without the right Python: one sentence that says what to do, whatever that Python can read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Runs what stands behind `-c`, as a Python of another version.
PRETENDING = 'exec {python} -c "import sys; sys.version_info = {version}; exec(sys.argv[1])" "$2"\n'

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make_python(python: str) -> subprocess.CompletedProcess[str]:
    # A make that runs these tests would hand its own flags on.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--no-print-directory", "python", f"PYTHON={python}"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("version", [(2, 7, 18, "final", 0), (3, 6, 15, "final", 0), (3, 10, 13, "final", 0)])
def test_an_old_python_is_told_which_one_is_needed(tmp_path: Path, version: tuple[object, ...]) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\n" + PRETENDING.format(python=sys.executable, version=version), encoding="utf-8")
    python.chmod(0o755)
    done = make_python(str(python))
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == (
        f"Newsdesk needs Python 3.11 or newer, this is {version[0]}.{version[1]}; "
        "install one and name it: make run PYTHON=python3.12"
    )
    assert "SyntaxError" not in done.stderr


def test_the_python_that_runs_these_tests_is_taken_without_a_word() -> None:
    done = make_python(sys.executable)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_python_that_is_not_there_is_named() -> None:
    done = make_python("python-that-is-not-there")
    assert done.returncode != 0
    assert "there is no python-that-is-not-there" in done.stderr.splitlines()[0]
