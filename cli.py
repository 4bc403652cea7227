"""The command line `newsdesk`: what each command takes.

Each returns its exit code: 0 done; 1 something could not be read, found or used; 2 the command itself is wrong. What
the commands do stands in `web/read_commands.py` and `web/write_commands.py`, imported by the command that needs it, so
that `newsdesk --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.errors import NewsdeskError
from web import terminal

if TYPE_CHECKING:
    from rag.settings import Settings

# What typer raises for a command that was typed wrongly; it exports only the leaves.
_WrongUse: Any = typer.BadParameter.__bases__[0]


class _Commands(typer.core.TyperGroup):
    """Ends the process with what a command returns; a failure that is meant for a reader becomes one line."""

    def main(self, args: Sequence[str] | None = None, *arguments: Any, **options: Any) -> Any:
        given = list(sys.argv[1:] if args is None else args)
        try:
            sys.exit(super().main(given, *arguments, **options | {"standalone_mode": False}) or 0)
        except (NewsdeskError, OSError, _WrongUse) as error:
            from web.failures import report_failure

            sys.exit(report_failure(error, given))


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

models = typer.Typer(rich_markup_mode=None, help="Language models: which could be used, fetch one, try one.")
app.add_typer(models, name="models")

feedback = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What readers said of answers on the page.")
app.add_typer(feedback, name="feedback")

users = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who may open the page (NEWSDESK_USERS).")
app.add_typer(users, name="users")

LibraryFolder = Annotated[
    str | None, typer.Option("--library", metavar="DIR", help="The library's folder (or NEWSDESK_LIBRARY).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
After = Annotated[str | None, typer.Option("--after", metavar="DATE", help="Published on this date or later.")]
Before = Annotated[str | None, typer.Option("--before", metavar="DATE", help="Published on this date or earlier.")]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="PERIOD", help="7d, 24h or 2w before now, or a date: published then or later."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Only what was known by the end of this day, as it stood then."),
]
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
) -> int:
    """Read articles into the library; what it holds already and has not changed is left alone."""
    from web import write_commands

    return write_commands.ingest(
        _settings(context, library),
        sources,
        format_name=format_name,
        follow=follow,
        max_pages=max_pages,
        dry_run=dry_run,
        as_json=as_json,
    )


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
    as_of: AsOf = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Answer a question with exact quotes, or say that the answer is not in these articles."""
    from web import read_commands

    settings, scope = _settings(context, library), _scope(after, before, outlets)
    return read_commands.ask(settings, question, history=history or (), **scope, as_of=as_of, as_json=as_json)


@app.command()
def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="What to look for; - reads it from standard input.")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most passages to print.")] = 10,
    after: After = None,
    before: Before = None,
    outlets: Outlets = None,
    as_of: AsOf = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Find the passages that a question would be answered from."""
    from web import read_commands

    settings, scope = _settings(context, library), _scope(after, before, outlets)
    return read_commands.search(settings, query, limit=limit, **scope, as_of=as_of, as_json=as_json)


@app.command()
def briefing(
    context: typer.Context,
    topic: Annotated[str, typer.Option("--topic", metavar="TEXT", help="Only what is about this.")] = "",
    since: Since = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Published on this date or earlier.")
    ] = None,
    outlets: Outlets = None,
    stories: Annotated[int, typer.Option("--stories", min=1, help="Most stories to print.")] = 5,
    sentences: Annotated[int, typer.Option("--sentences", min=1, help="Most quotes of each story.")] = 3,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Tell the stories of a period or topic in quotes, with the outlets and with what they dispute."""
    from web import briefing_commands

    return briefing_commands.briefing(
        _settings(context, library),
        topic=topic,
        since=since,
        until=until,
        outlets=outlets or (),
        stories=stories,
        sentences=sentences,
        as_json=as_json,
        now=datetime.now(UTC),
    )


@app.command()
def summarize(
    context: typer.Context,
    articles: Annotated[
        list[str] | None, typer.Argument(metavar="[ARTICLE_ID]...", help="One article, or several together.")
    ] = None,
    story: Annotated[
        str, typer.Option("--story", metavar="ARTICLE_ID", help="The whole story that this article tells.")
    ] = "",
    about: Annotated[
        str, typer.Option("--about", metavar="TEXT", help="A topic or question; of the named articles, what is on it.")
    ] = "",
    sentences: Annotated[
        int | None, typer.Option("--sentences", min=1, help="Most sentences; 3 where no length is given.")
    ] = None,
    words: Annotated[int | None, typer.Option("--words", min=1, help="Most words, instead of --sentences.")] = None,
    after: After = None,
    before: Before = None,
    outlets: Outlets = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Summarise articles, a story, a topic or a period in cited sentences, never longer than asked for."""
    from web import summary_commands

    settings, scope = _settings(context, library), _scope(after, before, outlets)
    return summary_commands.summarize(
        settings,
        articles or (),
        story=story,
        about=about,
        sentences=sentences,
        words=words,
        **scope,
        as_json=as_json,
    )


@app.command()
def newsletter(
    context: typer.Context,
    config: Annotated[str, typer.Argument(metavar="CONFIG.toml")],
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Write HTML, text, Markdown, JSON and .eml here.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="Print it: html, text, markdown, json or eml.")
    ] = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Build an issue of a newsletter: cited, no story twice, nothing that an earlier issue told."""
    from web import newsletter_commands

    settings, now = _settings(context, library), datetime.now(UTC)
    return newsletter_commands.newsletter(settings, config, out=out, form=form, as_json=as_json, now=now)


@app.command()
def send(
    context: typer.Context,
    config: Annotated[str, typer.Argument(metavar="CONFIG.toml")],
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="Keeps the list of who has got it.")] = ".",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Make every message and send none.")] = False,
    only_remember: Annotated[
        bool, typer.Option("--only-remember", help="Note that the issue went out; it was sent in another way.")
    ] = False,
    library: LibraryFolder = None,
) -> int:
    """Send today's issue by SMTP, one message a reader; a second run sends only what is missing."""
    from web import newsletter_commands

    settings, now = _settings(context, library), datetime.now(UTC)
    return newsletter_commands.send(settings, config, out=out, dry_run=dry_run, only_remember=only_remember, now=now)


@app.command()
def timeline(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(metavar="TOPIC")],
    since: Since = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most events to print.")] = 20,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """List the dated events of a topic, oldest first; with --since only what is new since then."""
    from web import briefing_commands

    settings, now = _settings(context, library), datetime.now(UTC)
    return briefing_commands.timeline(settings, topic, since=since, limit=limit, as_json=as_json, now=now)


@app.command()
def articles(
    context: typer.Context,
    after: After = None,
    before: Before = None,
    outlets: Outlets = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Most articles to print.")] = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """List the articles, newest first."""
    from web import read_commands

    settings, scope = _settings(context, library), _scope(after, before, outlets)
    return read_commands.articles(settings, limit=limit, **scope, as_json=as_json)


@app.command()
def show(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ARTICLE_ID")],
    changes: Annotated[bool, typer.Option("--changes", help="Print what its last correction changed.")] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Print one article, exactly as quotes are cut from it, or what changed in it."""
    from web import read_commands

    printed = read_commands.changes if changes else read_commands.show
    return printed(_settings(context, library), article_id, as_json=as_json)


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
) -> int:
    """Check the quotes of saved answers (or of those kept under NEWSDESK_KEEP_ANSWERS) against today's articles."""
    from web import read_commands

    settings = _settings(context, library)
    return read_commands.answers(settings, files or (), citing=citing, outdated=outdated, as_json=as_json)


@app.command()
def remove(
    context: typer.Context,
    article_ids: Annotated[list[str], typer.Argument(metavar="ARTICLE_ID...")],
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Remove articles; they stop answering at once."""
    from web import write_commands

    return write_commands.remove(_settings(context, library), article_ids, as_json=as_json)


@feeds.command("add")
def add_feed(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a page that names its feed.")],
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="Fetch the page of every entry, or take the feed's own text.")
    ] = True,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Subscribe to a feed; `newsdesk feeds poll` brings in its articles."""
    from web import write_commands

    return write_commands.add_feed(_settings(context, library), url, follow=follow, as_json=as_json)


@feeds.command("list")
def list_feeds(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> int:
    """List the subscriptions with their last poll."""
    from web import write_commands

    return write_commands.list_feeds(_settings(context, library), as_json=as_json)


@feeds.command("remove")
def remove_feed(
    context: typer.Context,
    urls: Annotated[list[str], typer.Argument(metavar="URL...")],
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """End subscriptions; the articles that they brought stay."""
    from web import write_commands

    return write_commands.remove_feeds(_settings(context, library), urls, as_json=as_json)


@feeds.command("poll")
def poll_feeds(
    context: typer.Context,
    urls: Annotated[list[str] | None, typer.Argument(metavar="[URL]...", help="Only these subscriptions.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Read every feed whole, changed or not.")] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Bring in what is new in the feeds; safe to run twice at once, made for cron."""
    from web import write_commands

    return write_commands.poll_feeds(_settings(context, library), urls or (), force=force, as_json=as_json)


@models.callback(invoke_without_command=True)
def _models(context: typer.Context, as_json: AsJson = False) -> int:
    # The options of a command stand after it; without a command this is the list.
    return 0 if context.invoked_subcommand else list_models(context, as_json=as_json)


@models.command("list")
def list_models(context: typer.Context, as_json: AsJson = False) -> int:
    """List what could be used here and now, and what could be fetched."""
    from web import model_commands

    return model_commands.list_models(_settings(context, None), as_json=as_json)


@models.command("get")
def get_model(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A recommended model; `newsdesk models` names them.")],
    as_json: AsJson = False,
) -> int:
    """Fetch a recommended model from the Hugging Face hub; the same command goes on after a break."""
    from web import model_commands

    return model_commands.get_model(_settings(context, None), name, as_json=as_json)


@models.command("test")
def try_model(
    context: typer.Context,
    model: Annotated[
        str | None, typer.Option("--model", metavar="SPEC", help="This model instead of the one in NEWSDESK_MODEL.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Ask a model three questions over the sample articles, and show what the check did with its answers."""
    from web import model_commands

    return model_commands.try_model(_settings(context, None), model, as_json=as_json)


@app.command()
def rebuild(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> int:
    """Make both indexes anew from the archive; needs no source again."""
    from web import write_commands

    return write_commands.rebuild(_settings(context, library), as_json=as_json)


@app.command()
def status(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> int:
    """Tell what the library holds and whether its indexes are sound; exit code 1 where they are not."""
    from web import read_commands

    return read_commands.status(_settings(context, library), as_json=as_json)


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen on.")] = 7860,
    library: LibraryFolder = None,
) -> None:
    """Open the chat page on this library until Ctrl-C."""
    from web.launch import serve as serve_page

    serve_page(_settings(context, library), host=host, port=port, sample=False)


@app.command()
def mcp(
    context: typer.Context,
    http: Annotated[bool, typer.Option("--http", help="Serve over HTTP at /mcp, not on standard input.")] = False,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen on.")] = 7861,
    library: LibraryFolder = None,
) -> int:
    """Serve the library to assistants as tools of the Model Context Protocol."""

    from web import server_commands

    return server_commands.serve_tools(_settings(context, library), http=http, host=host, port=port)


@feedback.command("export")
def export_feedback(context: typer.Context, library: LibraryFolder = None) -> int:
    """Print what readers said as JSON lines, each with an evaluation case to be reviewed."""

    from web import server_commands

    return server_commands.export_feedback(_settings(context, library))


@users.command("add")
def add_user(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    from_stdin: Annotated[bool, typer.Option("--stdin", help="Read the password from standard input.")] = False,
) -> int:
    """Add a user, or give one another password."""

    from web import server_commands

    return server_commands.add_user(_settings(context, None), name, from_stdin=from_stdin)


@users.command("list")
def list_users(context: typer.Context, as_json: AsJson = False) -> int:
    """List the users."""

    from web import server_commands

    return server_commands.list_users(_settings(context, None), as_json=as_json)


@users.command("remove")
def remove_user(context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")]) -> int:
    """Remove a user; the password stops working at once."""

    from web import server_commands

    return server_commands.remove_user(_settings(context, None), name)


def main() -> None:
    """The entry point of `newsdesk`; output never fails on characters that the terminal does not have."""
    terminal.accept_every_character()
    # Model libraries draw bars of their own on standard error, where only our complaints belong.
    os.environ.setdefault("TQDM_DISABLE", "1")
    app(prog_name="newsdesk")


def _settings(context: typer.Context, library: str | None) -> Settings:
    from rag.settings import load_settings

    return load_settings(library=context.obj if library is None else library)


def _scope(after: str | None, before: str | None, outlets: Sequence[str] | None) -> dict[str, Any]:
    return {"after": after, "before": before, "outlets": outlets or ()}


if __name__ == "__main__":
    main()
