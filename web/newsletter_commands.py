"""What `newsdesk newsletter` and `newsdesk send` do: each prints its result and returns the exit code.

Errors meant for the reader are raised.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter import build_issue, load_config, render, write_issue
from newsletter.formats import FORMATS, Format
from newsletter.issue import issue_json
from newsletter.smtp import PASSWORD_VARIABLE, remember, send_issue
from rag.desk import Desk
from rag.errors import UsageError
from rag.question.outlets import named_outlets
from rag.settings import Settings
from rag.storage.library import open_library
from rag.text.formatting import count
from web.terminal import echo, echo_error, print_json, progress_bar

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter import Issue, NewsletterConfig


def newsletter(
    settings: Settings, config_file: str, *, out: str | None, form: str | None, as_json: bool, now: datetime
) -> int:
    """Build an issue and write it into a folder, or print it in one format; 1 where every section is empty."""
    if form is not None and form not in FORMATS:
        raise UsageError(f"there is no format {form!r}; take one of {', '.join(FORMATS)}")
    if out is None and form is None and not as_json:
        form = "text"
    config = load_config(config_file)
    with _desk(settings) as desk, _progress("sections") as progress:
        issue = build_issue(desk, _with_named_outlets(config, desk), now=now, progress=progress)
    written = write_issue(issue, out, config=config) if out is not None else {}
    if as_json:
        print_json(issue_json(issue) | ({"files": [str(file) for file in written.values()]} if written else {}))
    elif form is not None:
        echo(render(issue, form, config=config).rstrip("\n"))  # type: ignore[arg-type]  # checked above
    else:
        _say_what_was_made(issue, written)
    return 0 if issue.items else 1


def send(settings: Settings, config_file: str, *, out: str, dry_run: bool, only_remember: bool, now: datetime) -> int:
    """Send today's issue to its readers, or only note that it went out; 1 where the server refused somebody."""
    config = load_config(config_file)
    with _desk(settings) as desk:
        issue = build_issue(desk, _with_named_outlets(config, desk), now=now)
        if not issue.items:
            echo_error("every section is empty, so nothing is sent")
            return 1
        if only_remember:
            if not dry_run:
                remember(issue, config, desk)
            echo(f"noted as sent: {issue.title}, {issue.day}" if not dry_run else "dry run: nothing was noted")
            return 0
        password = os.environ.get(PASSWORD_VARIABLE, "")
        with _progress("messages") as progress:
            delivery = send_issue(issue, config, desk, Path(out), password=password, dry_run=dry_run, progress=progress)
    if dry_run:
        waiting = len(config.mail.to) - len(delivery.before) if config.mail else 0
        echo(f"dry run: {count(waiting, 'message')} would go out, {len(delivery.before)} have it already")
        return 0
    echo(f"{count(len(delivery.sent), 'message')} sent, {len(delivery.before)} had it already")
    for address, reason in delivery.refused:
        echo_error(f"{address}: {reason}; correct the address and run the same command again")
    return 1 if delivery.refused else 0


def _say_what_was_made(issue: Issue, written: Mapping[Format, Path]) -> None:
    stories = count(len(issue.items), "story", "stories")
    echo(f"{issue.title}, {issue.period_in_words}: {stories}, {count(len(issue.citations), 'quote')}")
    for section in issue.sections:
        echo(f"    {section.title}: {section.notice or count(len(section.items), 'story', 'stories')}")
    for file in written.values():
        echo(str(file))


def _with_named_outlets(config: NewsletterConfig, desk: Desk) -> NewsletterConfig:
    """The config with outlets as the library writes them; raises `UsageError` for one that it does not have."""
    known = desk.outlets()
    sections = tuple(
        section.model_copy(update={"outlets": named_outlets(section.outlets, known)}) if section.outlets else section
        for section in config.sections
    )
    return config.model_copy(update={"sections": sections})


def _desk(settings: Settings) -> Desk:
    return Desk(open_library(settings, create=False))


@contextmanager
def _progress(words: str) -> Iterator[Callable[[int, int], None] | None]:
    with progress_bar(shown=sys.stderr.isatty()) as bar:
        if bar is None:
            yield None
            return
        show = bar
        yield lambda done, total: show(f"{done} of {total} {words}", done, total)
