"""Every target in a process of its own, one after the other, and a table of what they did."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_LAST_LINES = 40
_STATISTIC = re.compile(r"^stat::(\w+):\s+(\d+)$", re.MULTILINE)
_COVERED = re.compile(r"\bcov: (\d+)")

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a run of one target did; `covered` counts branches, `log` is what the fuzzer said."""

    name: str
    executions: int
    covered: int
    peak_mb: int
    found: bool
    log: str

    @classmethod
    def of(cls, name: str, *, returned: int, log: str) -> Outcome:
        """Read libFuzzer's log. A run that ended without statistics did not work, which is a finding, too."""
        statistics = {key: int(value) for key, value in _STATISTIC.findall(log)}
        executions = statistics.get("number_of_executed_units", 0)
        return cls(
            name=name,
            executions=executions,
            covered=max(map(int, _COVERED.findall(log)), default=0),
            peak_mb=statistics.get("peak_rss_mb", 0),
            found=returned != 0 or executions == 0,
            log=log,
        )

    @property
    def row(self) -> str:
        """A row of the table."""
        result = "**a finding**" if self.found else "nothing"
        return f"| {self.name} | {self.executions:,} | {self.covered:,} | {self.peak_mb} | {result} |"


def fuzz_all(*, seconds: int, corpus: Path, findings: Path, seed: int) -> int:
    """Fuzz every target for so many seconds; print a row for each and the end of the log of those with a finding."""
    from tests.fuzz.targets import TARGETS

    print("| target | executions | branches | peak MB | found |\n|---|---:|---:|---:|---|", flush=True)
    options = ["--seconds", str(seconds), "--corpus", str(corpus), "--findings", str(findings), "--seed", str(seed)]
    outcomes = [_fuzzed(name, options) for name in TARGETS]
    return 1 if any(outcome.found for outcome in outcomes) else 0


def _fuzzed(name: str, options: Sequence[str], run: Run | None = None) -> Outcome:
    done = (run or _process)([sys.executable, "-m", "tests.fuzz", name, *options])
    outcome = Outcome.of(name, returned=done.returncode, log=done.stdout)
    print(outcome.row, flush=True)
    if outcome.found:
        print("\n".join(outcome.log.splitlines()[-_LAST_LINES:]), file=sys.stderr, flush=True)
    return outcome


def _process(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
