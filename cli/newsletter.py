"""Issues of a newsletter: the commands newsletter and send."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, Audio, LibraryFolder, desk_of, opened_studio, settings_for
from cli.terminal import echo, echo_error, print_json, progress_bar
from rag.errors import UsageError
from rag.text.formatting import count

if TYPE_CHECKING:
    from newsletter import Issue
    from newsletter.formats import Format
    from newsletter.smtp import Delivery
    from rag.desk import Desk

group = typer.Typer()

EditsFile = Annotated[
    str | None, typer.Option("--edits", metavar="EDITS.toml", help="The editor's changes: order, quotes, notes.")
]


@group.command()
def newsletter(
    context: typer.Context,
    config: Annotated[str, typer.Argument(metavar="CONFIG.toml")],
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Write HTML, text, Markdown, JSON and .eml here.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="Print it: html, text, markdown, json or eml.")
    ] = None,
    edits: EditsFile = None,
    audio: Audio = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Build an issue of a newsletter: cited, no story twice, nothing that an earlier issue told."""
    from newsletter import build_issue, load_config, render, write_issue
    from newsletter.issue import issue_json

    settings, now = settings_for(context, library), datetime.now(UTC)
    if form is None and out is None and audio is None and not as_json:
        form = "text"
    printed = None if form is None else _format(form)
    letter = load_config(config)
    studio = opened_studio(audio)
    with desk_of(settings) as desk, _progress("sections") as progress:
        issue = _edited(build_issue(desk, letter, now=now, progress=progress), edits, desk)
    written = list(write_issue(issue, out, config=letter).values()) if out is not None else []
    if studio is not None:
        with _progress("chapters") as progress:
            written += studio.produce(issue, letter, progress=progress)
    if as_json:
        print_json(issue_json(issue) | ({"files": [str(file) for file in written]} if written else {}))
    elif printed is not None:
        echo(render(issue, printed, config=letter).rstrip("\n"), is_exact=True)
    else:
        _print_written(issue, written)
    return 0 if issue.items else 1


@group.command()
def designs(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Print the template of this one.")] = None,
) -> int:
    """Name the designs of newsletters, or print the template of one, to be copied and named as `template`."""
    from newsletter.config import DESIGNS
    from newsletter.html import design_source

    if name is None:
        echo("\n".join(DESIGNS))
        return 0
    if name not in DESIGNS:
        raise UsageError(f"there is no design {name!r}; take one of {', '.join(DESIGNS)}")
    echo(design_source(name).rstrip("\n"), is_exact=True)
    return 0


@group.command()
def send(
    context: typer.Context,
    config: Annotated[str, typer.Argument(metavar="CONFIG.toml")],
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="Keeps the list of who has got it.")] = ".",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Make every message and send none.")] = False,
    test: Annotated[
        str | None, typer.Option("--test", metavar="ADDRESS", help="Send it to this address alone and note nothing.")
    ] = None,
    only_remember: Annotated[
        bool, typer.Option("--only-remember", help="Note that the issue went out; it was sent in another way.")
    ] = False,
    edits: EditsFile = None,
    library: LibraryFolder = None,
) -> int:
    """Send today's issue by SMTP, one message a reader; a second run sends only what is missing."""
    from newsletter import build_issue, load_config
    from newsletter.smtp import PASSWORD_VARIABLE, remember, send_issue, send_test

    settings, now = settings_for(context, library), datetime.now(UTC)
    letter = load_config(config)
    with desk_of(settings) as desk:
        issue = _edited(build_issue(desk, letter, now=now), edits, desk)
        if not issue.items:
            echo_error("every section is empty, so nothing is sent")
            return 1
        if only_remember:
            if not dry_run:
                remember(issue, letter, desk)
            echo(f"noted as sent: {issue.title}, {issue.day}" if not dry_run else "dry run: nothing was noted")
            return 0
        password = os.environ.get(PASSWORD_VARIABLE, "")
        if test is not None:
            send_test(issue, letter, test, password=password)
            echo(f"a test went to {test}")
            return 0
        with _progress("messages") as progress:
            delivery = send_issue(issue, letter, desk, Path(out), password=password, dry_run=dry_run, progress=progress)
    if dry_run:
        waiting = len(letter.mail.to) - len(delivery.before) - len(delivery.refused) if letter.mail else 0
        echo(f"dry run: {count(waiting, 'message')} would go out, {len(delivery.before)} have it already")
    else:
        echo(f"{count(len(delivery.sent), 'message')} sent, {len(delivery.before)} had it already")
    return _print_refused(delivery)


def _edited(issue: Issue, edits: str | None, desk: Desk) -> Issue:
    from newsletter.builder import verify
    from newsletter.editing import edited
    from newsletter.edits import Edits

    if edits is None:
        return issue
    made = edited(issue, Edits.read(edits), desk)
    verify(made, desk)
    return made


def _format(name: str) -> Format:
    from newsletter.formats import FORMATS

    for form in FORMATS:
        if form == name:
            return form
    raise UsageError(f"there is no format {name!r}; take one of {', '.join(FORMATS)}")


def _print_written(issue: Issue, written: Sequence[Path]) -> None:
    stories = count(len(issue.items), "story", "stories")
    echo(f"{issue.title}, {issue.period_in_words}: {stories}, {count(len(issue.citations), 'quote')}")
    for section in issue.sections:
        echo(f"    {section.title}: {section.notice or count(len(section.items), 'story', 'stories')}")
    for file in written:
        echo(str(file))


def _print_refused(delivery: Delivery) -> int:
    for address, reason in delivery.refused:
        echo_error(f"{address}: {reason}; correct the address and run the same command again")
    return 1 if delivery.refused else 0


@contextmanager
def _progress(words: str) -> Iterator[Callable[[int, int], None] | None]:
    with progress_bar() as bar:
        if bar is None:
            yield None
            return
        show = bar
        yield lambda done, total: show(f"{done} of {total} {words}", done, total)
