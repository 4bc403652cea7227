"""Coverage-guided fuzzing of everything that reads what strangers wrote.

    python -m tests.fuzz all --seconds 60        every target in a process of its own, and a table
    python -m tests.fuzz pdf --seconds 600       one of them, with the fuzzer's own log
    python -m tests.fuzz pdf --input FILE        one input, without the fuzzer

    targets.py   what is fuzzed: each reader, and what several of them share
    findings.py  what counts as a finding
    seeds.py     the first inputs of each target; words.py: the words of its format
    engine.py    atheris (libFuzzer), which ends the process that it runs in
    report.py    one process a target, and the table of what they did

Only `engine.py` needs atheris, which has wheels for Linux and for Python 3.11 to 3.13.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.fuzz.engine import fuzz
from tests.fuzz.report import fuzz_all
from tests.fuzz.seeds import SEEDS


def main() -> int:
    """Read the command line; return 0 where nothing was found, 1 where something was."""
    given = _parser().parse_args()
    if given.input:
        from tests.fuzz.targets import TARGETS

        TARGETS[given.reader].check(given.input.read_bytes())
        print("nothing found")
    elif given.reader == "all":
        return fuzz_all(seconds=given.seconds, corpus=given.corpus, findings=given.findings, seed=given.seed)
    else:
        fuzz(given.reader, seconds=given.seconds, corpus=given.corpus, findings=given.findings, seed=given.seed)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reader", choices=["all", *SEEDS], metavar="READER", help=f"all, or one of {', '.join(SEEDS)}")
    parser.add_argument("--seconds", type=int, default=60, help="time for each target (60)")
    parser.add_argument("--seed", type=int, default=1, help="of the fuzzer's random numbers; 0 takes another each time")
    parser.add_argument(
        "--corpus", type=Path, default=Path("build/fuzz/corpus"), help="folder that keeps inputs that reached new code"
    )
    parser.add_argument("--findings", type=Path, default=Path("build/fuzz"), help="folder for inputs that fail")
    parser.add_argument("--input", type=Path, help="check this one file, without the fuzzer")
    return parser


if __name__ == "__main__":
    sys.exit(main())
