"""What a model wrote, to be read and judged by a person: the command sheet."""

from __future__ import annotations

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
