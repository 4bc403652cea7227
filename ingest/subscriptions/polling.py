"""Subscriptions: `poll` asks each feed that is due and puts what is new into the library."""

from __future__ import annotations

import hashlib
import itertools
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ingest.attempt import attempt
from ingest.fetching.errors import FetchError
from ingest.pipeline import ingest_articles
from ingest.readers.feed.reader import FeedEntry, feed_entries
from ingest.report import IngestReport, Problem, Progress
from ingest.subscriptions.discovery import add_feed, document_of
from ingest.subscriptions.pages import EntryArticles
from ingest.subscriptions.report import FeedOutcome, PollReport
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError, UsageError

if TYPE_CHECKING:
    from ingest.crawl import Pages
    from ingest.fetching.fetcher import Fetched
    from rag.storage.archive.feeds import Feed
    from rag.storage.library import Library

__all__ = ["FeedOutcome", "PollReport", "add_feed", "poll"]

LEASE_SECONDS = 3600
"""A poll that was killed keeps others from its feed no longer than this."""

BATCH_ENTRIES = 100
"""Entries are noted as read each time this many are stored: no more are read again after a kill."""

_FIRST_WAIT = timedelta(minutes=15)
_LONGEST_WAIT = timedelta(days=1)
_LONGEST_ASKED_WAIT = timedelta(days=7)
_GONE = 410
_NOT_FOUND = 404
_FAILURES_TO_GIVE_UP = 10


def poll(
    library: Library,
    fetcher: Pages,
    *,
    urls: Sequence[str] = (),
    now: datetime,
    force: bool = False,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> PollReport:
    """Ask the feeds that are due, or those of `urls`, for what is new, and put it into the library.

    May run several times at once: a feed is polled by one of them. One feed's failure leaves the others alone. `force`
    reads every entry again. Once `stop` says so, the entries at hand are stored and the rest is left to the next poll.
    Raises UsageError for a URL that is no subscription, and what concerns the library itself (LibraryBusy).
    """
    run = _Poll(library, fetcher, now=now, force=force, progress=progress, stop=stop or (lambda: False))
    outcomes: list[FeedOutcome] = []
    for feed in _chosen(library, urls):
        if run.stopped():
            break
        outcome = run.poll(feed, is_named=bool(urls))
        if outcome is not None:
            outcomes.append(outcome)
    return PollReport(feeds=tuple(outcomes), complete=not run.stopped())


def _chosen(library: Library, urls: Sequence[str]) -> list[Feed]:
    feeds = {feed.url: feed for feed in library.archive.feeds.feeds()}
    for url in urls:
        if url not in feeds:
            raise UsageError(f"{url!r} is no subscription; `newsdesk feeds list` shows them")
    return [feeds[url] for url in dict.fromkeys(urls)] if urls else list(feeds.values())


class _Poll:
    """One run over the feeds."""

    def __init__(
        self,
        library: Library,
        fetcher: Pages,
        *,
        now: datetime,
        force: bool,
        progress: Progress | None,
        stop: Callable[[], bool],
    ) -> None:
        self._library = library
        self._store = library.archive.feeds
        self._fetcher = fetcher
        self._limits = Limits.of(library.settings)
        self._now = now
        self._force = force
        self._progress = progress
        self._stop = stop
        self._is_stopped = False

    def stopped(self) -> bool:
        """Whether the run was asked to stop, or the disk is full."""
        self._is_stopped = self._is_stopped or self._stop()
        return self._is_stopped

    def poll(self, feed: Feed, *, is_named: bool) -> FeedOutcome | None:
        """Poll one feed unless somebody else does; None for a feed that was removed meanwhile."""
        always = is_named or self._force
        if not (always or self._is_due(feed)):
            return FeedOutcome(url=feed.url, title=feed.title, outcome="not_due")
        if not self._store.claim(feed.url, now=self._now, lease_seconds=LEASE_SECONDS):
            is_there = self._store.feed(feed.url) is not None
            return FeedOutcome(url=feed.url, title=feed.title, outcome="busy") if is_there else None
        try:
            current = self._store.feed(feed.url)  # another poll may have changed it until the claim
            return None if current is None else self._poll_claimed(current)
        finally:
            self._store.release(feed.url)

    def _is_due(self, feed: Feed) -> bool:
        return feed.next_poll is None or feed.next_poll <= self._now

    def _poll_claimed(self, feed: Feed) -> FeedOutcome:
        given = ("", "") if self._force else (feed.etag, feed.last_modified)
        try:
            fetched = self._fetcher.get(feed.url, etag=given[0], last_modified=given[1])
        except SourceError as error:
            return self._failed(feed, error)
        digest = feed.body_digest if fetched.not_modified else hashlib.sha256(fetched.data).hexdigest()
        if fetched.not_modified or (digest == feed.body_digest and not self._force):
            self._note_success(feed, fetched, digest)
            return FeedOutcome(url=feed.url, title=feed.title, outcome="unchanged", moved_to=_moved(feed, fetched))
        return self._read(feed, fetched, digest)

    def _read(self, feed: Feed, fetched: Fetched, digest: str) -> FeedOutcome:
        """Store what is new in a feed's body, batch by batch; a batch is noted as read once it is stored."""
        known = frozenset() if self._force else frozenset(self._store.entry_digests(feed.url).values())
        body = _Body(feed, document_of(fetched), self._limits, known=known)
        articles = EntryArticles(feed, self._fetcher, self._limits)
        tally = _Tally()
        while batch := list(itertools.islice(body.entries(), BATCH_ENTRIES)):
            fresh = [entry for entry in batch if entry.found is not None]
            tally.unchanged += len(batch) - len(fresh)
            if fresh and not self._store_batch(articles.of(fresh), tally):
                break
            read = {entry.key: entry.digest for entry in batch if entry.key not in articles.unread}
            self._store.note_entries(feed.url, read, self._now)
            if self.stopped():
                break
        if body.is_unreadable:
            return self._failed(feed, SourceError(body.problems[0].reason))
        is_done = not (self.stopped() or articles.unread)
        self._note_success(feed, fetched, digest if is_done else "")
        return FeedOutcome(
            url=feed.url,
            title=feed.title,
            outcome="changed" if tally.added or tally.changed else "unchanged",
            added=tally.added,
            changed=tally.changed,
            unchanged=tally.unchanged,
            waiting=len(articles.unread),
            moved_to=_moved(feed, fetched),
            problems=(*body.problems, *tally.problems),
            notes=tuple(tally.notes),
        )

    def _store_batch(self, articles: Iterator[RawArticle | Problem], tally: _Tally) -> bool:
        """Put a batch into the library; False where not all of it is stored."""
        report = ingest_articles(articles, self._library, progress=self._progress, stop=self.stopped)
        tally.take(report)
        self._is_stopped = self._is_stopped or not report.complete
        return report.complete

    def _note_success(self, feed: Feed, fetched: Fetched, digest: str) -> None:
        """Write down the poll; without a digest the next one reads the body again, whatever the server says of it."""
        etag, last_modified = fetched.etag, fetched.last_modified
        if fetched.not_modified:
            etag, last_modified = etag or feed.etag, last_modified or feed.last_modified
        polled = replace(feed, body_digest=digest, polled=self._now, next_poll=None, failures=0, problem="")
        kept = (etag, last_modified) if digest else ("", "")
        self._store.update(replace(polled, etag=kept[0], last_modified=kept[1]))

    def _failed(self, feed: Feed, error: SourceError) -> FeedOutcome:
        failures = feed.failures + 1
        sentence = _sentence(feed, error, failures)
        next_poll = self._now + _wait(error, failures)
        self._store.update(replace(feed, polled=self._now, next_poll=next_poll, failures=failures, problem=sentence))
        return FeedOutcome(url=feed.url, title=feed.title, outcome="failed", problems=(Problem(feed.url, sentence),))


class _Body:
    """The entries of a feed's body, and what of it could not be read."""

    def __init__(self, feed: Feed, document: Document, limits: Limits, *, known: frozenset[str]) -> None:
        self.problems: list[Problem] = []
        self.is_unreadable = False
        self._where = feed.url
        self._found = feed_entries(document, limits, known=known)
        self._is_empty = True

    def entries(self) -> Iterator[FeedEntry]:
        """Yield the entries that are left."""
        while (entry := attempt(lambda: next(self._found, None), where=self._where)) is not None:
            if isinstance(entry, Problem):
                self.problems.append(replace(entry, where=self._where))
                self.is_unreadable = self._is_empty
            else:
                self._is_empty = False
                yield entry


class _Tally:
    """Adds up the reports of a feed's batches."""

    def __init__(self) -> None:
        self.added = self.changed = self.unchanged = 0
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def take(self, report: IngestReport) -> None:
        self.added += report.added
        self.changed += report.changed
        self.unchanged += report.unchanged + report.repeated
        self.problems += report.problems
        self.notes += report.notes


def _moved(feed: Feed, fetched: Fetched) -> str:
    return "" if fetched.not_modified or fetched.url == feed.url else fetched.url


def _sentence(feed: Feed, error: SourceError, failures: int) -> str:
    """Return what to tell of a failure, with the way out where waiting does not help."""
    status = error.status if isinstance(error, FetchError) else None
    ending = f"`newsdesk feeds remove {shlex.quote(feed.url)}` ends the subscription"
    if status == _GONE:
        return f"has been taken away for good ({_GONE}); {ending}"
    if status == _NOT_FOUND and failures >= _FAILURES_TO_GIVE_UP:
        return f"was not found at the last {failures} polls ({_NOT_FOUND}); {ending}"
    return str(error)


def _wait(error: SourceError, failures: int) -> timedelta:
    """Return how long to leave the feed alone: twice as long after each failure, or what the server asks for."""
    wait = min(_FIRST_WAIT * (1 << min(failures - 1, 10)), _LONGEST_WAIT)
    asked = error.retry_after_seconds if isinstance(error, FetchError) else None
    if asked is None:
        return wait
    return max(wait, timedelta(seconds=min(asked, _LONGEST_ASKED_WAIT.total_seconds())))
