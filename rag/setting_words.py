"""What a setting may be, in the words that a reader is told when it is something else."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo

_VALUE_SHOWN = 60
_ALLOWED = {
    "library": "the name of a folder",
    "archive": "an address such as `postgresql+psycopg://user@host/database`",
    "model": "`quotes`, `provider:model`, an address with `#model`, or `local:FILE.gguf`",
    "fallback_model": "`provider:model`, an address with `#model`, or `local:FILE.gguf`",
    "writers": "a list of writers such as `quotes, openai:gpt-4o-mini`",
    "embedder": "the name of a model or a folder",
    "reranker": "the name or the folder of a cross-encoder",
    "reader": "the folder of a trained reader, or off",
    "checker": "the folder of a trained checker, or off",
    "second_judge": "`writer`, `provider:model`, an address with `#model`, or `local:FILE.gguf`",
    "entailment": "the name or the folder of a cross-encoder",
    "model_prices": "two prices such as `2.50/10`",
    "cache": "the name of a folder",
    "users": "the name of a file, or `archive`",
    "newsletter": "the name of a newsletter's TOML file",
    "quality_runs": "the name of a folder",
    "reader_rate": "a number and a time such as `60/minute`, or `none`",
    "page_hosts": "a list of names such as `news.example`",
    "allowed_hosts": "a list of hosts such as `intranet.example`",
    "chroma": "an address such as `http://host:8000`",
    "chroma_token": "a token",
    "user_agent": "a word of letters, digits, - and _, then perhaps / or a space and more, such as `Newsdesk/1.0`",
}


def refusal(name: str, value: object, fields: Mapping[str, FieldInfo]) -> str:
    """What is wrong with a setting, and what it may be, in words that follow its name; `fields` are all settings."""
    if name not in fields:
        return f"is no setting of Newsdesk{suggestion(name, fields)}"
    allowed = _allowed(name, fields[name])
    if isinstance(value, str) and not value.strip():
        return f"is empty; give it {allowed}"
    # An address may hold a password.
    if fields[name].annotation is SecretStr or "@" in str(value):
        return f"must be {allowed}, and is not"
    shown = repr(value)
    return f"must be {allowed}, not {shown if len(shown) <= _VALUE_SHOWN else shown[:_VALUE_SHOWN] + '…'}"


def suggestion(name: str, fields: Mapping[str, FieldInfo]) -> str:
    """The setting that may have been meant by a name that is none, in brackets; empty where nothing is near."""
    if name in fields:
        return ""
    near = difflib.get_close_matches(name, fields, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _allowed(name: str, field: FieldInfo) -> str:
    bounds = {key: getattr(rule, key) for rule in field.metadata for key in ("ge", "gt", "le") if hasattr(rule, key)}
    if field.annotation in (int, float):
        number = "a whole number" if field.annotation is int else "a number"
        if "le" in bounds:
            return f"{number} from {bounds['ge']} to {bounds['le']}"
        return f"{number} above {bounds['gt']}" if "gt" in bounds else f"{number}, {bounds['ge']} or more"
    if field.annotation is bool:
        return "true or false"
    if choices := [repr(choice) for choice in get_args(field.annotation) if isinstance(choice, str)]:
        return " or ".join([", ".join(choices[:-1]), choices[-1]])
    return _ALLOWED[name]
