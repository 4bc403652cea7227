"""One article of a download: its fields and its text, and what all services' forms have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_MAX_TITLE = 400
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class PartFields:
    """`named` as `ingest.metadata.named_fields` takes them, without empty ones."""

    named: dict[str, str]
    text: str


def part_fields(text: Sequence[str], **named: str) -> PartFields | None:
    """Put the fields together; None where the text is empty, or what stands where a title should is none."""
    whole = _BLANK_LINES.sub("\n\n", "\n".join(text)).strip("\n")
    if not whole or len(named.get("title", "")) > _MAX_TITLE:
        return None
    return PartFields(named={name: value for name, value in named.items() if value}, text=whole)


def cut_behind(lines: Sequence[str], ends: Callable[[str], bool]) -> list[list[str]]:
    """Cut lines behind each that ends a part; that line stays with its part."""
    parts: list[list[str]] = [[]]
    for line in lines:
        parts[-1].append(line)
        if ends(line):
            parts.append([])
    return parts


def cut_before(lines: Sequence[str], begins: Callable[[str], bool]) -> list[list[str]]:
    """Cut lines in front of each that begins a part; that line stays with its part."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if begins(line):
            parts.append([])
        parts[-1].append(line)
    return parts


def blocks(lines: Sequence[str]) -> list[list[str]]:
    """The lines in runs that empty lines part."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [block for block in found if block]
