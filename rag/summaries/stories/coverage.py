"""How much a story is told, day by day: independent outlets, each the less the longer ago it wrote."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from rag.summaries.story_texts import StoryText
from rag.text.formatting import day_in_words, days_in_short
from rag.wording import N_, _, ngettext, translated

Trend = Literal["rising", "steady", "fading"]
_TRENDS: dict[Trend, str] = {"rising": N_("Rising"), "steady": N_("Steady"), "fading": N_("Fading")}

HALF_LIFE = timedelta(days=2)
"""After so long without an article of its own an outlet counts half. A choice, not a measurement: half of the time
after which articles are taken to tell another event (`rag.summaries.story_clustering.DAYS_APART`)."""

STEADY_WITHIN = 0.1
"""A change by less than this share is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverageDay:
    """A day (UTC) with articles, and the outlets that wrote texts of their own on it, sorted; "" is an unknown one."""

    day: date
    outlets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """The days on which a story was told, oldest first, wire copies once.

    `strength` is how many outlets tell it at `until`, an outlet counted half for each `HALF_LIFE` since its last
    article; `trend` says how that changed over the last one.
    """

    days: tuple[CoverageDay, ...]
    until: datetime
    strength: float
    trend: Trend

    @property
    def sources(self) -> int:
        """Independent outlets over all days."""
        return len({outlet.casefold() for day in self.days for outlet in day.outlets})

    @property
    def in_words(self) -> str:
        """`Fading: 3 independent sources from 19 to 22 June 2024, nothing in the 4 days since.`"""
        if not self.days:
            return ""
        sources = ngettext("{n} independent source", "{n} independent sources", self.sources)
        told = f"{sources}, {days_in_short(self.days[0].day, self.days[-1].day)}"
        trend = translated(_TRENDS[self.trend])
        if (self.until.astimezone(UTC).date() - self.days[-1].day).days <= 1:
            return _("{trend}: {told}.", trend=trend, told=told)
        until = day_in_words(self.until)
        return _("{trend}: {told}; nothing since, up to {day}.", trend=trend, told=told, day=until)


def coverage(texts: Sequence[StoryText], *, until: datetime) -> Coverage:
    """The coverage of a story's texts up to a moment; undated and later ones take no part."""
    told = [(text.ref.outlet, moment) for text in texts if (moment := text.ref.believed) and moment <= until]
    days: dict[date, set[str]] = {}
    for outlet, moment in told:
        days.setdefault(moment.astimezone(UTC).date(), set()).add(outlet)
    now, before = strength(told, at=until), strength(told, at=until - HALF_LIFE)
    return Coverage(
        days=tuple(CoverageDay(day=day, outlets=tuple(sorted(days[day]))) for day in sorted(days)),
        until=until,
        strength=now,
        trend=_trend(now, before),
    )


def strength(told: Sequence[tuple[str, datetime]], *, at: datetime) -> float:
    """Outlets that have told it by then, each halved for every `HALF_LIFE` since its last article by then."""
    last: dict[str, datetime] = {}
    for outlet, moment in told:
        key = outlet.casefold()
        if moment <= at and (key not in last or moment > last[key]):
            last[key] = moment
    return math.fsum(math.pow(0.5, (at - moment) / HALF_LIFE) for moment in last.values())


def _trend(now: float, before: float) -> Trend:
    if now > before * (1 + STEADY_WITHIN):
        return "rising"
    return "fading" if now < before * (1 - STEADY_WITHIN) else "steady"
