"""Questions and what they are answered from: the commands ask, search, articles, show, answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import output
from cli.options import (
    After,
    AsJson,
    AsOf,
    Before,
    Libraries,
    LibraryFolder,
    Outlets,
    Tags,
    asked_desk,
    desk_of,
    opened_desk,
    reading_for,
    scope_of,
    settings_for,
)
from cli.terminal import echo, echo_error, print_json
from rag.errors import UsageError
from rag.text.formatting import clipped, count, day_in_words

if TYPE_CHECKING:
    from rag.desk import Desk
    from rag.types import ArticleRef

_OPENING_SHOWN = 70

group = typer.Typer()


@group.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question; - reads it from standard input.")],
    history: Annotated[
        list[str] | None, typer.Option("--history", help="An earlier question; may be repeated.")
    ] = None,
    after: After = None,
    before: Before = None,
    outlets: Outlets = None,
    tags: Tags = None,
    as_of: AsOf = None,
    further: Annotated[bool, typer.Option("--further", help="Also look for questions to go on with.")] = False,
    library: Libraries = None,
    as_json: AsJson = False,
) -> int:
    """Answer a question with exact quotes, or say that the answer is not in these articles."""
    from rag.public_json import answer_json

    reading, scope = reading_for(context, library), scope_of(after, before, outlets, tags)
    with asked_desk(reading, as_of) as desk:
        text, earlier = _given(question), [_given(one) for one in history or ()]
        answer = desk.ask(text, history=earlier, scope=scope)
        if further:
            answer = replace(answer, further=desk.further_questions(answer))
        openings = _openings(desk, [*(citation.article for citation in answer.citations), *answer.nearest])
    if as_json:
        print_json(answer_json(answer))
    else:
        _print_day(desk)
        output.print_answer(answer, openings)
    return 0


@group.command()
def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="What to look for; - reads it from standard input.")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most passages to print.")] = 10,
    after: After = None,
    before: Before = None,
    outlets: Outlets = None,
    tags: Tags = None,
    as_of: AsOf = None,
    library: Libraries = None,
    as_json: AsJson = False,
) -> int:
    """Find the passages that a question would be answered from."""
    from rag.public_json import evidence_json

    reading, scope = reading_for(context, library), scope_of(after, before, outlets, tags)
    with asked_desk(reading, as_of) as desk:
        found = desk.search(_given(query), limit=limit, scope=scope)
        openings = _openings(desk, (evidence.passage.article for evidence in found))
    then = desk.snapshot_at
    if as_json:
        stood = {"as_of": then.day.isoformat(), "notice": then.notice} if then is not None else {}
        print_json({"evidence": [evidence_json(evidence) for evidence in found], **stood})
    else:
        _print_day(desk)
        output.print_evidence(found, openings)
        if then is not None and then.notice:
            echo_error(then.notice)
    return 0


@group.command()
def articles(
    context: typer.Context,
    after: After = None,
    before: Before = None,
    outlets: Outlets = None,
    tags: Tags = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Most articles to print.")] = None,
    library: Libraries = None,
    as_json: AsJson = False,
) -> int:
    """List the articles, newest first."""
    from rag.public_json import article_json

    reading, scope = reading_for(context, library), scope_of(after, before, outlets, tags)
    with opened_desk(reading) as desk:
        refs = desk.articles(scope=scope, limit=limit)
        if as_json:
            print_json({"articles": [article_json(ref) for ref in refs]})
        else:
            output.print_articles(refs, _openings(desk, refs))
    return 0


@group.command()
def show(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ARTICLE_ID")],
    changes: Annotated[bool, typer.Option("--changes", help="Print what its last correction changed.")] = False,
    library: Libraries = None,
    as_json: AsJson = False,
) -> int:
    """Print one article, exactly as quotes are cut from it, or what changed in it."""
    with opened_desk(reading_for(context, library)) as desk:
        if changes:
            _show_changes(desk, article_id, as_json=as_json)
        else:
            _show_article(desk, article_id, as_json=as_json)
    return 0


@group.command()
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
    forget: Annotated[bool, typer.Option("--forget", help="Delete every answer that the library kept.")] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Check the quotes of saved answers (or of those kept under NEWSDESK_KEEP_ANSWERS) against today's articles."""
    from rag.storage.saved_answers import checked_answers

    if forget and (files or citing is not None or outdated):
        raise UsageError("--forget deletes every kept answer; give it without a file, --citing or --outdated")
    with desk_of(settings_for(context, library)) as desk:
        if forget:
            return _forget_answers(desk, as_json=as_json)
        saved = [(name, _saved_answer(name)) for name in files] if files else None
        found = checked_answers(desk.library.archive, saved, citing=citing, outdated=outdated)
    if as_json:
        print_json({"answers": [answer.as_json() for answer in found]})
    else:
        output.print_checked(found)
    return 0 if all(answer.holds for answer in found) else 1


def _forget_answers(desk: Desk, *, as_json: bool) -> int:
    desk.library.refuse_if_read_only()
    forgotten = desk.library.archive.answers.forget_all()
    if as_json:
        print_json({"forgotten": forgotten})
    else:
        echo(f"{count(forgotten, 'kept answer')} deleted")
    return 0


def _print_day(desk: Desk) -> None:
    if desk.snapshot_at is not None:
        echo(f"As of the end of {day_in_words(desk.snapshot_at.day)} (UTC):")


def _show_article(desk: Desk, article_id: str, *, as_json: bool) -> None:
    from rag.public_json import article_json

    article, tags = desk.article(article_id), desk.tags_of(article_id)
    if as_json:
        facts = {"authors": list(article.authors), "language": article.language, "fetched": article.fetched.isoformat()}
        print_json({**article_json(article.ref), **facts, "tags": list(tags), "text": article.text})
    else:
        output.print_article(article, tags)


def _show_changes(desk: Desk, article_id: str, *, as_json: bool) -> None:
    found = desk.changes(article_id)
    if as_json:
        print_json(found.as_json())
    else:
        output.print_changes(found)


def _openings(desk: Desk, refs: Iterable[ArticleRef]) -> dict[str, str]:
    """The first words of the articles that have no title."""
    untitled = dict.fromkeys(ref.id for ref in refs if not ref.title.strip())
    found = ((name, desk.library.archive.article(name)) for name in untitled)
    return {name: clipped(article.text, _OPENING_SHOWN) for name, article in found if article is not None}


def _given(text: str) -> str:
    return _standard_input() if text == "-" else text


def _standard_input() -> str:
    if sys.stdin is None:
        raise UsageError("standard input is closed; pipe the text in, or give it as an argument")
    return sys.stdin.read()


def _saved_answer(name: str) -> Any:
    try:
        return json.loads(_standard_input() if name == "-" else Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UsageError(f"{name!r} cannot be read: {reason}; name a file of `newsdesk ask --json`") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name!r} is not JSON; name a file with the output of `newsdesk ask --json`") from error
