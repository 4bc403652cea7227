"""What a streamed answer tells on its way: stages, evidence, drafts, then the finished answer."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import Answer, Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """An event: work on a named stage has begun ("searching", "selecting", "writing", "checking")."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An event: this evidence was found."""

    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An event: a further piece of the unchecked draft; `Finished` replaces all of it."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Finished:
    """The last event, exactly once: the checked answer."""

    answer: Answer


Event = Stage | Found | Draft | Finished
