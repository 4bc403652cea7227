"""What `newsdesk doctor` looks at: each check says how one thing is and, where it is wrong, what to do.

Nothing here goes to the network but the checks that are named for it.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag.errors import NewsdeskError, SettingsError
from rag.text.formatting import count, day_in_words

if TYPE_CHECKING:
    from newsletter.config import NewsletterConfig
    from rag.settings import Settings
    from rag.storage.library import Library

State = Literal["fine", "note", "wrong"]

OLDEST_PYTHON = (3, 11)
LITTLE_ROOM, NO_ROOM = 2 * 2**30, 200 * 2**20
"""Bytes on the library's disk: an index that is built anew takes its size once more."""

OLD_NEWS = timedelta(days=14)
UNPOLLED = timedelta(days=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """How one thing is. `remedy` says what to do, "" where nothing needs to be done."""

    name: str
    state: State
    said: str
    remedy: str = ""


def environment() -> Iterator[Finding]:
    """The Python that runs, and whether all that Newsdesk needs is installed."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        yield Finding(name="python", state="wrong", said=f"Python {version}", remedy="install Python 3.11 or newer")
    else:
        yield Finding(name="python", state="fine", said=f"Python {version}")
    missing = sorted(_missing_packages())
    if missing:
        yield Finding(
            name="packages", state="wrong", said=f"not installed: {', '.join(missing)}", remedy="run `make setup`"
        )
    else:
        yield Finding(name="packages", state="fine", said="all that Newsdesk needs is installed")


def _missing_packages() -> Iterator[str]:
    try:
        needed = importlib.metadata.requires("newsdesk") or []
    except importlib.metadata.PackageNotFoundError:
        yield "newsdesk"
        return
    for requirement in needed:
        if ";" in requirement:  # of an extra, or of another platform
            continue
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield name


def disk(settings: Settings) -> Iterator[Finding]:
    """The room on the disk of the library's folder."""
    folder = settings.library.resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:,.1f} GB free"
    if free < NO_ROOM:
        yield Finding(name="disk", state="wrong", said=said, remedy="make room: the next ingest will not fit")
    elif free < LITTLE_ROOM:
        yield Finding(name="disk", state="note", said=said, remedy="make room before a large ingest or a rebuild")
    else:
        yield Finding(name="disk", state="fine", said=said)


def library(opened: Library, *, now: datetime) -> Iterator[Finding]:
    """What the library holds, whether its indexes have caught up, and how its feeds do."""
    status = opened.status()
    held = f"{count(status.articles, 'article')} in {status.folder}"
    if not status.articles:
        yield Finding(name="library", state="note", said=held, remedy="run `newsdesk ingest SOURCE`")
    elif status.problems:
        yield Finding(name="library", state="wrong", said="; ".join(status.problems), remedy="run `newsdesk rebuild`")
    elif not status.clean:
        yield Finding(
            name="library", state="note", said=f"{held}; the indexes are behind", remedy="ask anything, they catch up"
        )
    else:
        yield Finding(name="library", state="fine", said=held)
    if status.last_published is not None:
        newest = f"the newest article is of {day_in_words(status.last_published)}"
        if now - status.last_published > OLD_NEWS:
            yield Finding(name="news", state="note", said=newest, remedy="ingest newer articles, or poll feeds")
        else:
            yield Finding(name="news", state="fine", said=newest)
    yield from _feeds(opened, now=now)


def _feeds(opened: Library, *, now: datetime) -> Iterator[Finding]:
    feeds = opened.archive.feeds.feeds()
    if not feeds:
        yield Finding(name="feeds", state="fine", said="none; `newsdesk feeds add URL` subscribes to one")
        return
    for feed in feeds:
        if feed.problem:
            yield Finding(
                name="feeds",
                state="wrong",
                said=f"{feed.url}: {feed.problem}",
                remedy="mend that, or run `newsdesk feeds remove URL`",
            )
    waiting = [feed for feed in feeds if feed.polled is None or now - feed.polled > UNPOLLED]
    if waiting:
        yield Finding(
            name="feeds",
            state="note",
            said=f"{len(waiting)} of {count(len(feeds), 'feed')} not polled for two days",
            remedy="run `newsdesk feeds poll` every hour, by cron or the setting poll_minutes",
        )
    elif not any(feed.problem for feed in feeds):
        yield Finding(name="feeds", state="fine", said=f"{count(len(feeds), 'feed')}, polled and without a problem")


def embedder(settings: Settings) -> Iterator[Finding]:
    """Whether the embedding model is on this machine; nothing is fetched."""
    from rag.models.load_embedder import open_embedder
    from rag.models.onnx_export import weights_folder

    if settings.embedder != "hashing" and weights_folder(settings.embedder) is None:
        yield Finding(
            name="embedder",
            state="note",
            said=f"{settings.embedder} is a name of the Hugging Face hub and was not looked for",
            remedy="the first ingest fetches it; name a folder to do without the network",
        )
        return
    yield Finding(name="embedder", state="fine", said=open_embedder(settings).identity)


def language_model(settings: Settings) -> Iterator[Finding]:
    """Whether the language model of the settings can be made; it is not asked anything."""
    from rag.models.chat_model import load_model

    if load_model(settings) is None:
        yield Finding(name="model", state="fine", said="none: answers are quotes, which need none")
        return
    yield Finding(
        name="model",
        state="fine",
        said=f"{settings.model} is set; it was not asked anything",
        remedy="`newsdesk models test` asks it three questions",
    )


def audio() -> Iterator[Finding]:
    """Whether issues could be read out here: an extra, so that its lack is only a note."""
    from newsletter.audio.mp3 import check_encoder
    from newsletter.audio.voice import find_voice

    try:
        voice = find_voice()
        check_encoder()
    except NewsdeskError as error:
        yield Finding(name="audio", state="note", said=str(error), remedy="nothing, unless you want --audio")
        return
    yield Finding(name="audio", state="fine", said=f"{voice.name} reads out, to MP3")


def mail(letter: NewsletterConfig, *, password: str) -> Iterator[Finding]:
    """Whether the newsletter can be made and sent: its template, its readers' addresses, its server's password."""
    from newsletter.addresses import UnusableAddress, deliverable
    from newsletter.html import as_html
    from newsletter.issue import Issue, Section

    last = datetime.now(UTC)
    sections = tuple(Section(title=one.title, items=(), notice="Nothing yet.") for one in letter.sections)
    empty = Issue(
        title=letter.title, language=letter.language, intro=letter.intro, closing=letter.closing, first=None, last=last,
        sections=sections, revision=0, colour=letter.colour,
    )  # fmt: skip
    as_html(empty, letter)
    yield Finding(name="newsletter", state="fine", said=f"{letter.title}: config and template can be used")
    if letter.mail is None or letter.smtp is None:
        yield Finding(name="mail", state="note", said="[mail] or [smtp] is missing: issues are made, none is sent")
        return
    refused = 0
    for address in (letter.mail.sender_address, *letter.mail.to):
        try:
            deliverable(address)
        except UnusableAddress as error:
            refused += 1
            yield Finding(name="mail", state="wrong", said=str(error), remedy="correct the address in the config")
    if letter.smtp.user and not password:
        yield Finding(name="mail", state="wrong", said="the server's password is not set", remedy="set SMTP_PASSWORD")
    elif not refused:
        yield Finding(name="mail", state="fine", said=f"{count(len(letter.mail.to), 'reader')} can be written to")


def mail_server(letter: NewsletterConfig, *, password: str) -> Iterator[Finding]:
    """Whether the mail server answers and takes the password; goes to the network."""
    from newsletter.smtp import try_server

    if letter.smtp is None:
        return
    try_server(letter.smtp, password)
    yield Finding(name="mail server", state="fine", said=f"{letter.smtp.host}:{letter.smtp.port} takes our mail")


def model_server(settings: Settings) -> Iterator[Finding]:
    """Whether the language model answers; goes to where it is."""
    from rag.models.chat_model import load_model, model_failures, translated

    model = load_model(settings)
    if model is None:
        return
    try:
        model.invoke("Say yes.")
    except model_failures() as error:
        raise translated(error) from error
    yield Finding(name="model server", state="fine", said=f"{settings.model} answers")


def guarded(name: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """The findings of a check; one that fails is a finding itself."""
    found: list[Finding] = []
    try:
        found.extend(check())
    except (NewsdeskError, OSError) as error:
        remedy = "correct the setting" if isinstance(error, SettingsError) else ""
        found.append(Finding(name=name, state="wrong", said=str(error), remedy=remedy))
    return found


def smtp_password() -> str:
    """The mail server's password, which stands in the environment alone; "" where it is not set."""
    from newsletter.smtp import PASSWORD_VARIABLE

    return os.environ.get(PASSWORD_VARIABLE, "")


def config_of(file: str | Path) -> NewsletterConfig:
    """The newsletter's config; raises `UsageError` for one that cannot be used."""
    from newsletter.config import load_config

    return load_config(file)
