"""Figures of a set of cases: the commands run, compare, gate."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eval.commands.options import AsJson, Limit, Markdown, Model, Plot, counter
from eval.datasets import SETS
from rag.errors import UsageError

if TYPE_CHECKING:
    from eval.runs.results import Result
    from rag.settings import Settings

group = typer.Typer()

_PUBLIC_SETS = ", ".join(name for name in SETS if name != "golden")

SetName = Annotated[
    str, typer.Option("--set", metavar="NAME", help=f"golden (our own cases) or one of: {_PUBLIC_SETS}.")
]
SetData = Annotated[
    Path | None, typer.Option("--data", help="The half of the set: its folder, or its .jsonl or .jsonl.gz file.")
]
Libraries = Annotated[
    Path | None,
    typer.Option("--libraries", metavar="DIR", help="Folder that keeps the set's library, so that it is made once."),
]
WithBaselines = Annotated[
    bool,
    typer.Option(
        "--baselines", help="Score other ways on the same cases, such as BM25 alone, plain LangChain or trafilatura."
    ),
]
SkipLangChain = Annotated[
    bool, typer.Option("--skip-langchain", help="With --baselines: leave the LangChain pipeline out.")
]
Out = Annotated[Path | None, typer.Option("--out", help="Folder to save the run in.")]
Faults = Annotated[bool, typer.Option("--faults", help="List what went wrong, case by case.")]

Baseline = Annotated[
    Path | None, typer.Option("--baseline", help="File or folder with the limits (default: eval/floors).")
]
GatedSet = Annotated[
    str | None,
    typer.Option(
        "--set", metavar="NAME", help="Only this set, one of those that have a baseline, or a new one with --update."
    ),
]
Update = Annotated[bool, typer.Option("--update", help="Accept these figures; nothing becomes clearly worse.")]
AllowLower = Annotated[
    str | None,
    typer.Option("--allow-lower", metavar="REASON", help="With --update: accept what is clearly worse and record why."),
]


@group.command()
def run(
    set_name: SetName = "golden",
    data: SetData = None,
    model: Model = None,
    limit: Limit = None,
    libraries: Libraries = None,
    with_baselines: WithBaselines = False,
    skip_langchain: SkipLangChain = False,
    markdown: Markdown = None,
    out: Out = None,
    plot: Plot = None,
    faults: Faults = False,
    as_json: AsJson = False,
) -> None:
    """Score a set of cases."""
    from eval.datasets import Options, open_set
    from eval.reference_systems import bm25_and_vectors as baselines
    from rag.settings import load_settings

    if skip_langchain and not with_baselines:
        raise UsageError("--skip-langchain goes with --baselines; add it")
    options = Options(
        settings=load_settings(model=model),
        data=data,
        limit=limit,
        libraries=libraries,
        baselines=baselines.chosen(set_name, langchain=not skip_langchain) if with_baselines else (),
        progress=counter(quiet=as_json),
    )
    result = open_set(set_name).evaluate(options)
    _write(result, markdown=markdown, out=out, plot=plot)
    _print(result, faults=faults, as_json=as_json)


@group.command()
def compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="Folder of a saved run (run --out).")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Folder of the run to hold against it.")],
    markdown: Markdown = None,
    plot: Plot = None,
    as_json: AsJson = False,
) -> None:
    """Hold one saved run against another."""
    from eval.runs import compare as runs
    from eval.runs import report

    found = runs.compare(runs.load_run(first), runs.load_run(second))
    if markdown:
        markdown.write_text(report.comparison_markdown(found), encoding="utf-8")
    if plot:
        from eval.runs.plot import plot as draw

        draw(found.set, found.series(), plot)
    print(json.dumps(found.as_json(), indent=2) if as_json else report.comparison_table(found))


@group.command()
def gate(
    baseline: Baseline = None,
    set_name: GatedSet = None,
    update: Update = False,
    allow_lower: AllowLower = None,
    as_json: AsJson = False,
) -> None:
    """Fail where a figure is worse than the baseline."""
    from eval.runs.gate import BASELINES, baseline_files

    if allow_lower is not None and not update:
        raise UsageError("--allow-lower goes with --update; add it")
    where = baseline or BASELINES
    files = [where / f"{set_name}.json"] if set_name and where.is_dir() else baseline_files(where)
    if update:
        held = [_updated(file, allow_lower=allow_lower or "", as_json=as_json) for file in files]
    else:
        held = [_held(file, as_json=as_json) for file in files]
    passed = all(one["passed"] for one in held)
    if as_json:
        print(json.dumps(held, indent=2))
    elif passed and not update:
        print("the gate is passed")
    if not passed:
        raise typer.Exit(1)


def _write(result: Result, *, markdown: Path | None, out: Path | None, plot: Path | None) -> None:
    from eval.runs import report, results

    if plot:
        from eval.runs.plot import plot as draw

        draw(result.set, {result.set: result.metrics}, plot)
    if markdown:
        markdown.write_text(report.as_markdown(result), encoding="utf-8")
    if out:
        saved = results.save(result, out, markdown=report.as_markdown(result))
        print(f"saved in {saved}", file=sys.stderr)


def _print(result: Result, *, faults: bool, as_json: bool) -> None:
    from eval.runs import report

    print(report.as_json(result) if as_json else report.as_table(result))
    if faults:
        print(f"\n{report.faults(result)}", file=sys.stderr if as_json else sys.stdout)


def _held(file: Path, *, as_json: bool) -> dict[str, Any]:
    """Hold one set against its baseline; what `--json` prints of it."""
    from eval.runs import gate, report

    old = gate.load_baseline(file)
    result = _measured(old.set, as_json=as_json)
    failed = gate.failures(old, result)
    lost = {name: cases for name in result.metrics if (cases := gate.worse_cases(old, result, name))}
    if not as_json:
        noted = [f"{name}: worse than accepted in {', '.join(cases)}" for name, cases in lost.items()]
        print("\n".join([report.as_table(result), "", *noted, *(f"{result.set}: {reason}" for reason in failed)]))
    return {**result.as_json(), "passed": not failed, "failures": failed, "worse_cases": lost}


def _updated(file: Path, *, allow_lower: str, as_json: bool) -> dict[str, Any]:
    """Take one set's figures for the baseline; what `--json` prints of it."""
    from eval.runs import gate, report

    old = gate.load_baseline(file) if file.exists() else None
    result = _measured(old.set if old else file.stem, as_json=as_json)
    gate.save_baseline(gate.updated(old, result, allow_lower=allow_lower), file)
    print(report.as_table(result), file=sys.stderr)
    print(f"{file.name} written", file=sys.stderr if as_json else sys.stdout)
    return {**result.as_json(), "passed": True, "failures": [], "worse_cases": {}}


def _measured(set_name: str, *, as_json: bool) -> Result:
    from eval.datasets import Options, open_set

    return open_set(set_name).evaluate(Options(settings=_gate_settings(), progress=counter(quiet=as_json)))


def _gate_settings() -> Settings:
    """The defaults, whatever this machine is set to: only what changes no figure is taken from it."""
    from rag.settings import Settings, load_settings

    here = load_settings()
    return Settings(cache=here.cache, embedder_threads=here.embedder_threads)
