"""What an ingest and the process that speaks to its Ray cluster say to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A task for the cluster: `work`, a function of a module, is to be called with `task`."""

    number: int
    work: Callable[[Any], Any]
    task: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What became of a task: its value, what it raised, or that each process that worked on it was lost."""

    number: int
    value: Any = None
    raised: Exception | None = None
    is_lost: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Capacity:
    """The cluster is there, with room for so many tasks at the same time; 0 where it has no node left."""

    slots: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """The cluster cannot be used; `reason` goes on in "the Ray cluster at ADDRESS cannot be used: ..."."""

    reason: str
