"""How results look on a terminal or in a pipe: plain text on standard output, complaints on standard error, JSON.

Nothing in an article can rewrite the terminal: control characters are replaced.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.poll_report import PollReport
    from ingest.report import IngestReport
    from rag.archive_feeds import Feed
    from rag.archive_history import ArticleChanges
    from rag.kept import CheckedAnswer
    from rag.library import LibraryStatus
    from rag.types import Answer, ArticleRef, Evidence

# Controls and bidirectional marks in an article could rewrite a terminal; line feeds and tabs stay.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[Callable[[str, int | None, int | None], None] | None]:
    """A progress bar on standard error, moved by text, done and total; None where nobody watches."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda text, done, total: bar.update(task, description=_safe(text), completed=done, total=total)


class IngestProgress:
    """What the ingest has done so far, as text on a bar, with the time left where the amount is known."""

    def __init__(self, show: Callable[[str, int | None, int | None], None]) -> None:
        self._show = show
        self._began = time.monotonic()

    def update(self, done_articles: int, done_passages: int, where: str, share: float | None) -> None:
        """See `ingest.report.Progress`."""
        seconds = max(time.monotonic() - self._began, 0.001)
        text = f"{done_articles} articles, {done_passages} passages, {done_passages / seconds:.0f} a second"
        if not share:
            self._show(f"{text}: {where}", None, None)
            return
        left = seconds * (1 - share) / share
        self._show(f"{text}, {_duration(left)} left: {where}", round(1000 * share), 1000)


def _duration(seconds: float) -> str:
    minutes = round(seconds) // 60
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"


def print_report(report: IngestReport) -> None:
    for problem in report.problems:
        complain(f"{problem.where}: {problem.reason}")
    for skipped in report.skipped:
        say(f"left alone: {skipped.where}: {skipped.reason}" if skipped.where else f"left alone: {skipped.reason}")
    say(
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{count(report.passages, 'passage')}, {count(len(report.problems), 'problem')}, {report.seconds:.1f} s"
    )
    if report.copies or report.repeated:
        say(
            f"{count(report.copies, 'copy', 'copies')} of stories that other articles carry, "
            f"{count(report.repeated, 'article')} more than once in the sources"
        )
    if report.dry_run:
        say("dry run: nothing was stored")
    if not report.complete:
        complain("stopped early; what was read is in the library, the same command goes on from there")


def print_answer(answer: Answer) -> None:
    say(answer.text)
    for citation in answer.citations:
        say(f"\n[{citation.marker}] {about(citation.article)}{_link(citation.article)}")
        if citation.quote not in answer.text:
            say(f"    \u201c{_line(citation.quote)}\u201d")
        _print_copies(citation.copies)
    if answer.nearest:
        say("\nThe nearest articles:")
    for ref in answer.nearest:
        say(f"-   {about(ref)}{_link(ref)}")
    if answer.provenance.notice:
        complain(answer.provenance.notice)
    for removal in answer.provenance.removed:
        complain(f"left out of the draft: {_line(removal.text)} ({removal.reason})")


def print_evidence(found: Sequence[Evidence]) -> None:
    if not found:
        say("Nothing found.")
    for evidence in found:
        passage = evidence.passage
        say(f"{evidence.rank}. {about(passage.article)}  ({evidence.score:.3f}){_link(passage.article)}")
        say(f"    {_line(passage.text)}")
        _print_copies(evidence.copies)


def _print_copies(copies: Sequence[ArticleRef]) -> None:
    if copies:
        say(f"    also carried by {', '.join(copy.outlet or copy.title for copy in copies)}")


def print_changes(changes: ArticleChanges) -> None:
    if not changes.fields and not changes.sentences:
        say("no earlier version differs from the article as it stands")
        return
    say(f"version {changes.before} to version {changes.after}")
    for field in changes.fields:
        say(f"{field.name}: {_line(field.before) or 'unknown'} -> {_line(field.after) or 'unknown'}")
    for sentence in changes.sentences:
        say(f"{'+' if sentence.kind == 'added' else '-'} {_line(sentence.text)}")


def print_checked(answers: Sequence[CheckedAnswer]) -> None:
    if not answers:
        say("no answers; NEWSDESK_KEEP_ANSWERS=true keeps them, or name files of `newsdesk ask --json`")
    for answer in answers:
        say(f"{answer.name}: {'holds' if answer.holds else 'does not hold'}: {_line(answer.question)}")
        for citation in answer.citations:
            if citation.state != "holds":
                quote = f"\u201c{_line(citation.quote)}\u201d"
                say(f"    [{citation.marker}] {citation.state} in {citation.article_id}: {quote}")


def print_feeds(feeds: Sequence[Feed]) -> None:
    if not feeds:
        say("no feeds yet; `newsdesk feeds add URL` subscribes to one")
    for feed in feeds:
        say(f"{feed.url}  {_line(feed.title)}".rstrip())
        state = f"polled {feed.polled:%Y-%m-%d %H:%M} UTC" if feed.polled else "never polled"
        say(f"    {state}{', its pages are followed' if feed.follow else ''}")
        if feed.problem:
            say(f"    {feed.problem}")


def print_poll(report: PollReport) -> None:
    for outcome in report.feeds:
        for problem in outcome.problems:
            complain(f"{problem.where}: {problem.reason}")
        say(
            f"{outcome.url}: {outcome.outcome.replace('_', ' ')}, "
            f"{outcome.added} added, {outcome.changed} changed, {outcome.unchanged} unchanged"
        )
        if outcome.moved_to:
            say(f"    answers from {outcome.moved_to} now; subscribe to that and remove this one")
    if not report.complete:
        complain("stopped early; the next poll goes on from there")
    if not report.feeds:
        say("no feeds to poll; `newsdesk feeds add URL` subscribes to one")


def print_status(found: LibraryStatus) -> None:
    rows = {
        "library": found.folder,
        "articles": f"{found.articles} ({count(found.stories, 'story', 'stories')}, {found.passages} passages)",
        "published": f"{_day(found.first_published)} to {_day(found.last_published)}",
        "outlets": ", ".join(found.outlets) or "none",
        "embedder": found.embedder or "none yet",
        "revision": f"{found.revision} (vectors {found.vectors_revision}, words {found.words_revision})",
        "state": "clean" if found.clean else "not clean; run `newsdesk rebuild`",
    }
    for name, value in rows.items():
        say(f"{name:<10} {value}")
    for problem in found.problems:
        complain(problem)


def about(ref: ArticleRef) -> str:
    return f"{byline(ref)}: {_line(ref.title) or '(no title)'}"


def byline(ref: ArticleRef) -> str:
    return f"{_line(ref.outlet) or 'unknown outlet'}, {_day(ref.published)}"


def _link(ref: ArticleRef) -> str:
    return f"\n    {_line(ref.url)}" if ref.url else ""


def _day(moment: datetime | None) -> str:
    return f"{moment.day} {moment:%B %Y}" if moment else "undated"


def count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _line(text: str) -> str:
    return " ".join(text.split())


def say(text: str) -> None:
    print(_safe(text), flush=True)


def complain(text: str) -> None:
    print(f"newsdesk: {_safe(_line(text))}", file=sys.stderr, flush=True)


def print_json(content: dict[str, Any]) -> None:
    """JSON that holds every character exactly; what a terminal could obey or could not show is escaped."""
    unicode_output = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(content, ensure_ascii=not unicode_output, indent=2, default=_json_date)
    print(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text), flush=True)


def _json_date(moment: datetime) -> str:
    return moment.isoformat()


def _safe(text: str) -> str:
    return _UNSAFE.sub("\ufffd", text)
