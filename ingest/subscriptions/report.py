"""What a poll of the feeds says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ingest.report import Problem

Outcome = Literal["changed", "unchanged", "failed", "busy", "not_due"]


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedOutcome:
    """How the poll of one feed went.

    `unchanged` counts entries that said nothing new, `waiting` those that the next poll reads again. `moved_to` is the
    address that answered where that is not the feed's own.
    """

    url: str
    title: str
    outcome: Outcome
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    waiting: int = 0
    moved_to: str = ""
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PollReport:
    """The outcome of one poll; `complete` is False where it was stopped before the last feed."""

    feeds: tuple[FeedOutcome, ...]
    complete: bool = True

    @property
    def added(self) -> int:
        """Articles that are new in the library."""
        return sum(feed.added for feed in self.feeds)

    @property
    def changed(self) -> int:
        """Articles that the library held in another form."""
        return sum(feed.changed for feed in self.feeds)

    @property
    def unchanged(self) -> int:
        """Entries that said nothing new."""
        return sum(feed.unchanged for feed in self.feeds)

    @property
    def failed(self) -> int:
        """Feeds that could not be polled."""
        return sum(feed.outcome == "failed" for feed in self.feeds)

    def as_json(self) -> dict[str, Any]:
        """The public JSON form (`newsdesk feeds poll --json`)."""
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "failed": self.failed,
            "complete": self.complete,
            "feeds": [_feed_as_json(feed) for feed in self.feeds],
        }


def _feed_as_json(feed: FeedOutcome) -> dict[str, Any]:
    return {
        "url": feed.url,
        "title": feed.title,
        "outcome": feed.outcome,
        "added": feed.added,
        "changed": feed.changed,
        "unchanged": feed.unchanged,
        "waiting": feed.waiting,
        "moved_to": feed.moved_to,
        "problems": [{"where": problem.where, "reason": problem.reason} for problem in feed.problems],
        "notes": [{"where": note.where, "reason": note.reason} for note in feed.notes],
    }
