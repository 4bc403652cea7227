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

from pathlib import Path
from typing import Annotated

import typer

from tests.fuzz.engine import fuzz
from tests.fuzz.report import fuzz_all
from tests.fuzz.seeds import SEEDS

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def main(
    reader: Annotated[str, typer.Argument(metavar="READER", help=f"all, or one of {', '.join(SEEDS)}.")],
    seconds: Annotated[int, typer.Option("--seconds", min=1, help="Time for each target.")] = 60,
    seed: Annotated[int, typer.Option("--seed", help="Of the fuzzer's random numbers; 0 takes another each time.")] = 1,
    corpus: Annotated[Path, typer.Option("--corpus", help="Folder that keeps inputs that reached new code.")] = Path(
        "build/fuzz/corpus"
    ),
    findings: Annotated[Path, typer.Option("--findings", help="Folder for inputs that fail.")] = Path("build/fuzz"),
    given: Annotated[
        Path | None, typer.Option("--input", metavar="FILE", help="Check this one file, without the fuzzer.")
    ] = None,
) -> None:
    """Fuzz what reads what strangers wrote: every target in a process of its own, or one; exit code 1 for a finding."""
    if reader not in ("all", *SEEDS):
        raise typer.BadParameter(f"{reader!r} is not fuzzed; take all, or one of {', '.join(SEEDS)}")
    if given and reader == "all":
        raise typer.BadParameter("--input is for one target; name it instead of all")
    if given:
        from tests.fuzz.targets import TARGETS

        TARGETS[reader].check(given.read_bytes())
        print("nothing found")
    elif reader == "all":
        raise typer.Exit(fuzz_all(seconds=seconds, corpus=corpus, findings=findings, seed=seed))
    else:
        fuzz(reader, seconds=seconds, corpus=corpus, findings=findings, seed=seed)


if __name__ == "__main__":
    app(prog_name="python -m tests.fuzz")
