"""The command line `newsdesk`: one short function a command, and how results are printed.

Exit codes: 0 done; 1 something could not be read, found or used; 2 the command itself is wrong. Everything heavier than
typer is imported inside the command that needs it, so that `newsdesk --help` answers at once.
"""

from __future__ import annotations

import json
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.errors import NewsdeskError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.report import IngestReport
    from rag.desk import Desk
    from rag.library import LibraryStatus
    from rag.settings import Settings
    from rag.types import Answer, ArticleRef, Evidence

# Controls and bidirectional marks in an article could rewrite a terminal; line feeds and tabs stay.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class _Commands(typer.core.TyperGroup):
    """Turns every error that is meant for a reader into one line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except NewsdeskError as error:
            _complain(str(error))
            raise typer.Exit(2 if isinstance(error, UsageError) else 1) from error


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Answer questions about the news from articles you give it, with exact quotes.",
)

LibraryFolder = Annotated[
    Path | None, typer.Option("--library", metavar="DIR", help="The library's folder (or NEWSDESK_LIBRARY).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
After = Annotated[str | None, typer.Option("--after", metavar="DATE", help="Published on this date or later.")]
Before = Annotated[str | None, typer.Option("--before", metavar="DATE", help="Published on this date or earlier.")]
Outlets = Annotated[list[str] | None, typer.Option("--outlet", help="Only this outlet; may be repeated.")]


@app.callback()
def _everywhere(context: typer.Context, library: LibraryFolder = None) -> None:
    context.obj = library


@app.command()
def ingest(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Files and folders.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only read and report; change nothing.")] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Read articles into the library; what it holds already and has not changed is left alone."""
    from ingest.pipeline import ingest as read_in
    from rag.library import open_library

    with (
        _stopping() as stop,
        open_library(_settings(context, library)) as target,
        _bar(shown=not as_json and sys.stderr.isatty()) as show,
    ):
        progress = _IngestProgress(show) if show else None
        report = read_in(sources, target, progress=progress, dry_run=dry_run, stop=stop)
    if as_json:
        _print_json(report.as_json())
    else:
        _print_report(report)
    if report.problems or not report.complete:
        raise typer.Exit(1)


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question; - reads it from standard input.")],
    history: Annotated[
        list[str] | None, typer.Option("--history", help="An earlier question; may be repeated.")
    ] = None,
    after: After = None,
    before: Before = None,
    outlets: Outlets = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with exact quotes, or say that the answer is not in these articles."""
    from rag.types import answer_json

    with _desk(context, library) as desk:
        answer = desk.ask(
            _given(question),
            history=[_given(earlier) for earlier in history or ()],
            published_after=after,
            published_before=before,
            outlets=outlets or (),
        )
    if as_json:
        _print_json(answer_json(answer))
    else:
        _print_answer(answer)


@app.command()
def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="What to look for; - reads it from standard input.")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most passages to print.")] = 10,
    after: After = None,
    before: Before = None,
    outlets: Outlets = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Find the passages that a question would be answered from."""
    from rag.types import evidence_json

    with _desk(context, library) as desk:
        found = desk.search(
            _given(query), published_after=after, published_before=before, outlets=outlets or (), limit=limit
        )
    if as_json:
        _print_json({"evidence": [evidence_json(evidence) for evidence in found]})
    else:
        _print_evidence(found)


@app.command()
def articles(
    context: typer.Context,
    after: After = None,
    before: Before = None,
    outlets: Outlets = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Most articles to print.")] = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """List the articles, newest first."""
    from rag.types import article_json

    with _desk(context, library) as desk:
        refs = desk.articles(after=after, before=before, outlets=outlets or (), limit=limit)
    if as_json:
        _print_json({"articles": [article_json(ref) for ref in refs]})
    else:
        for ref in refs:
            _say(f"{ref.id}  {_about(ref)}")


@app.command()
def show(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ARTICLE_ID")],
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Print one article, exactly as quotes are cut from it."""
    from rag.types import article_json

    with _desk(context, library) as desk:
        article = desk.article(article_id)
    facts = {"authors": list(article.authors), "language": article.language, "fetched": article.fetched.isoformat()}
    if as_json:
        _print_json({**article_json(article.ref), **facts, "text": article.text})
        return
    _say(article.ref.title or "(no title)")
    _say(_byline(article.ref) + (f", by {', '.join(article.authors)}" if article.authors else ""))
    _say(f"{article.ref.url}\n\n{article.text}".lstrip())


@app.command()
def remove(
    context: typer.Context,
    article_ids: Annotated[list[str], typer.Argument(metavar="ARTICLE_ID...")],
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Remove articles; they stop answering at once."""
    with _desk(context, library) as desk:
        removed = {article_id: desk.remove(article_id) for article_id in article_ids}
    missing = [article_id for article_id, done in removed.items() if not done]
    if as_json:
        _print_json({"removed": [name for name, done in removed.items() if done], "missing": missing})
    else:
        _say(f"{len(removed) - len(missing)} removed")
        for article_id in missing:
            _complain(f"no article {article_id!r} in this library; `newsdesk articles` lists them")
    if missing:
        raise typer.Exit(1)


@app.command()
def rebuild(context: typer.Context, library: LibraryFolder = None) -> None:
    """Make both indexes anew from the archive; needs no source again."""
    from rag.library import open_library

    with open_library(_settings(context, library), create=False) as target:
        with _bar(shown=sys.stderr.isatty()) as bar:
            target.rebuild(partial(bar, "articles") if bar else None)
        _print_status(target.status())


@app.command()
def status(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """Tell what the library holds and whether its indexes are sound; exit code 1 where they are not."""
    from dataclasses import asdict

    from rag.library import open_library

    with open_library(_settings(context, library), create=False) as target:
        found = target.status()
    if as_json:
        _print_json(asdict(found) | {"clean": found.clean})
    else:
        _print_status(found)
    if not found.clean:
        raise typer.Exit(1)


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen on.")] = 7860,
    library: LibraryFolder = None,
) -> None:
    """Open the chat page on this library until Ctrl-C."""
    from app import serve as serve_page

    serve_page(_settings(context, library), host=host, port=port, sample=False)


def main() -> None:
    """The entry point of `newsdesk`; output never fails on characters that the terminal does not have."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app(prog_name="newsdesk")


def _settings(context: typer.Context, library: Path | None) -> Settings:
    from rag.settings import load_settings

    return load_settings(library=library or context.obj)


def _desk(context: typer.Context, library: Path | None) -> Desk:
    from rag.desk import Desk
    from rag.library import open_library

    return Desk(open_library(_settings(context, library), create=False))


def _given(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Inside, the first Ctrl-C or SIGTERM only makes the yielded function true; a second one ends the process."""
    asked: list[int] = []

    earlier: dict[int, Any] = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def note(number: int, _frame: object) -> None:
        asked.append(number)
        signal.signal(number, earlier[number])

    for number in earlier:
        signal.signal(number, note)
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


@contextmanager
def _bar(*, shown: bool) -> Iterator[Callable[[str, int | None, int | None], None] | None]:
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


class _IngestProgress:
    """What the ingest has done so far, as text on a bar."""

    def __init__(self, show: Callable[[str, int | None, int | None], None]) -> None:
        self._show = show
        self._began = time.monotonic()

    def update(self, done_articles: int, done_passages: int, where: str) -> None:
        rate = done_passages / max(time.monotonic() - self._began, 0.001)
        self._show(f"{done_articles} articles, {done_passages} passages, {rate:.0f} a second: {where}", None, None)


def _print_report(report: IngestReport) -> None:
    for problem in report.problems:
        _complain(f"{problem.where}: {problem.reason}")
    _say(
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{_count(report.passages, 'passage')}, {_count(len(report.problems), 'problem')}, {report.seconds:.1f} s"
    )
    if report.skipped:
        _say(f"{_count(len(report.skipped), 'file')} left alone, such as {report.skipped[0].where}")
    if report.dry_run:
        _say("dry run: nothing was stored")
    if not report.complete:
        _complain("stopped early; what was read is in the library, the same command goes on from there")


def _print_answer(answer: Answer) -> None:
    _say(answer.text)
    for citation in answer.citations:
        _say(f"\n[{citation.marker}] {_about(citation.article)}{_link(citation.article)}")
        if citation.quote not in answer.text:
            _say(f"    \u201c{_line(citation.quote)}\u201d")
        _print_copies(citation.copies)
    if answer.nearest:
        _say("\nThe nearest articles:")
    for ref in answer.nearest:
        _say(f"-   {_about(ref)}{_link(ref)}")
    if answer.provenance.notice:
        _complain(answer.provenance.notice)
    for removal in answer.provenance.removed:
        _complain(f"left out of the draft: {_line(removal.text)} ({removal.reason})")


def _print_evidence(found: Sequence[Evidence]) -> None:
    if not found:
        _say("Nothing found.")
    for evidence in found:
        passage = evidence.passage
        _say(f"{evidence.rank}. {_about(passage.article)}  ({evidence.score:.3f}){_link(passage.article)}")
        _say(f"    {_line(passage.text)}")
        _print_copies(evidence.copies)


def _print_copies(copies: Sequence[ArticleRef]) -> None:
    if copies:
        _say(f"    also carried by {', '.join(copy.outlet or copy.title for copy in copies)}")


def _print_status(found: LibraryStatus) -> None:
    rows = {
        "library": found.folder,
        "articles": f"{found.articles} ({_count(found.stories, 'story', 'stories')}, {found.passages} passages)",
        "published": f"{_day(found.first_published)} to {_day(found.last_published)}",
        "outlets": ", ".join(found.outlets) or "none",
        "embedder": found.embedder or "none yet",
        "revision": f"{found.revision} (vectors {found.vectors_revision}, words {found.words_revision})",
        "state": "clean" if found.clean else "not clean; run `newsdesk rebuild`",
    }
    for name, value in rows.items():
        _say(f"{name:<10} {value}")
    for problem in found.problems:
        _complain(problem)


def _about(ref: ArticleRef) -> str:
    return f"{_byline(ref)}: {_line(ref.title) or '(no title)'}"


def _byline(ref: ArticleRef) -> str:
    return f"{_line(ref.outlet) or 'unknown outlet'}, {_day(ref.published)}"


def _link(ref: ArticleRef) -> str:
    return f"\n    {_line(ref.url)}" if ref.url else ""


def _day(moment: datetime | None) -> str:
    return f"{moment.day} {moment:%B %Y}" if moment else "undated"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _say(text: str) -> None:
    print(_safe(text), flush=True)


def _complain(text: str) -> None:
    print(f"newsdesk: {_safe(_line(text))}", file=sys.stderr, flush=True)


def _print_json(content: dict[str, Any]) -> None:
    """JSON that holds every character exactly; what a terminal could obey or could not show is escaped."""
    unicode_output = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(content, ensure_ascii=not unicode_output, indent=2, default=_json_date)
    print(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text), flush=True)


def _json_date(moment: datetime) -> str:
    return moment.isoformat()


def _safe(text: str) -> str:
    return _UNSAFE.sub("\ufffd", text)


if __name__ == "__main__":
    main()
