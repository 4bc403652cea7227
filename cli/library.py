"""What is in the library and that it is sound: the commands ingest, remove, tag, tags, rebuild, status."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output
from cli.options import AsJson, LibraryFolder, opened_library, settings_for
from cli.signals import stopping
from cli.terminal import IngestProgress, print_json, progress_bar
from rag.errors import NewsdeskError, NoSuchArticle, UsageError

if TYPE_CHECKING:
    from ingest.report import IngestReport
    from ingest.stages.workers import Workers
    from rag.settings import Settings
    from rag.storage.library_status import LibraryStatus

group = typer.Typer()


@group.command()
def ingest(
    context: typer.Context,
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="Files, folders, ZIP archives, web addresses; - is standard input."),
    ],
    format_name: Annotated[
        str, typer.Option("--format", metavar="NAME", help="Read everything as this format instead of guessing.")
    ] = "",
    follow: Annotated[bool, typer.Option("--follow", help="Fetch the pages that feeds and sitemaps link to.")] = False,
    max_pages: Annotated[int, typer.Option("--max-pages", min=1, help="Most linked pages to fetch in one run.")] = 500,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only read and report; change nothing.")] = False,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", help="Give every article that is read this tag; may be repeated.")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, metavar="N", help="Read and embed in so many processes of this machine.")
    ] = 0,
    ray: Annotated[
        str | None,
        typer.Option("--ray", metavar="ADDRESS", help="Read and embed on the nodes of this Ray cluster (extra `ray`)."),
    ] = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Read articles into the library; what it holds already and has not changed is left alone."""
    from ingest import pipeline

    options = pipeline.IngestOptions(
        format_name=format_name, follow=follow, max_pages=max_pages, dry_run=dry_run, tags=tuple(tags or ())
    )
    settings = settings_for(context, library)
    with _workers(workers, ray) as at_work:
        read = partial(pipeline.ingest, sources, options=options, workers=at_work)
        report = _report_of(read, settings, quiet=as_json)
    if as_json:
        print_json(report.as_json())
    else:
        output.print_report(report)
    return 1 if report.problems or not report.complete else 0


@group.command()
def remove(
    context: typer.Context,
    article_ids: Annotated[list[str], typer.Argument(metavar="ARTICLE_ID...")],
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Remove articles; they stop answering at once."""
    with opened_library(settings_for(context, library)) as opened:
        removed = {name: opened.remove(name) for name in dict.fromkeys(article_ids)}
    missing = "no article {!r} in this library; `newsdesk articles` lists them"
    return output.print_removed(removed, missing, as_json=as_json)


@group.command()
def tag(
    context: typer.Context,
    article_ids: Annotated[list[str], typer.Argument(metavar="ARTICLE_ID...")],
    add: Annotated[
        list[str] | None, typer.Option("--add", metavar="TAG", help="Give this tag; may be repeated.")
    ] = None,
    take: Annotated[
        list[str] | None, typer.Option("--remove", metavar="TAG", help="Take this tag away; may be repeated.")
    ] = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Give articles tags, or take tags away; without either, tell which they have and had."""
    from rag.question.tags import tags_of

    names, come, gone = list(dict.fromkeys(article_ids)), tags_of(add or ()), tags_of(take or ())
    with opened_library(settings_for(context, library)) as opened:
        if missing := [name for name in names if opened.archive.digest_of(name) is None]:
            raise NoSuchArticle.of(missing[0])
        for name in names:
            if come or gone:
                opened.tag(name, add=come, remove=gone)
        found = {name: opened.archive.tags.history(name) for name in names}
    if as_json:
        print_json({"articles": [output.tags_json(name, history) for name, history in found.items()]})
    else:
        output.print_tags(found)
    return 0


@group.command()
def tags(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> int:
    """List the tags and how many articles have each."""
    with opened_library(settings_for(context, library)) as opened:
        found = opened.archive.tags.counts()
    if as_json:
        print_json({"tags": found})
    else:
        output.print_tag_counts(found)
    return 0


@group.command()
def rebuild(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> int:
    """Make both indexes anew from the archive; needs no source again."""
    with opened_library(settings_for(context, library)) as opened:
        with progress_bar(quiet=as_json) as show:
            opened.rebuild(partial(show, "articles") if show else None)
        found = opened.status()
    _print_status(found, as_json=as_json)
    return 0


@group.command()
def status(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> int:
    """Tell what the library holds and whether its indexes are sound; exit code 1 where they are not."""
    with opened_library(settings_for(context, library)) as opened:
        found = opened.status()
    _print_status(found, as_json=as_json)
    return 0 if found.clean else 1


@contextmanager
def _workers(processes: int, ray: str | None) -> Iterator[Workers | None]:
    """Who works for the ingest besides this process; None where nobody was asked for."""
    if ray is None and not processes:
        yield None
        return
    if ray is not None and processes:
        raise UsageError("--workers and --ray name two places to work in; give one of them")
    from ingest.stages.processes import ProcessWorkers
    from ingest.stages.ray_workers import RayWorkers

    with closing(RayWorkers(ray) if ray is not None else ProcessWorkers(processes)) as at_work:
        yield at_work


def _report_of(read: Callable[..., IngestReport], settings: Settings, *, quiet: bool) -> IngestReport:
    """Read into the library until the end or until Ctrl-C; the counts hold even where it cannot be closed."""
    from rag.storage.library import open_library

    report: IngestReport | None = None
    try:
        with stopping() as stop, open_library(settings) as opened, progress_bar(quiet=quiet) as show:
            report = read(opened, progress=IngestProgress(show) if show else None, stop=stop)
    except NewsdeskError as error:
        if report is None:
            raise
        report = _ended_by(report, error, settings)
    return report


def _ended_by(report: IngestReport, error: NewsdeskError, settings: Settings) -> IngestReport:
    """The report of a run after which the library could not be closed."""
    from ingest.report import Problem

    folder = str(settings.library)
    if any(problem.where == folder for problem in report.problems):
        # A full disk that ended the run is met again when the library is closed.
        return replace(report, complete=False)
    return replace(report, problems=(*report.problems, Problem(folder, str(error))), complete=False)


def _print_status(found: LibraryStatus, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(found) | {"clean": found.clean})
    else:
        output.print_status(found)
