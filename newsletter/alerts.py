"""Alerts on topics: what came in since the last look, by mail and to an address that takes JSON.

The operator's TOML file names the topics and who is told; beside it a file remembers the last look at each, which moves
on only when everybody was told.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from newsletter.config import Line, MailConfig, NewsletterConfig, SectionConfig, SmtpConfig, read_toml
from newsletter.from_briefing import item_of
from newsletter.issue import Issue, Section
from newsletter.mail import message
from newsletter.smtp import give
from rag.errors import StorageError, UsageError
from rag.summaries.briefing_types import BriefingRequest
from rag.summaries.changes import Changes, changes_json, changes_since

if TYPE_CHECKING:
    from rag.desk import Desk

STORIES, SENTENCES = 8, 2
"""Most stories of an alert, and most quotes of each."""

Post = Callable[[str, bytes], None]
"""Gives JSON to an address; raises a `NewsdeskError` where it is not taken."""


class AlertTopic(BaseModel):
    """A topic, of some outlets alone where they are named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: Annotated[Line, Field(min_length=1)]
    outlets: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Under which its last look is remembered."""
        return "|".join((self.topic, *self.outlets))


class AlertsConfig(BaseModel):
    """The whole file. `webhook` is an address that takes each alert as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[Line, Field(min_length=1)] = "Newsdesk"
    state: str = "alerts.json"
    webhook: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    topics: Annotated[tuple[AlertTopic, ...], Field(min_length=1)]
    mail: MailConfig | None = None
    smtp: SmtpConfig | None = None
    folder: Path = Path()

    @model_validator(mode="after")
    def _tells_somebody(self) -> AlertsConfig:
        if (self.mail is None) != (self.smtp is None):
            raise ValueError("[mail] and [smtp] belong together")
        if self.mail is None and not self.webhook:
            raise ValueError("nobody is told; name a webhook, or [mail] and [smtp]")
        return self


class _Look(BaseModel):
    since: AwareDatetime
    revision: int


_LOOKS = TypeAdapter(dict[str, _Look])


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """What is new on a topic; `is_first` where it was looked at for the first time, so that nothing is new yet."""

    topic: AlertTopic
    found: Changes
    is_first: bool

    @property
    def is_news(self) -> bool:
        """Whether anybody is to be told."""
        return bool(self.found.stories or self.found.corrected)


def load_alerts(file: str | Path) -> AlertsConfig:
    """Read the operator's file; raises `UsageError` naming the key and what may stand there."""
    return read_toml(file, AlertsConfig)


def look(desk: Desk, config: AlertsConfig, *, now: datetime) -> tuple[Alert, ...]:
    """What came in on each topic since the last look; raises `UsageError` for a topic, outlet or memory that cannot be
    used."""
    looks = _read_looks(config)
    alerts = []
    for one in config.topics:
        last = looks.get(one.key)
        since = last.since if last is not None else now
        revision = last.revision if last is not None else desk.status().revision
        asked = desk.question(one.topic, outlets=one.outlets)
        wanted = BriefingRequest.of(topic=asked.text, scope=asked.scope, stories=STORIES, sentences=SENTENCES)
        found = changes_since(desk.library, since, request=wanted, until=now, revision=revision)
        alerts.append(Alert(topic=one, found=found, is_first=last is None))
    return tuple(alerts)


def tell(alerts: Sequence[Alert], config: AlertsConfig, *, post: Post, password: str = "") -> None:
    """Tell everybody what is new, then remember the look. Where that fails nothing is remembered, and the next run
    tells all of it again.

    Raises `MailError`, `UnusableAddress`, `StorageError` or what `post` raises.
    """
    news = [alert for alert in alerts if alert.is_news]
    if config.mail is not None and config.smtp is not None and news:
        letters = [_letter(alert, config, to) for alert in news for to in config.mail.to]
        give(config.smtp, password, letters)
    for alert in news if config.webhook else ():
        body = {"topic": alert.topic.topic, "outlets": list(alert.topic.outlets), **changes_json(alert.found)}
        post(config.webhook, json.dumps(body, ensure_ascii=False).encode())
    _write_looks(config, {alert.topic.key: alert.found for alert in alerts})


def _letter(alert: Alert, config: AlertsConfig, to: str) -> EmailMessage:
    """The alert as a newsletter of one section."""
    title = f"{config.title}: {alert.topic.topic}"
    section = SectionConfig(title=alert.topic.topic)
    letter = NewsletterConfig(title=title, sections=(section,), mail=config.mail, smtp=config.smtp)
    found = alert.found
    items = tuple(item_of(story.told) for story in found.stories)
    corrected = "; ".join(f"{one.article.title} ({one.article.outlet})" for one in found.corrected)
    issue = Issue(
        title=title,
        language="en",
        intro=found.in_words,
        closing=f"Corrected: {corrected}." if corrected else "",
        first=found.since,
        last=found.until,
        sections=(Section(title=section.title, items=items, notice="" if items else found.in_words),),
        revision=found.revision,
    )
    made = message(issue, letter, to=to, now=found.until)
    # Several alerts of a day are several messages.
    made.replace_header("Message-ID", made["Message-ID"].replace("<", f"<{found.revision}.", 1))
    return made


def _read_looks(config: AlertsConfig) -> dict[str, _Look]:
    file = config.folder / config.state
    try:
        return _LOOKS.validate_json(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise UsageError(f"{file.name} is no memory of alerts; remove it, and news count from now on") from error


def _write_looks(config: AlertsConfig, found: Mapping[str, Changes]) -> None:
    """In one step: a run that is killed leaves the memory of before."""
    file = config.folder / config.state
    looks: dict[str, Any] = {
        key: {"since": one.until.isoformat(), "revision": one.revision} for key, one in found.items()
    }
    try:
        beside = file.with_name(f"{file.name}.new")
        beside.write_text(json.dumps(looks, indent=1, ensure_ascii=False), encoding="utf-8")
        os.replace(beside, file)
    except OSError as error:
        raise StorageError(f"cannot write {file.name!r} ({(error.strerror or '').lower()}); make room") from error
