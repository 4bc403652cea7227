"""Sources in, articles with passages into the library: streaming, in small batches, one bad article at a time.

Memory holds one batch and the document at hand, whatever the number of articles.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ingest.attempt import attempt
from ingest.crawl import MAX_PAGES, Choices, Crawler, Pages
from ingest.progress import ReadingPosition
from ingest.readers.registry import format_named
from ingest.report import IngestReport, Problem, Progress, Skipped
from ingest.run import Run
from ingest.sources import sizes_of
from ingest.stages.draft import Draft
from ingest.stages.reading import is_sent, read_by_workers
from ingest.stages.workers import Workers
from ingest.types import Limits, RawArticle
from rag.errors import ClusterUnavailable, StorageError
from rag.question.tags import tags_of

if TYPE_CHECKING:
    from rag.settings import Settings
    from rag.storage.library import Library

__all__ = ["IngestOptions", "IngestReport", "Problem", "Progress", "Skipped", "ingest", "ingest_articles"]


@dataclass(frozen=True, kw_only=True, slots=True)
class IngestOptions:
    """How sources are read: `format_name` overrides the guess of every document's format.

    `follow` fetches the pages that feeds link to, at most `max_pages` in one run. `dry_run` reads, fetches, compares
    and reports only. Every article that is read gets the `tags`, also one that has not changed.
    """

    format_name: str = ""
    follow: bool = False
    max_pages: int = MAX_PAGES
    dry_run: bool = False
    tags: tuple[str, ...] = ()


def ingest(
    sources: Sequence[str | Path],
    library: Library,
    options: IngestOptions = IngestOptions(),
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    pages: Callable[[], AbstractContextManager[Pages]] | None = None,
    workers: Workers | None = None,
) -> IngestReport:
    """Read files, folders, web addresses and standard input ("-"), and put their articles into the library.

    What the library holds already is left alone. One article's failure is a problem in the report and the others go in.
    `stop` is asked between articles; once it says so, the articles at hand are stored and the report is not `complete`.
    A full disk ends the run in the same way, with a problem that says so. `pages` opens what fetches; the default is
    the network. `workers` read, clean, cut and embed, while this process compares and stores in the order of the
    sources; without any it does all itself. A cluster that is lost ends the run as a full disk does. Raises
    `LibraryError` or `UsageError` where the library itself cannot be written, the format is unknown or a tag too long.
    """
    forced = format_named(options.format_name) if options.format_name else None
    limits = Limits.of(library.settings)
    choices = Choices(limits=limits, forced=forced, follow=options.follow, max_pages=options.max_pages)
    halt = _Halt(stop)
    position = ReadingPosition(sizes_of(sources) if progress is not None else None)
    tags = tags_of(options.tags)
    run = Run(
        library,
        attempt=attempt,
        dry_run=options.dry_run,
        tags=tags,
        progress=progress,
        position=position,
        workers=workers,
    )
    crawler = Crawler(
        choices=choices,
        listener=run,
        held=library.archive,
        pages=pages or (lambda: _open_fetcher(library.settings)),
        opened=position.opened,
        halt=halt,
        left=is_sent if workers is not None else (lambda readable: False),
    )
    found = crawler.articles(sources)
    if workers is not None:
        return _put_in(run, read_by_workers(found, workers, limits), library, halt)
    return _put_in(run, cast(Iterator[RawArticle], found), library, halt)


def ingest_articles(
    articles: Iterable[RawArticle | Problem],
    library: Library,
    *,
    progress: Progress | None = None,
    dry_run: bool = False,
    stop: Callable[[], bool] | None = None,
) -> IngestReport:
    """Put articles that were read elsewhere into the library, as `ingest` does with those of its sources."""
    run = Run(library, attempt=attempt, dry_run=dry_run, progress=progress, position=ReadingPosition(None))
    return _put_in(run, articles, library, _Halt(stop))


class _Halt:
    """Whether the run was asked to stop; once asked, always."""

    def __init__(self, stop: Callable[[], bool] | None) -> None:
        self._stop = stop
        self.asked = False

    def __call__(self) -> bool:
        self.asked = self.asked or (self._stop is not None and self._stop())
        return self.asked


def _put_in(run: Run, articles: Iterable[RawArticle | Draft | Problem], library: Library, halt: _Halt) -> IngestReport:
    began = time.monotonic()
    try:
        for found in articles:
            if isinstance(found, Problem):
                run.add_problem(found)
                continue
            if isinstance(found, Draft):
                run.take_draft(found)
            else:
                run.take(found, fetched=datetime.now(UTC))
            if halt():
                break
        run.complete = not halt.asked
        run.flush()
        if not run.dry_run:
            library.settle()
    except StorageError as error:
        run.complete = False
        run.add_problem(Problem(str(library.folder), str(error)))
    except ClusterUnavailable as error:
        run.complete = False
        run.add_problem(Problem(error.address, str(error)))
    finally:
        run.close()
    return run.report(time.monotonic() - began)


def _open_fetcher(settings: Settings) -> AbstractContextManager[Pages]:
    """Open the network's door; its libraries load only where something is fetched."""
    from ingest.fetching.fetcher import Fetcher

    return cast(AbstractContextManager[Pages], Fetcher(settings))
