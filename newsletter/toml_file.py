"""TOML that people write and Newsdesk reads: what is wrong with it in words, and the same kind of file written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import ValidationError


def first_fault(error: ValidationError) -> str:
    """The first thing that is wrong, by the key's name; no value is repeated, since it may be an address."""
    fault: Any = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"no such key {where!r}"
    if fault["type"] == "missing":
        return f"{where!r} is missing"
    said = str(fault["msg"]).removeprefix("Value error, ")
    return f"{where!r}: {said[:1].lower()}{said[1:]}" if where else said


def as_toml(values: Mapping[str, Any]) -> str:
    """A TOML document of these values, which `tomllib` reads back as they are."""
    import tomlkit

    return tomlkit.dumps(values)
