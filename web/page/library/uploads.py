"""Articles added and removed on the page: files, an address, a feed; one piece of work at a time, with its progress."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import UsageError
from rag.question.tags import tags_of
from rag.scope import Scope
from rag.wording import _, ngettext, pgettext
from web.page.background import in_background
from web.serving.error_message import message_for
from web.serving.security_headers import LOOPBACK

if TYPE_CHECKING:
    from ingest.preparing.edit import Removed
    from ingest.report import IngestReport
    from rag.desk import Desk
    from web.page.library.upload_store import UploadStore

MOST_FILES = 100
_PROBLEMS_SHOWN = 5
_MOST_TAGGED = 5000


class Adding:
    """What the page may change of one library; `allowed` is False on a page for readers alone."""

    def __init__(self, desk: Desk, store: UploadStore, *, allowed: bool) -> None:
        self._desk = desk
        self._store = store
        self._lock = threading.Lock()
        self.allowed = allowed and not desk.settings.read_only

    def files(self, uploads: Sequence[str], sender: str, tags: str = "") -> Iterator[str]:
        """Read files that `sender` has uploaded, which are deleted afterwards; yields the progress, the outcome
        last. Every article gets the `tags` (with commas between them)."""
        own = Path(tempfile.mkdtemp(prefix="newsdesk-upload-"))

        def work(progress: _Progress) -> str:
            from ingest.pipeline import IngestOptions, ingest

            if len(uploads) > MOST_FILES:
                raise UsageError(
                    _(
                        "{number} files are too many at once; choose at most {most}",
                        number=len(uploads),
                        most=MOST_FILES,
                    )
                )
            paths = [self._taken(sender, given, own / str(number)) for number, given in enumerate(uploads)]
            return _outcome(ingest(paths, self._desk.library, IngestOptions(tags=(tags,)), progress=progress))

        nothing = _("There is no file yet: choose one or more.") if not uploads else ""
        yield from self._with_progress(work, nothing=nothing, at_last=lambda: shutil.rmtree(own, ignore_errors=True))

    def _taken(self, sender: str, given: str, folder: Path) -> Path:
        """The file in a folder of its own: two of them may have one name."""
        folder.mkdir()
        return self._store.take(sender, given, folder)

    def address(self, address: str, subscribe: bool, tags: str = "") -> Iterator[str]:
        """Fetch a page or a feed, or subscribe to a feed and bring in its articles; every one gets the `tags`."""
        url = address.strip()

        def work(progress: _Progress) -> str:
            if not url.lower().startswith(("http://", "https://")):
                raise UsageError(
                    _("{address} is no address of the web; write it with https:// in front", address=repr(url[:80]))
                )
            return self._subscribed(url, tags, progress) if subscribe else self._fetched(url, tags, progress)

        yield from self._with_progress(work, nothing=_("There is no address yet: write one.") if not url else "")

    def remove(self, article_id: str) -> tuple[str, Removed | None]:
        """Remove an article; what came of it, and what `put_back` takes."""
        from ingest.preparing.edit import take_out

        try:
            self._refuse()
            removed = take_out(self._desk.library, article_id)
            said = _("The article is removed.") if removed is not None else _("That article is not here any more.")
            return said, removed
        # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
        except Exception as error:
            return message_for(error), None

    def put_back(self, removed: Removed | None) -> str:
        """Store an article that was removed; what came of it. Its former versions are gone."""
        from ingest.preparing.edit import put_back

        try:
            self._refuse()
            if removed is None:
                return _("There is nothing to put back.")
            put_back(self._desk.library, removed)
            return _("The article is back.")
        # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
        except Exception as error:
            return message_for(error)

    def _refuse(self) -> None:
        if not self.allowed:
            raise UsageError(_("articles cannot be added or removed on this page"))

    def _with_progress(
        self, work: Callable[[_Progress], str], *, nothing: str, at_last: Callable[[], object] = lambda: None
    ) -> Iterator[str]:
        if nothing:
            at_last()
            yield nothing
            return

        def run(report: Callable[[str], None]) -> str:
            try:
                self._refuse()
                if not self._lock.acquire(blocking=False):
                    raise UsageError(_("other articles are being added right now; try again when they are in"))
                try:
                    return work(_Progress(report))
                finally:
                    self._lock.release()
            # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
            except Exception as error:
                return message_for(error)
            finally:
                # Here and not where the progress is shown: a reader who goes away does not take the files along.
                at_last()

        yield _("Reading…")
        yield from in_background(run, name="newsdesk-adding")

    def _fetched(self, url: str, tags: str, progress: _Progress) -> str:
        from ingest.pipeline import IngestOptions, ingest

        return _outcome(ingest([url], self._desk.library, IngestOptions(tags=(tags,)), progress=progress))

    def _subscribed(self, url: str, tags: str, progress: _Progress) -> str:
        from ingest.fetching.fetcher import Fetcher
        from ingest.subscriptions.discovery import add_feed
        from ingest.subscriptions.polling import poll

        library, now, given = self._desk.library, datetime.now(UTC), tags_of([tags])
        before = library.archive.revision()
        with Fetcher(self._desk.settings) as fetcher:
            feed = add_feed(library, fetcher, url, follow=True, now=now)
            report = poll(library, fetcher, urls=[feed.url], now=now, progress=progress)
        if given:
            brought = library.archive.changed_since(before, limit=_MOST_TAGGED)
            for ref in library.archive.refs(Scope(articles=tuple(change.article_id for change in brought) or ("",))):
                library.tag(ref.id, add=given)
        said = ngettext(
            "Subscribed to {feed}: {n} article added.",
            "Subscribed to {feed}: {n} articles added.",
            report.added,
            feed=feed.title or feed.url,
        )
        if not report.failed:
            return said
        failed = ngettext("{n} feed could not be read.", "{n} feeds could not be read.", report.failed)
        return f"{said} {failed}"


class _Progress:
    """An ingest's progress, reported in words."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report

    def update(self, done_articles: int, done_passages: int, where: str, share: float | None) -> None:
        """Report how far it is; `where` may be a path of this machine and is left out."""
        said = ngettext("Reading: {n} article", "Reading: {n} articles", done_articles)
        read = _("{share} read", share=f"{share:.0%}") if share is not None else ""
        self._report(f"{', '.join(filter(None, (said, read)))}…")


def _outcome(report: IngestReport) -> str:
    counts = [ngettext("{n} article added", "{n} articles added", report.added)]
    counts += [ngettext("{n} corrected", "{n} corrected", report.changed)] if report.changed else []
    counts += [ngettext("{n} here already", "{n} here already", report.unchanged)] if report.unchanged else []
    outcome = f"{', '.join(counts)}."
    problems = [f"{Path(problem.where).name}: {problem.reason}" for problem in report.problems]
    if problems:
        further = len(problems) - _PROBLEMS_SHOWN
        outcome += " " + _("Not read: {problems}.", problems="; ".join(problems[:_PROBLEMS_SHOWN]))
        outcome += " " + ngettext("And {n} more.", "And {n} more.", further) if further > 0 else ""
    if report.notes:
        notes = [f"{Path(note.where).name}: {note.reason}" for note in report.notes[:_PROBLEMS_SHOWN]]
        outcome += " " + pgettext("while reading", "Noted: {notes}.", notes="; ".join(notes))
    if report.complete:
        return outcome
    return outcome + " " + _("It was stopped before the end; add the same again to go on.")


def may_edit(setting: str, *, host: str, has_users: bool, behind: Sequence[str] = ()) -> bool:
    """Whether the setting `page_editing` lets the page change its library; `behind` are the names of a proxy in front,
    through which others may come."""
    if setting != "auto":
        return setting == "on"
    return has_users or (host in LOOPBACK and not behind)
