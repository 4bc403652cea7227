"""The command line `newsdesk`: one short function a command, and how results are printed.

Exit codes: 0 done; 1 something could not be read, found or used; 2 the command itself is wrong. Everything heavier than
typer is imported inside the command that needs it, so that `newsdesk --help` answers at once.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.errors import NewsdeskError, UsageError
from web import terminal

if TYPE_CHECKING:
    from ingest.fetch import Fetcher
    from rag.desk import Desk
    from rag.library import Library
    from rag.settings import Settings


class _Commands(typer.core.TyperGroup):
    """Turns every error that is meant for a reader into one line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except NewsdeskError as error:
            terminal.complain(str(error))
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

feeds = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Subscribe to RSS and Atom feeds and poll them.")
app.add_typer(feeds, name="feeds")

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
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Read articles into the library; what it holds already and has not changed is left alone."""
    from ingest.pipeline import ingest as read_in
    from rag.library import open_library

    with (
        _stopping() as stop,
        open_library(_settings(context, library)) as target,
        terminal.progress_bar(shown=not as_json and sys.stderr.isatty()) as show,
    ):
        progress = terminal.IngestProgress(show) if show else None
        report = read_in(
            sources,
            target,
            format_name=format_name,
            follow=follow,
            max_pages=max_pages,
            progress=progress,
            dry_run=dry_run,
            stop=stop,
        )
    if as_json:
        terminal.print_json(report.as_json())
    else:
        terminal.print_report(report)
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
        terminal.print_json(answer_json(answer))
    else:
        terminal.print_answer(answer)


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
        terminal.print_json({"evidence": [evidence_json(evidence) for evidence in found]})
    else:
        terminal.print_evidence(found)


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
        terminal.print_json({"articles": [article_json(ref) for ref in refs]})
    else:
        for ref in refs:
            terminal.say(f"{ref.id}  {terminal.about(ref)}")


@app.command()
def show(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ARTICLE_ID")],
    changes: Annotated[bool, typer.Option("--changes", help="Print what its last correction changed.")] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Print one article, exactly as quotes are cut from it, or what changed in it."""
    if changes:
        _show_changes(context, article_id, library=library, as_json=as_json)
        return
    from rag.types import article_json

    with _desk(context, library) as desk:
        article = desk.article(article_id)
    facts = {"authors": list(article.authors), "language": article.language, "fetched": article.fetched.isoformat()}
    if as_json:
        terminal.print_json({**article_json(article.ref), **facts, "text": article.text})
        return
    terminal.say(article.ref.title or "(no title)")
    terminal.say(terminal.byline(article.ref) + (f", by {', '.join(article.authors)}" if article.authors else ""))
    terminal.say(f"{article.ref.url}\n\n{article.text}".lstrip())


def _show_changes(context: typer.Context, article_id: str, *, library: Path | None, as_json: bool) -> None:
    with _desk(context, library) as desk:
        found = desk.changes(article_id)
    if as_json:
        terminal.print_json(found.as_json())
    else:
        terminal.print_changes(found)


@app.command()
def answers(
    context: typer.Context,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="Saved output of `newsdesk ask --json`; - reads it.")
    ] = None,
    citing: Annotated[
        str | None, typer.Option("--citing", metavar="ARTICLE_ID", help="Only answers that cite it.")
    ] = None,
    outdated: Annotated[
        bool, typer.Option("--outdated", help="Only answers with a quote that no longer holds.")
    ] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check the quotes of saved answers (or of those kept under NEWSDESK_KEEP_ANSWERS) against today's articles."""
    from rag.kept import checked_answers

    with _desk(context, library) as desk:
        saved = [(name, _saved_answer(name)) for name in files] if files else None
        found = checked_answers(desk.library.archive, saved, citing=citing, outdated=outdated)
    if as_json:
        terminal.print_json({"answers": [answer.as_json() for answer in found]})
    else:
        terminal.print_checked(found)
    if any(not answer.holds for answer in found):
        raise typer.Exit(1)


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
        terminal.print_json({"removed": [name for name, done in removed.items() if done], "missing": missing})
    else:
        terminal.say(f"{len(removed) - len(missing)} removed")
        for article_id in missing:
            terminal.complain(f"no article {article_id!r} in this library; `newsdesk articles` lists them")
    if missing:
        raise typer.Exit(1)


@feeds.command("add")
def add_feed(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a page that names its feed.")],
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="Fetch the page of every entry, or take the feed's own text.")
    ] = True,
    library: LibraryFolder = None,
) -> None:
    """Subscribe to a feed; `newsdesk feeds poll` brings in its articles."""
    from ingest.feed_discovery import add_feed as subscribe

    with _library_and_fetcher(context, library) as (target, fetcher):
        feed = subscribe(target, fetcher, url, follow=follow, now=datetime.now(UTC))
    terminal.say(f"subscribed to {feed.url}  {feed.title}".rstrip())


@feeds.command("list")
def list_feeds(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """List the subscriptions with their last poll."""
    from dataclasses import asdict

    with _desk(context, library) as desk:
        found = desk.library.archive.feeds.feeds()
    if as_json:
        terminal.print_json({"feeds": [asdict(feed) for feed in found]})
    else:
        terminal.print_feeds(found)


@feeds.command("remove")
def remove_feed(
    context: typer.Context,
    urls: Annotated[list[str], typer.Argument(metavar="URL...")],
    library: LibraryFolder = None,
) -> None:
    """End subscriptions; the articles that they brought stay."""
    with _desk(context, library) as desk:
        desk.library.refuse_if_read_only()
        missing = [url for url in urls if not desk.library.archive.feeds.remove(url)]
    terminal.say(f"{len(urls) - len(missing)} removed")
    for url in missing:
        terminal.complain(f"no subscription to {url!r}; `newsdesk feeds list` shows them")
    if missing:
        raise typer.Exit(1)


@feeds.command("poll")
def poll_feeds(
    context: typer.Context,
    urls: Annotated[list[str] | None, typer.Argument(metavar="[URL]...", help="Only these subscriptions.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Read every feed whole, changed or not.")] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Bring in what is new in the feeds; safe to run twice at once, made for cron."""
    from ingest.subscriptions import poll

    with (
        _stopping() as stop,
        _library_and_fetcher(context, library) as (target, fetcher),
        terminal.progress_bar(shown=not as_json and sys.stderr.isatty()) as show,
    ):
        progress = terminal.IngestProgress(show) if show else None
        report = poll(
            target, fetcher, urls=urls or (), now=datetime.now(UTC), force=force, progress=progress, stop=stop
        )
    if as_json:
        terminal.print_json(report.as_json())
    else:
        terminal.print_poll(report)
    if report.failed or not report.complete or any(feed.problems for feed in report.feeds):
        raise typer.Exit(1)


@app.command()
def rebuild(context: typer.Context, library: LibraryFolder = None) -> None:
    """Make both indexes anew from the archive; needs no source again."""
    from rag.library import open_library

    with open_library(_settings(context, library), create=False) as target:
        with terminal.progress_bar(shown=sys.stderr.isatty()) as bar:
            target.rebuild(partial(bar, "articles") if bar else None)
        terminal.print_status(target.status())


@app.command()
def status(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """Tell what the library holds and whether its indexes are sound; exit code 1 where they are not."""
    from dataclasses import asdict

    from rag.library import open_library

    with open_library(_settings(context, library), create=False) as target:
        found = target.status()
    if as_json:
        terminal.print_json(asdict(found) | {"clean": found.clean})
    else:
        terminal.print_status(found)
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


@contextmanager
def _library_and_fetcher(context: typer.Context, library: Path | None) -> Iterator[tuple[Library, Fetcher]]:
    from ingest.fetch import Fetcher
    from rag.library import open_library

    settings = _settings(context, library)
    with open_library(settings) as target, Fetcher(settings) as fetcher:
        yield target, fetcher


def _saved_answer(name: str) -> Any:
    import json

    try:
        return json.loads(sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UsageError(f"{name!r} cannot be read: {reason}; name a file of `newsdesk ask --json`") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name!r} is not JSON; name a file with the output of `newsdesk ask --json`") from error


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


if __name__ == "__main__":
    main()
