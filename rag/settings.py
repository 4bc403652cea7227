"""Settings: one value, read once at a front door and passed down.

Precedence: explicit arguments, then `NEWSDESK_*` environment variables (an empty one counts as not set), then
`newsdesk.toml` in the working folder, then the defaults below. An unknown key is refused wherever it stands. Keys of
model providers are never settings: the provider's own library reads them from the environment.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator

from rag.environment_variables import variables
from rag.errors import SettingsError
from rag.setting_words import refusal, suggestion

ENVIRONMENT_PREFIX = "NEWSDESK_"
SETTINGS_FILE = "newsdesk.toml"

_NO_PRICES = "has no prices"


class Settings(BaseModel):
    """Everything that can be set.

    Field descriptions are the documentation (`docs/settings.md` is checked against them).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    library: Path = Field(default=Path("library"), description="Folder of the library.")
    archive: SecretStr = Field(
        default=SecretStr(""),
        description=(
            "PostgreSQL database that holds the archive, `postgresql+psycopg://user@host/database`, for several "
            "machines; the library's folder then holds this machine's indexes. A file in that folder if empty."
        ),
    )
    model: str = Field(
        default="quotes",
        description=(
            "Writer: `quotes` (no model), `provider:model`, an OpenAI-compatible `http(s)://host/v1#model`, "
            "or `local:FILE.gguf`."
        ),
    )
    writing: Literal["auto", "careful", "prose"] = Field(
        default="auto",
        description=(
            "How a language model writes: `careful`, near to the words of the articles, or `prose`, which puts them "
            "together in its own words and cites single sentences; `auto`: by the model's name, prose for capable ones."
        ),
    )
    fallback_model: str = Field(
        default="",
        description="Language model, named like `model`, that writes where that one fails; quotes alone if empty.",
    )
    writers: tuple[str, ...] = Field(
        default=(),
        description=(
            "Writers, named like `model`, among which readers of the page and callers of its interfaces may choose "
            "beside that one; separated by commas in the environment."
        ),
    )
    model_timeout_seconds: float = Field(
        default=60.0, gt=0, description="Longest wait for the language model's whole draft."
    )
    embedder: str = Field(
        default="all-MiniLM-L6-v2",
        description="Sentence-transformers model: the packaged `all-MiniLM-L6-v2`, another hub name, or a folder.",
    )
    embedder_runtime: Literal["onnx", "torch"] = Field(
        default="onnx",
        description=(
            "`onnx` runs an int8 copy made once from the same weights; `torch` runs sentence-transformers itself."
        ),
    )
    embedder_threads: int = Field(default=0, ge=0, description="Threads for embedding; 0 takes every core.")
    reranker: str = Field(
        default="",
        description=(
            "Cross-encoder of sentence-transformers that reorders the best passages: a hub name that is on this "
            "machine, or a folder; none if empty."
        ),
    )
    reader: str = Field(
        default="",
        description=(
            "Folder of another trained reader (`python -m eval train reader`), or `off`: then sentences are chosen by "
            "cosine and words in common. The one that comes with Newsdesk if empty."
        ),
    )
    checker: str = Field(
        default="",
        description=(
            "Folder of another trained checker (`python -m eval train checker`), or `off`: then a language model's "
            "sentences are checked by words in common. The one that comes with Newsdesk if empty."
        ),
    )
    entailment: str = Field(
        default="",
        description=(
            "Entailment model on top of the check of a language model's sentences: a cross-encoder of "
            "sentence-transformers with a label for entailment, a hub name that is on this machine, or a folder."
        ),
    )
    second_judge: str = Field(
        default="",
        description=(
            "Language model that must agree to each sentence that the check lets through, in one call: `writer` for "
            "the one that writes, or another, named like `model`; none if empty."
        ),
    )
    model_prices: str = Field(
        default="",
        description=(
            "What the language model takes for a million prompt and a million completion tokens, such as `2.50/10`; "
            "then answers say what they cost."
        ),
    )
    max_cost_per_answer: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description="Most that models may cost for one answer, at `model_prices`, before quotes answer; 0: no limit.",
    )
    max_cost_per_day: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description="The same for one day (UTC) of this library; then quotes answer until the next.",
    )
    vector_index: Literal["auto", "chroma", "exact"] = Field(
        default="auto",
        description="`auto`: exact search up to 60,000 passages, Chroma beyond; the other two always the one.",
    )
    chroma: str = Field(
        default="",
        pattern=r"^(https?://[^\s/@]+/?(\?\S+)?)?$",
        description=(
            "Chroma server that holds the vectors in the place of files in the library's folder: "
            "`http(s)://host:port`, with `?tenant=…&database=…` where it has several."
        ),
    )
    chroma_token: SecretStr = Field(
        default=SecretStr(""), description="Token or key that the Chroma server or the proxy in front of it asks for."
    )
    cache: Path | None = Field(
        default=None, description="Folder for prepared model files; the user's cache folder if unset."
    )
    max_passages: int = Field(default=12, ge=1, le=100, description="Passages of evidence kept for one question.")
    max_sentences: int = Field(default=5, ge=1, le=20, description="Most sentences in one answer.")
    further_questions: int = Field(
        default=3, ge=0, le=5, description="Questions to go on with under an answer, each tried first; 0 for none."
    )
    max_question_characters: int = Field(default=2000, ge=10, description="Longest question accepted.")
    keep_answers: bool = Field(
        default=False,
        description=(
            "Keep every answer with its question in the library, so that those that cited a corrected article can be "
            "found; off because questions are private."
        ),
    )
    max_file_mb: int = Field(
        default=100,
        ge=1,
        description="Largest single file, or page fetched from the web, in MB (JSONL is streamed and has no limit).",
    )
    keep_pdf_mb: int = Field(
        default=20,
        ge=0,
        description=(
            "Largest PDF in MB that is kept in the library, so that the page of a quote can be shown; 0 keeps none, "
            "and only the number of the page is told."
        ),
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=(),
        description=(
            "Hosts fetched from although their addresses are not public: `host` for the ports 80 and 443, `host:port` "
            "for that one; separated by commas in the environment."
        ),
    )
    fetch_timeout_seconds: float = Field(
        default=30.0,
        gt=0,
        allow_inf_nan=False,
        description="Longest time for one request to the web, to its last byte.",
    )
    fetch_pause_seconds: float = Field(
        default=1.0,
        ge=0,
        allow_inf_nan=False,
        description="Pause between two pages of one host; a longer one in its robots.txt counts.",
    )
    user_agent: str = Field(
        default="Newsdesk",
        pattern=r"^[A-Za-z0-9_-]+([/ ][ -~]*)?$",
        description="What Newsdesk calls itself to web servers; robots.txt is read for its first word.",
    )
    poll_minutes: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description=(
            "Minutes between two polls of the feeds by the page's process; 0 leaves polling to `newsdesk feeds poll`."
        ),
    )
    read_only: bool = Field(default=False, description="Refuse every change of the library.")
    keep_conversations: bool = Field(
        default=False,
        description=(
            "Keep readers' conversations in the library, each for the login that had it (needs `users`); off because "
            "questions are private: they stay in the readers' browsers."
        ),
    )
    page_language: Literal["auto", "en", "es"] = Field(
        default="auto",
        description="Language of the page where a reader chose none: `en`, `es`, or `auto`, as the browser asks.",
    )
    page_editing: Literal["auto", "on", "off"] = Field(
        default="auto",
        description=(
            "Whether articles can be added and removed on the page; `auto`: only where it is open to this machine "
            "alone, or to users with a password."
        ),
    )
    newsletter: Path | None = Field(
        default=None,
        description="Newsletter's TOML file that the page edits, and sends where it has [mail] and [smtp].",
    )
    reader_rate: str = Field(
        default="60/minute",
        description=(
            "Most questions of one reader (by login, else by address) on the page and through its interfaces, as "
            "`number/second|minute|hour|day`; no limit if empty or `none`."
        ),
    )
    page_hosts: tuple[str, ...] = Field(
        default=(),
        description=(
            "Names that the page may be called by beside those of this machine alone, such as `news.example` where a "
            "proxy stands in front; separated by commas in the environment."
        ),
    )
    quality_runs: Path | None = Field(
        default=None, description="Folder of saved evaluation runs that the page's view Quality shows."
    )
    users: Path | None = Field(
        default=None, description="File of who may come in (`newsdesk users`), or `archive`; everybody may if unset."
    )

    @field_validator("library", "cache", "embedder", "model", "quality_runs", "users", "newsletter", mode="before")
    @classmethod
    def _not_empty(cls, value: object) -> object:
        """Refuse an empty name: as a path it would mean the working folder."""
        if isinstance(value, str) and not value.strip():
            raise ValueError("is empty")
        return value

    @field_validator("archive")
    @classmethod
    def _a_database(cls, value: SecretStr) -> SecretStr:
        """Refuse what is no address of PostgreSQL; whether it leads anywhere is seen when it is opened."""
        if not re.fullmatch(r"(postgresql(\+psycopg)?://\S+)?", value.get_secret_value()):
            raise ValueError("is no address")
        return value

    @field_validator("model_prices")
    @classmethod
    def _two_prices(cls, value: str) -> str:
        if value and not re.fullmatch(r"\d+(\.\d+)?/\d+(\.\d+)?", value):
            raise ValueError("are no prices")
        return value

    @field_validator("max_cost_per_answer", "max_cost_per_day")
    @classmethod
    def _of_known_prices(cls, value: float, info: ValidationInfo) -> float:
        """Refuse a limit to what nobody can count."""
        if value and not info.data.get("model_prices"):
            raise ValueError(_NO_PRICES)
        return value

    @field_validator("reader_rate")
    @classmethod
    def _a_rate(cls, value: str) -> str:
        if value in ("", "none"):
            return ""
        if not re.fullmatch(r"[1-9]\d{0,8}/(second|minute|hour|day)", value):
            raise ValueError("is no rate")
        return value

    @field_validator("allowed_hosts", "page_hosts", "writers", mode="before")
    @classmethod
    def _of_a_line(cls, value: object) -> object:
        """Take the list as the environment gives it."""
        return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value


def load_settings(
    *, environment: Mapping[str, str] | None = None, folder: Path | None = None, **given: Any
) -> Settings:
    """Read settings; `given` values that are None are ignored. Raises `SettingsError` naming the key and the remedy."""
    from_file = _from_file((folder or Path.cwd()) / SETTINGS_FILE)
    from_environment = _from_environment(os.environ if environment is None else environment)
    explicit = {key: value for key, value in given.items() if value is not None}
    merged = from_file | from_environment | explicit
    try:
        return Settings(**merged)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0])
        if _NO_PRICES in first["msg"]:
            said = f"setting {name!r} needs `model_prices`, such as `2.50/10`; see docs/settings.md"
            raise SettingsError(said) from error
        where = "it"
        if name not in explicit:
            in_environment = name in from_environment
            where = f"{ENVIRONMENT_PREFIX}{name.upper()}" if in_environment else f"in {SETTINGS_FILE} it"
        said = f"setting {name!r}: {where} {refusal(name, merged[name], Settings.model_fields)}; see docs/settings.md"
        raise SettingsError(said) from error


def _from_file(path: Path) -> dict[str, Any]:
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "").lower() if isinstance(error, OSError) else "it is not UTF-8"
        said = f"cannot read {path.name}{f' ({reason})' if reason else ''}; make it a readable UTF-8 file"
        raise SettingsError(said) from error
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not valid TOML: {error}; correct that line") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found = {}
    secrets = [name for name, field in Settings.model_fields.items() if field.annotation is SecretStr]
    for name, value in variables(environment, prefix=ENVIRONMENT_PREFIX, secrets=secrets):
        if name not in Settings.model_fields:
            variable = f"{ENVIRONMENT_PREFIX}{name.upper()}"
            near = suggestion(name, Settings.model_fields)
            raise SettingsError(
                f"environment variable {variable}: no such setting{near}; unset it or see docs/settings.md"
            )
        if value:
            found[name] = value
    return found
