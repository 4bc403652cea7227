"""One run of ingest: the batch at hand, what was met before, and what is counted for the report."""

from __future__ import annotations

import functools
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from ingest.preparing.article import NO_TEXT
from ingest.preparing.article_id import Holder, is_rival, rival_id
from ingest.preparing.chunking import cut_passages
from ingest.preparing.near_duplicates import StoryFinder
from ingest.progress import ReadingPosition
from ingest.report import (
    MAX_LISTED_NOTES,
    MAX_LISTED_PROBLEMS,
    MAX_LISTED_SKIPPED,
    IngestReport,
    Problem,
    Progress,
    Skipped,
)
from ingest.stages.draft import Draft, draft_of
from ingest.stages.embedding_queue import EmbeddingQueue
from ingest.stages.workers import Workers
from ingest.types import RawArticle
from rag.errors import NoSuchArticle, SourceError, StorageError
from rag.text.formatting import day_in_words
from rag.types import Article, Origin

if TYPE_CHECKING:
    from rag.models.embedder import Vectors
    from rag.storage.library import Library, Prepared

BATCH_ARTICLES = 16

_AHEAD = "more than two days ahead; the date is kept but not believed: correct it at its source"

_Result = TypeVar("_Result")
Change = Literal["added", "changed", "unchanged"]


class Attempt(Protocol):
    """Runs what concerns one article; see `ingest.pipeline.attempt`."""

    def __call__(self, action: Callable[[], _Result], *, where: str) -> _Result | Problem: ...


@dataclass(frozen=True, slots=True)
class _Pending:
    prepared: Prepared
    change: Change
    where: str


class Run:
    """Takes articles in, one by one, and stores them in batches; nothing is stored in a `dry_run`.

    Every article gets the `tags`, also one that has not changed. `workers`, where there are any, embed.
    """

    def __init__(
        self,
        library: Library,
        *,
        attempt: Attempt,
        dry_run: bool,
        tags: tuple[str, ...] = (),
        progress: Progress | None,
        position: ReadingPosition,
        workers: Workers | None = None,
    ) -> None:
        self.complete = True
        self.dry_run = dry_run
        self.attempt = attempt
        self._library = library
        self._tags = tags
        self._progress = progress
        self._position = position
        self._stories = StoryFinder(library.archive)
        self._seen = _SeenDigests()
        self._pending: list[_Pending] = []
        self._ahead: EmbeddingQueue[list[_Pending]] = EmbeddingQueue(library, workers)
        self._embedding = 0
        self._is_writing = False
        self._changes: Counter[Change] = Counter()
        self._copies = self._repeated = self._passages = 0
        self._problems: list[Problem] = []
        self._notes: list[Problem] = []
        self._skipped: list[Skipped] = []
        self._unlisted_problems = self._unlisted_skipped = self._unlisted_notes = 0

    def take(self, raw: RawArticle, *, fetched: datetime) -> None:
        """Take one article in; it is stored with its batch."""
        self.take_draft(draft_of(raw, fetched=fetched))

    def take_draft(self, draft: Draft) -> None:
        """Take in an article that was read and cleaned already."""
        found, where, source = draft.article, draft.where, draft.source
        for note in draft.notes:
            self.add_problem(Problem(where, note))
        for said in draft.left_out:
            self._add_note(Problem(where, said))
        if isinstance(found, Problem):
            self.add_problem(found)
        else:
            edits = self._library.archive.edits
            article = self._under_own_id(edits.applied(found), where, source)
            origin = Origin(source=source, rival_of=found.ref.id if article.ref.id != found.ref.id else "")
            if origin.rival_of:
                # What was corrected is corrected of the article that holds the address, and not of its rival.
                article = edits.applied(replace(found, ref=replace(found.ref, id=article.ref.id)))
            if self._is_first(article, where, source):
                if article.ref.is_ahead:
                    self.add_problem(Problem(where, f"is dated {day_in_words(article.ref.published)}, {_AHEAD}"))
                # Passages name their article: those of one that was corrected, or has another id, are cut anew.
                self._compare(article, origin, draft if article == found else replace(draft, cut=None))
        self._tell(where)

    def count_held(self, article_id: str) -> None:
        """Count an article that was not even fetched, since it has not changed."""
        self._changes["unchanged"] += 1
        self._tag(article_id)
        self._tell("")

    def flush(self) -> None:
        """Store all that was taken."""
        self._embed_batch()
        self._store_embedded(leave=0)

    def _embed_batch(self) -> None:
        """Hand the batch at hand to the encoder; a dry run only counts it."""
        batch, self._pending = self._pending, []
        if self.dry_run:
            self._count(batch, [pending.change for pending in batch])
        elif batch:
            if not self._is_writing:
                self._is_writing = True
                self._library.expect_writing()
            self._ahead.submit(batch, [pending.prepared for pending in batch])
            self._embedding += len(batch)

    def _store_embedded(self, *, leave: int) -> None:
        for batch, vectors in self._ahead.finished(leave=leave):
            self._embedding -= len(batch)
            self._store(batch, vectors)

    def _store(self, batch: Sequence[_Pending], vectors: Future[Vectors]) -> None:
        """Store a batch; where it fails as a whole, each article alone."""
        prepared = [pending.prepared for pending in batch]
        try:
            changes = self.attempt(lambda: self._library.store(prepared, vectors.result()), where=batch[0].where)
        except StorageError:
            # Each article is a transaction of its own: those before the disk refused are stored.
            stored = [pending for pending in batch if self._is_stored(pending)]
            self._count(stored, [pending.change for pending in stored])
            raise
        if not isinstance(changes, Problem):
            self._count(batch, changes)
            self._tag(*(pending.prepared.article.ref.id for pending in batch))
        elif len(batch) == 1:
            self.add_problem(changes)
        else:
            self._store_one_by_one(batch)

    def _is_stored(self, pending: _Pending) -> bool:
        article = pending.prepared.article
        return self._library.archive.digest_of(article.ref.id) == article.digest

    def _store_one_by_one(self, batch: Sequence[_Pending]) -> None:
        for pending in batch:
            changes = self.attempt(functools.partial(self._library.put, [pending.prepared]), where=pending.where)
            if isinstance(changes, Problem):
                self.add_problem(changes)
            else:
                # "unchanged" was stored a moment ago, before the batch failed.
                self._count([pending], [pending.change])
                self._tag(pending.prepared.article.ref.id)

    def add_problem(self, problem: Problem) -> None:
        """List a problem; beyond a thousand they are only counted."""
        if len(self._problems) < MAX_LISTED_PROBLEMS:
            self._problems.append(problem)
        else:
            self._unlisted_problems += 1

    def add_skipped(self, skipped: Skipped) -> None:
        """List what was left alone; beyond a thousand it is only counted."""
        if len(self._skipped) < MAX_LISTED_SKIPPED:
            self._skipped.append(skipped)
        else:
            self._unlisted_skipped += 1

    def _add_note(self, note: Problem) -> None:
        if len(self._notes) < MAX_LISTED_NOTES:
            self._notes.append(note)
        else:
            self._unlisted_notes += 1

    def report(self, seconds: float) -> IngestReport:
        """Return what has happened so far."""
        problems, skipped, notes = self._problems, self._skipped, self._notes
        if self._unlisted_problems:
            problems = [*problems, Problem("", f"{self._unlisted_problems} further problems are not listed")]
        if self._unlisted_skipped:
            skipped = [*skipped, Skipped("", f"{self._unlisted_skipped} further reasons are not listed")]
        if self._unlisted_notes:
            notes = [*notes, Problem("", f"{self._unlisted_notes} further notes are not listed")]
        return IngestReport(
            added=self._changes["added"],
            changed=self._changes["changed"],
            unchanged=self._changes["unchanged"],
            copies=self._copies,
            repeated=self._repeated,
            passages=self._passages,
            problems=tuple(problems),
            notes=tuple(notes),
            skipped=tuple(skipped),
            seconds=seconds,
            complete=self.complete,
            dry_run=self.dry_run,
        )

    def close(self) -> None:
        """Let go of what was met, and of what is not stored."""
        self._ahead.close()
        self._seen.close()

    def _tell(self, where: str) -> None:
        if self._progress is not None:
            done = self._changes.total() + self._repeated + self._embedding + len(self._pending)
            self._progress.update(done, self._passages, where, self._position.share)

    def _under_own_id(self, article: Article, where: str, source: str) -> Article:
        """The article; under an id of its own where it claims the address of another outlet's or source's."""
        first = self._seen.first(article.ref.id)
        digest = first.digest if first else self._library.archive.digest_of(article.ref.id)
        if digest is None or digest == article.digest:
            return article
        holder = Holder(outlet=first.outlet, source=first.source) if first else self._stored_holder(article.ref.id)
        if not is_rival(holder, article.ref, where=where, source=source):
            return article
        own = replace(article, ref=replace(article.ref, id=rival_id(article.ref, holder, source=source)))
        if self._library.archive.digest_of(own.ref.id) is None and self._seen.first(own.ref.id) is None:
            whose = f"{holder.outlet} from another source" if holder.outlet == article.ref.outlet else holder.outlet
            said = f"claims {article.ref.url}, where an article of {whose} stands; it is kept beside that one"
            self._add_note(Problem(where, said))
        return own

    def _stored_holder(self, article_id: str) -> Holder:
        archive = self._library.archive
        stored = archive.article(article_id)
        return Holder(
            outlet=stored.ref.outlet if stored is not None else "", source=archive.origins.of(article_id).source
        )

    def _is_first(self, article: Article, where: str, source: str) -> bool:
        """Whether the run meets the article for the first time; a second, different version is a problem."""
        first = self._seen.first(article.ref.id)
        if first is None:
            self._seen.note(article, source)
            return True
        self._repeated += 1
        if first.digest != article.digest:
            name = article.ref.url or "the same article"
            self.add_problem(Problem(where, f"gives {name} again with other content; the first in this run is kept"))
        return False

    def _compare(self, article: Article, origin: Origin, draft: Draft) -> None:
        """Count an article that the library holds as it is; put any other into the batch."""
        stored = self._library.archive.digest_of(article.ref.id)
        if stored == article.digest:
            self._changes["unchanged"] += 1
            self._tag(article.ref.id)
            if article.ref.pages is not None and not self.dry_run:
                self._library.archive.pdfs.complete(article, draft.file)
            return
        change: Change = "changed" if stored else "added"
        pending = self.attempt(lambda: self._prepared(article, change, origin, draft), where=draft.where)
        if isinstance(pending, Problem):
            self.add_problem(pending)
            return
        self._pending.append(pending)
        if len(self._pending) >= BATCH_ARTICLES:
            self._embed_batch()
            self._store_embedded(leave=self._ahead.ahead)

    def _prepared(self, article: Article, change: Change, origin: Origin, draft: Draft) -> _Pending:
        from rag.storage.library import Prepared

        cut = draft.cut
        passages = cut.passages if cut else cut_passages(article)
        if not passages:
            raise SourceError(NO_TEXT, where=draft.where)
        story, bands = self._stories.story(article, bands=cut.bands if cut else None)
        made = Prepared(article=article, passages=passages, bands=bands, story=story, origin=origin, file=draft.file)
        return _Pending(made, change, draft.where)

    def _count(self, batch: Sequence[_Pending], changes: Sequence[Change]) -> None:
        for pending, change in zip(batch, changes, strict=True):
            prepared = pending.prepared
            self._changes[change] += 1
            if change != "unchanged":
                self._passages += len(prepared.passages)
                self._copies += prepared.story != prepared.article.ref.id

    def _tag(self, *article_ids: str) -> None:
        for name in article_ids if self._tags and not self.dry_run else ():
            # Another process may have removed it a moment ago.
            with suppress(NoSuchArticle):
                self._library.tag(name, add=self._tags)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Met:
    digest: str
    outlet: str
    source: str


class _SeenDigests:
    """The digests of the articles that a run has met, in a temporary database: memory stays bounded in long runs."""

    def __init__(self) -> None:
        # SQLite keeps a database without a name in memory while it is small and on disk when it grows.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute(
            "CREATE TABLE seen (id TEXT PRIMARY KEY, digest TEXT, outlet TEXT, source TEXT) WITHOUT ROWID"
        )

    def first(self, article_id: str) -> _Met | None:
        """What the article was met with first; None for one that was not met."""
        row = self._database.execute("SELECT digest, outlet, source FROM seen WHERE id = ?", (article_id,)).fetchone()
        return None if row is None else _Met(digest=str(row[0]), outlet=str(row[1]), source=str(row[2]))

    def note(self, article: Article, source: str) -> None:
        """Remember an article that is met for the first time."""
        ref = article.ref
        self._database.execute("INSERT INTO seen VALUES (?, ?, ?, ?)", (ref.id, article.digest, ref.outlet, source))

    def close(self) -> None:
        """Delete the database."""
        self._database.close()
