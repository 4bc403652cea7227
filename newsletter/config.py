"""What a newsletter's TOML file says. Unknown keys are refused; the documentation is in `docs/guide.md`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from newsletter.toml_file import as_toml, first_fault
from rag.errors import UsageError

USUAL_PERIOD = "7d"
_ADDRESS = r"^[^@\s<>,;\"]+@[^@\s<>,;\"]+$"
_LINE = r"^[^\r\n]*$"

Design = Literal["classic", "bulletin", "letter"]
DESIGNS: tuple[Design, ...] = get_args(Design)

Config = TypeVar("Config", bound=BaseModel)

Line = Annotated[str, Field(pattern=_LINE, max_length=300)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SectionConfig(_Strict):
    """One section: its stories are those of a topic, a period, some outlets and tags, the most important first.

    `sentences` limits each story, `words` the whole section. `prose` lets the language model of the settings write
    each story; without one it is quotes. An empty section is left out unless it is to be shown (`show_empty`).
    """

    title: Annotated[Line, Field(min_length=1)]
    topic: Line = ""
    period: str = ""
    outlets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    stories: Annotated[int, Field(ge=1, le=50)] = 5
    sentences: Annotated[int, Field(ge=1, le=20)] = 3
    words: Annotated[int, Field(ge=10)] | None = None
    prose: bool = False
    show_empty: bool = False


class MailConfig(_Strict):
    """From whom and to whom. Every address gets a message of its own: no reader sees another."""

    sender: Line
    sender_address: Annotated[str, Field(pattern=_ADDRESS)]
    to: Annotated[tuple[Annotated[str, Field(pattern=_ADDRESS)], ...], Field(min_length=1)]
    subject: Line = ""
    unsubscribe: Annotated[str, Field(pattern=r"^(https://|mailto:)\S+$")] | None = None


class SmtpConfig(_Strict):
    """The server that `newsdesk send` gives the messages to. Its password comes from the environment alone."""

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""


class PodcastConfig(_Strict):
    """The podcast of issues that are read out (`--audio`): `address` is where the folder of its files is served.

    `link` is the page of the podcast, by default its folder; `image` an address (Apple asks for 1,400 to 3,000 pixels
    in square), `category` one of Apple's.
    """

    address: Annotated[str, Field(pattern=r"^https?://\S+/$")]
    author: Line = ""
    description: str = ""
    link: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    image: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    category: Line = "News"


class NewsletterConfig(_Strict):
    """A whole newsletter. Relative paths are relative to the file's folder, which is `folder`.

    `lead_sentences` limits the first story, by default to two more than its section's others. `view` is where readers
    find the issue's page, with {day} and {number} for those of the issue.
    """

    title: Annotated[Line, Field(min_length=1)]
    intro: str = ""
    closing: str = ""
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    period: str = USUAL_PERIOD
    until: str = ""
    design: Design = "classic"
    colour: str = "#8c1d18"
    template: str = ""
    contents: bool = True
    lead_sentences: Annotated[int, Field(ge=1, le=20)] | None = None
    first_number: Annotated[int, Field(ge=1)] = 1
    view: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    sent: str = "sent.json"
    sections: Annotated[tuple[SectionConfig, ...], Field(min_length=1)]
    mail: MailConfig | None = None
    smtp: SmtpConfig | None = None
    podcast: PodcastConfig | None = None
    folder: Path = Path()

    @field_validator("colour")
    @classmethod
    def _is_a_colour(cls, given: str) -> str:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", given):
            raise ValueError('write it as in "#8c1d18": red, green and blue in two hexadecimal digits each')
        return given

    @model_validator(mode="after")
    def _smtp_needs_mail(self) -> NewsletterConfig:
        if self.smtp is not None and self.mail is None:
            raise ValueError("[smtp] needs [mail]")
        return self

    @property
    def sent_file(self) -> Path:
        """Where it is remembered what earlier issues sent."""
        return self.folder / self.sent

    @property
    def template_file(self) -> Path | None:
        """The editor's own template for the HTML; None for a design that comes with Newsdesk."""
        return self.folder / self.template if self.template else None


def load_config(file: str | Path) -> NewsletterConfig:
    """Read a newsletter's config; raises `UsageError` naming the key and what may stand there."""
    return read_toml(file, NewsletterConfig)


def read_toml(file: str | Path, kind: type[Config]) -> Config:
    """Read a TOML file whose keys are the fields of `kind`, and whose `folder` is its own; raises `UsageError` naming
    the key and what may stand there."""
    path = Path(file)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "").lower() if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"cannot read {str(file)!r} ({reason}); name a newsletter's TOML file") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path.name} is not valid TOML: {error}; correct that line") from error
    if "folder" in content:
        raise UsageError(f"{path.name}: no such key 'folder'; remove it")
    try:
        return kind(**content, folder=path.resolve().parent)
    except ValidationError as error:
        raise UsageError(f"{path.name}: {first_fault(error)}; correct it, docs/guide.md lists the keys") from error


def config_toml(config: NewsletterConfig) -> str:
    """The config as a file that `load_config` reads."""
    return as_toml(config.model_dump(mode="json", exclude={"folder"}, exclude_defaults=True, exclude_none=True))
