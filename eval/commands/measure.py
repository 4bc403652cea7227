"""What is measured beside answers: speed and memory (bench), and what a killed ingest loses (crash)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from eval.commands.options import AsJson, Markdown, echo_progress

group = typer.Typer()


@group.command()
def bench(
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", help="Folder with corpus.jsonl.gz, or a JSONL file (default: the sample articles, varied)."
        ),
    ] = None,
    passages: Annotated[int, typer.Option("--passages", min=1, help="Size of the library.")] = 20_000,
    questions: Annotated[int, typer.Option("--questions", min=1, help="Questions to time.")] = 200,
    articles: Annotated[int, typer.Option("--articles", min=1, help="Articles of the ingest comparison.")] = 300,
    library: Annotated[
        Path | None, typer.Option("--library", help="Folder to build that library in and to find it in again.")
    ] = None,
    skip_langchain: Annotated[
        bool, typer.Option("--skip-langchain", help="Do not run the plain LangChain pipeline.")
    ] = False,
    peers: Annotated[
        bool,
        typer.Option("--peers", help="Measure ingest and retrieval of --articles beside other systems, and only that."),
    ] = False,
    markdown: Markdown = None,
    as_json: AsJson = False,
) -> None:
    """Measure speed and memory on this machine."""
    if peers:
        from eval.bench import peers as beside

        report = beside.run(articles, echo=echo_progress)
        table = beside.as_markdown(report)
        if markdown:
            markdown.write_text(table, encoding="utf-8")
        print(json.dumps(report, indent=2) if as_json else table)
        return
    from eval.bench import Options, as_markdown
    from eval.bench import run as measure

    options = Options(
        data=data,
        passages=passages,
        questions=questions,
        compared_articles=articles,
        library=library,
        langchain=not skip_langchain,
    )
    report = measure(options, echo=echo_progress)
    if markdown:
        markdown.write_text(as_markdown(report), encoding="utf-8")
    print(json.dumps(report, indent=2) if as_json else as_markdown(report))


@group.command()
def crash(
    kills: Annotated[int, typer.Option("--kills", min=1, help="Number of kills.")] = 60,
    articles: Annotated[int, typer.Option("--articles", min=1, help="Number of articles.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="Seed of texts and moments.")] = 1,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="DIR", help="A new folder to copy the library to where something is lost."),
    ] = None,
    cluster: Annotated[
        bool,
        typer.Option("--cluster", help="Two machines over one PostgreSQL and one Chroma server: kill any process."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Kill an ingest again and again, then check that nothing is lost."""
    from eval.crash_test.cluster.run import run as kill_in_cluster
    from eval.crash_test.report import Options
    from eval.crash_test.run import run as kill_alone

    if sys.platform == "win32":
        print("skipped: Windows has no SIGKILL")
        return
    kill = kill_in_cluster if cluster else kill_alone
    report = kill(Options(kills=kills, articles=articles, seed=seed, keep=keep), echo=echo_progress)
    print(json.dumps(report.as_json(), indent=2) if as_json else report.as_text())
    if report.faults:
        raise typer.Exit(1)
