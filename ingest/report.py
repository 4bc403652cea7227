"""What an ingest says about itself: problems while it runs, a report at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

MAX_LISTED_PROBLEMS = 1000
MAX_LISTED_SKIPPED = 1000
MAX_LISTED_NOTES = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that did not go in, or not as it was given; `where` is a path, or a path and a line."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Files that ingest leaves alone on purpose, such as pictures in a folder."""

    where: str
    reason: str


class Progress(Protocol):
    """Receives the progress after every article."""

    def update(self, done_articles: int, done_passages: int, where: str, share: float | None) -> None:
        """`done_articles` counts what was read, whether it changed anything or not; `where` is the source just read.

        `share` is how much of the sources' bytes was read, from 0 to 1; None where nobody knows their size.
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class IngestReport:
    """The outcome of one run.

    `copies` counts those of the added and changed articles that carry the same story as another article; `repeated`
    counts what stood in the sources more than once. `notes` tell what was done on purpose and is no problem: another
    story of a page left out, a rival kept beside. `complete` is False where the run was stopped or the disk was full:
    what was read until then is stored, and the same command goes on from there.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    copies: int = 0
    repeated: int = 0
    passages: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    seconds: float = 0.0
    complete: bool = True
    dry_run: bool = False

    @property
    def articles(self) -> int:
        """Articles that were read."""
        return self.added + self.changed + self.unchanged + self.repeated

    def as_json(self) -> dict[str, Any]:
        """The public JSON form (`newsdesk ingest --json`)."""
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "copies": self.copies,
            "repeated": self.repeated,
            "passages": self.passages,
            "problems": [{"where": problem.where, "reason": problem.reason} for problem in self.problems],
            "notes": [{"where": note.where, "reason": note.reason} for note in self.notes],
            "skipped": [{"where": skipped.where, "reason": skipped.reason} for skipped in self.skipped],
            "complete": self.complete,
            "dry_run": self.dry_run,
            "seconds": round(self.seconds, 3),
            "articles_per_second": round(self.articles / self.seconds, 2) if self.seconds > 0 else 0.0,
        }
