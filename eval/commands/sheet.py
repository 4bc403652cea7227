"""What is read and judged by a person: the commands sheet (what a model wrote) and reread (answers)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from eval.commands.options import Limit, Model, echo_progress

group = typer.Typer()


@group.command()
def sheet(
    kind: Annotated[Literal["answers", "summaries"], typer.Argument(help="What the model is asked for.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="JSON lines; what it holds is kept.")],
    model: Model = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Write the sheet to read and mark.")
    ] = None,
    sources: Annotated[
        list[Path] | None,
        typer.Option(
            "--sources", metavar="PATH", help="Articles to ingest (default: the sample articles); may be repeated."
        ),
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions", metavar="FILE", help='JSONL with a "question" in each line (default: golden cases).'
        ),
    ] = None,
    limit: Limit = None,
) -> None:
    """List what a model wrote, beside its quotes, to be checked by hand."""
    from eval.runs import review_sheet
    from rag.settings import load_settings

    options = review_sheet.Options(
        settings=load_settings(model=model),
        kind=kind,
        out=out,
        sources=sources or (),
        questions=questions,
        limit=limit,
    )
    rows = review_sheet.write_sheet(options, echo=echo_progress)
    if markdown:
        markdown.write_text(review_sheet.as_markdown(rows), encoding="utf-8")
    print(review_sheet.counted(rows).as_text())


@group.command()
def reread(
    sheet: Annotated[Path, typer.Argument(help="JSON lines: question, verdict, why, answer (a digest).")],
    sources: Annotated[
        list[Path] | None,
        typer.Option("--sources", metavar="PATH", help="Articles to ask (default: the sample articles); repeatable."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the sheet with the digests of these answers.")
    ] = None,
) -> None:
    """Ask the questions of a judged sheet again; an answer that changed is printed to be read and judged anew."""
    from eval.runs import reading_sheet
    from rag.settings import load_settings

    found = reading_sheet.reread(sheet, sources or (), load_settings(), echo=print)
    if out:
        out.write_text(reading_sheet.with_digests(found), encoding="utf-8")
    print(json.dumps(reading_sheet.figures(found), indent=2))
