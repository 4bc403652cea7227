"""A CI job that builds a newsletter and fails where an editor would not send it.

    python examples/ci_newsletter.py examples/weekly.toml --sources ingest/sample --out issue

It makes a library from the sources, builds the issue, checks it and leaves every format in the folder for the job to
keep. Exit codes: 0 the issue can go out, 1 it cannot, with the reasons, 2 something given is wrong.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from ingest.pipeline import ingest
from newsletter import Issue, build_issue, load_config, write_issue
from rag import open_desk
from rag.errors import NewsdeskError, UsageError

LONGEST_SENTENCE_WORDS = 80


def faults(issue: Issue) -> list[str]:
    """Why an editor would not send it. That every quote is exact needs no check here: an issue that is not, is none."""
    found = [
        f"the section {section.title!r} is empty: {section.notice}" for section in issue.sections if not section.items
    ]
    for item in issue.items:
        if not any(article.url for article in item.articles):
            found.append(f"{item.title!r} leads to no source")
        for sentence in item.sentences:
            if len(sentence.text.split()) > LONGEST_SENTENCE_WORDS:
                found.append(f"{item.title!r} has a sentence of more than {LONGEST_SENTENCE_WORDS} words")
    return found


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    config: Annotated[Path, typer.Argument(metavar="CONFIG.toml", help="The newsletter.")],
    sources: Annotated[
        list[str], typer.Option("--sources", help="A file, folder, feed or address to ingest; may be repeated.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The folder that every format is written into.")] = Path("issue"),
    may_be_empty: Annotated[
        list[str] | None, typer.Option("--may-be-empty", metavar="SECTION", help="May be repeated.")
    ] = None,
) -> None:
    """Build a newsletter and check it."""
    try:
        letter = load_config(config)
        with tempfile.TemporaryDirectory() as folder, open_desk(library=Path(folder, "library")) as desk:
            report = ingest(sources, desk.library)
            for problem in report.problems:
                print(f"not read: {problem.where}: {problem.reason}", file=sys.stderr)
            issue = build_issue(desk, letter)
            files = write_issue(issue, out, config=letter)
    except NewsdeskError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(2 if isinstance(error, UsageError) else 1) from error
    print(*files.values(), sep="\n")
    found = [fault for fault in faults(issue) if not any(repr(name) in fault for name in may_be_empty or ())]
    print(*found, sep="\n", file=sys.stderr)
    if found:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
