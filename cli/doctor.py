"""Whether everything works here: the command doctor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli import checkup
from cli.options import AsJson, LibraryFolder, opened_library, settings_for
from cli.terminal import echo, one_line, print_json

if TYPE_CHECKING:
    from cli.checkup import Finding
    from rag.settings import Settings

group = typer.Typer()

_MARKS = {"fine": "ok  ", "note": "note", "wrong": "NO  "}


@group.command()
def doctor(
    context: typer.Context,
    letter: Annotated[
        str | None, typer.Option("--newsletter", metavar="CONFIG.toml", help="Also look at this newsletter.")
    ] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Also ask the language model and the mail server whether they answer.")
    ] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> int:
    """Look whether everything works here, and say what to do where it does not."""
    settings = settings_for(context, library)
    found = [*_of_installation(settings), *_of_library(settings)]
    if online:
        found += checkup.guarded("model server", lambda: checkup.model_server(settings))
    if letter is not None:
        found += _of_newsletter(letter, online=online)
    wrong = sum(one.state == "wrong" for one in found)
    if as_json:
        print_json({"works": not wrong, "findings": [asdict(one) for one in found]})
    else:
        for one in found:
            _print(one)
        echo("everything that was looked at works" if not wrong else f"{wrong} to mend")
    return 1 if wrong else 0


def _of_installation(settings: Settings) -> Iterator[Finding]:
    yield from checkup.guarded("environment", checkup.environment)
    yield from checkup.guarded("disk", lambda: checkup.disk(settings))
    yield from checkup.guarded("embedder", lambda: checkup.embedder(settings))
    yield from checkup.guarded("model", lambda: checkup.language_model(settings))
    yield from checkup.guarded("audio", checkup.audio)


def _of_library(settings: Settings) -> list[Finding]:
    def check() -> Iterator[Finding]:
        with opened_library(settings) as opened:
            yield from checkup.library(opened, now=datetime.now(UTC))

    return checkup.guarded("library", check)


def _of_newsletter(file: str, *, online: bool) -> list[Finding]:
    password = checkup.smtp_password()

    def check() -> Iterator[Finding]:
        config = checkup.config_of(file)
        yield from checkup.mail(config, password=password)
        if online:
            yield from checkup.guarded("mail server", lambda: checkup.mail_server(config, password=password))

    return checkup.guarded("newsletter", check)


def _print(finding: Finding) -> None:
    echo(f"{_MARKS[finding.state]}  {finding.name}: {one_line(finding.said)}")
    if finding.remedy:
        echo(f"      {one_line(finding.remedy)}")
