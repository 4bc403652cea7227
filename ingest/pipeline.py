"""Sources in, articles with passages into the library: streaming, in small batches, one bad article at a time.

Memory holds one batch and a short digest of every article that was read; the articles themselves go through.
"""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from ingest.articles import NO_TEXT, article_from
from ingest.chunking import cut_passages
from ingest.dedupe import StoryFinder
from ingest.readers import Limits, RawArticle
from ingest.report import MAX_LISTED_PROBLEMS, IngestReport, Problem, Progress, Skipped
from ingest.sources import SourceFile, files_of
from rag.errors import NewsdeskError, SourceError, StorageError
from rag.types import Article

if TYPE_CHECKING:
    from rag.library import Library, Prepared

__all__ = ["IngestReport", "Problem", "Progress", "Skipped", "ingest"]

BATCH_ARTICLES = 16
_DIGEST_CHARACTERS = 16

_Result = TypeVar("_Result")
Change = Literal["added", "changed", "unchanged"]


def ingest(
    sources: Sequence[str | Path],
    library: Library,
    *,
    progress: Progress | None = None,
    dry_run: bool = False,
    stop: Callable[[], bool] | None = None,
) -> IngestReport:
    """Read files and folders and put their articles into the library; return what happened.

    What the library holds already is left alone. One article's failure is a problem in the report and the others go in.
    `stop` is asked between articles; once it says so, the articles at hand are stored and the report is not `complete`.
    A full disk ends the run in the same way, with a problem that says so. `dry_run` reads, compares and reports only.
    Raises `LibraryError` or `UsageError` where the library itself cannot be written.
    """
    run = _Run(library, dry_run=dry_run, progress=progress)
    began = time.monotonic()
    try:
        for raw in _articles_of(sources, Limits.of(library.settings), run):
            run.take(raw)
            if stop is not None and stop():
                run.complete = False
                break
        run.flush()
        if not dry_run:
            library.settle()
    except StorageError as error:
        run.complete = False
        run.add_problem(Problem(str(library.folder), str(error)))
    return run.report(time.monotonic() - began)


def _articles_of(sources: Sequence[str | Path], limits: Limits, run: _Run) -> Iterator[RawArticle]:
    """Yield what the readers find; everything else becomes a problem or a note of what was skipped."""
    for found in files_of(sources):
        if isinstance(found, Problem):
            run.add_problem(found)
        elif isinstance(found, Skipped):
            run.skipped.append(found)
        else:
            yield from _articles_in(found, limits, run)


def _articles_in(file: SourceFile, limits: Limits, run: _Run) -> Iterator[RawArticle]:
    articles = iter(file.reader.read(file.path, limits))
    while True:
        found = _attempt(lambda: next(articles, None), where=str(file.path))
        if isinstance(found, RawArticle):
            yield found
        elif found is None:
            return
        else:
            run.add_problem(found)


def _attempt(action: Callable[[], _Result], *, where: str) -> _Result | Problem:
    """Run what concerns a single article; whatever goes wrong with that article becomes a problem of the report.

    Raises what concerns the library and not the article.
    """
    try:
        return action()
    except SourceError as error:
        return Problem(error.where or where, str(error))
    except NewsdeskError:
        raise
    except OSError as error:
        return Problem(where, f"cannot be read: {(error.strerror or error.__class__.__name__).lower()}")
    except Exception as error:
        return Problem(where, f"cannot be read ({error.__class__.__name__}); the other articles went in")


@dataclass(frozen=True, slots=True)
class _Pending:
    prepared: Prepared
    change: Change
    where: str


class _Run:
    """One run: the batch at hand, and what is counted for the report."""

    def __init__(self, library: Library, *, dry_run: bool, progress: Progress | None) -> None:
        self.complete = True
        self.skipped: list[Skipped] = []
        self._library = library
        self._dry_run = dry_run
        self._progress = progress
        self._stories = StoryFinder(library.archive)
        self._pending: list[_Pending] = []
        self._digests: dict[str, str] = {}
        self._changes: Counter[Change] = Counter()
        self._copies = self._repeated = self._passages = self._unlisted = 0
        self._problems: list[Problem] = []

    def take(self, raw: RawArticle) -> None:
        """Take one article in; it is stored with its batch."""
        for note in raw.notes:
            self.add_problem(Problem(raw.where, note))
        found = _attempt(lambda: article_from(raw, fetched=datetime.now(UTC)), where=raw.where)
        if isinstance(found, Problem):
            self.add_problem(found)
        elif self._is_first(found, raw.where):
            self._compare(found, raw.where)
        if self._progress is not None:
            self._progress.update(self._articles + len(self._pending), self._passages, raw.where)

    def flush(self) -> None:
        """Store the batch; where it fails as a whole, each article alone."""
        batch, self._pending = self._pending, []
        if not batch:
            return
        if self._dry_run:
            self._count(batch, [pending.change for pending in batch])
            return
        where = batch[0].where
        changes = _attempt(lambda: self._library.put([pending.prepared for pending in batch]), where=where)
        if not isinstance(changes, Problem):
            self._count(batch, changes)
        elif len(batch) == 1:
            self.add_problem(changes)
        else:
            self._flush_one_by_one(batch)

    def _flush_one_by_one(self, batch: list[_Pending]) -> None:
        for pending in batch:
            changes = _attempt(functools.partial(self._library.put, [pending.prepared]), where=pending.where)
            if isinstance(changes, Problem):
                self.add_problem(changes)
            else:
                # "unchanged" was stored a moment ago, before the batch failed.
                self._count([pending], [pending.change])

    def add_problem(self, problem: Problem) -> None:
        """List a problem; beyond a thousand they are only counted."""
        if len(self._problems) < MAX_LISTED_PROBLEMS:
            self._problems.append(problem)
        else:
            self._unlisted += 1

    def report(self, seconds: float) -> IngestReport:
        """Return what has happened so far."""
        problems = self._problems
        if self._unlisted:
            problems = [*problems, Problem("", f"{self._unlisted} further problems are not listed")]
        return IngestReport(
            added=self._changes["added"],
            changed=self._changes["changed"],
            unchanged=self._changes["unchanged"],
            copies=self._copies,
            repeated=self._repeated,
            passages=self._passages,
            problems=tuple(problems),
            skipped=tuple(self.skipped),
            seconds=seconds,
            complete=self.complete,
            dry_run=self._dry_run,
        )

    @property
    def _articles(self) -> int:
        return self._changes.total() + self._repeated

    def _is_first(self, article: Article, where: str) -> bool:
        """Whether the run meets the article for the first time; a second, different version is a problem."""
        digest = article.digest[:_DIGEST_CHARACTERS]
        first = self._digests.get(article.ref.id)
        if first is None:
            self._digests[article.ref.id] = digest
            return True
        self._repeated += 1
        if first != digest:
            name = article.ref.url or "the same article"
            self.add_problem(Problem(where, f"gives {name} again with other content; the first in this run is kept"))
        return False

    def _compare(self, article: Article, where: str) -> None:
        """Count an article that the library holds as it is; put any other into the batch."""
        stored = self._library.archive.digest_of(article.ref.id)
        if stored == article.digest:
            self._changes["unchanged"] += 1
            return
        pending = _attempt(lambda: self._prepared(article, "changed" if stored else "added", where), where=where)
        if isinstance(pending, Problem):
            self.add_problem(pending)
            return
        self._pending.append(pending)
        if len(self._pending) >= BATCH_ARTICLES:
            self.flush()

    def _prepared(self, article: Article, change: Change, where: str) -> _Pending:
        from rag.library import Prepared

        passages = cut_passages(article)
        if not passages:
            raise SourceError(NO_TEXT, where=where)
        story, bands = self._stories.story(article)
        return _Pending(Prepared(article=article, passages=passages, bands=bands, story=story), change, where)

    def _count(self, batch: Sequence[_Pending], changes: Sequence[Change]) -> None:
        for pending, change in zip(batch, changes, strict=True):
            prepared = pending.prepared
            self._changes[change] += 1
            if change != "unchanged":
                self._passages += len(prepared.passages)
                self._copies += prepared.story != prepared.article.ref.id
