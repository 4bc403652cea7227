"""What a time zone that stands beside a time means: an offset, a name of the tz database, an abbreviation, a long name.

An abbreviation is looked up in the tz database as it was on that day, so that "MSK" of 2013 is +04:00. What names zones
of several countries ("IST", "CST") is settled by the source's country and language; RFC 822 settles the American ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.metadata.calendar_words import offset_called
from ingest.metadata.source_locale import (
    SourceLocale,
    countries_of_zones,
    initials_of_zones,
    official_languages,
    season_of_name,
    zones_by_name,
)

ZONE_NAME = r"[A-Z][A-Za-z_]{1,31}/[A-Z][A-Za-z_]{1,31}(?:/[A-Z][A-Za-z_]{1,31})?"
"""A name of the tz database ("America/Argentina/Salta")."""

_OFFSET = re.compile(r"(?:(?:GMT|UTC|UT|Z)\s?)?(?P<sign>[+-])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?", re.I)
_UNIVERSAL = frozenset(["z", "ut", "utc", "gmt"])
_RFC_822 = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
"""https://www.rfc-editor.org/rfc/rfc822#section-5.1; its letters for military zones were never used as it says."""

ZONES_IN_OTHER_LETTERS = {"\u043c\u0441\u043a": "msk"}
"""CLDR has no Russian abbreviation of Moscow's time, and every Russian agency writes one."""

_MAX_OFFSET = timedelta(hours=15)

Offsets = Mapping[timedelta, frozenset[str]]


class ZoneError(ValueError):
    """A zone that is not known, or that may be one of several; the message goes on from "a time"."""


def zone_of(name: str, clock: datetime, locale: SourceLocale) -> timezone:
    """Return the offset that a zone has at a moment of its own clock; raises ZoneError."""
    name = name.strip(" ()").replace(".", "")
    name = ZONES_IN_OTHER_LETTERS.get(name.casefold(), name)
    if name.casefold() in _UNIVERSAL:
        return UTC
    if offset := _OFFSET.fullmatch(name):
        return _fixed(offset)
    if "/" in name:
        return _of_database(name, clock)
    found = _of_countries(name, clock, locale)
    if found is None:
        found = _of_long_or_foreign_name(name, clock, locale)
    if found is None:
        found = _known_to_dateparser(name, clock, locale)
    if found is None:
        raise ZoneError(f"in a zone that is not known ({name[:20]!r})")
    return timezone(found)


def _fixed(offset: re.Match[str]) -> timezone:
    distance = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    if distance > _MAX_OFFSET:
        raise ZoneError(f"in a zone that does not exist ({offset.group()!r})")
    return timezone(-distance if offset["sign"] == "-" else distance)


def _of_database(name: str, clock: datetime) -> timezone:
    try:
        return timezone(_offset_in(name, clock))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ZoneError(f"in a zone that is not known ({name[:40]!r})") from error


def _of_countries(name: str, clock: datetime, locale: SourceLocale) -> timedelta | None:
    """Return the offset of an abbreviation, None where no country uses it; raises ZoneError where it may be several."""
    upper = name.upper()
    offsets = _abbreviated(upper, clock.year, clock.month, clock.day)
    for country in locale.countries:
        if own := [offset for offset, countries in offsets.items() if country in countries]:
            return _only(own, upper)
        zones, season = initials_of_zones(country).get(name.casefold(), ((), ""))
        if zones:
            return _in_season(zones, season, clock)
    if len(offsets) < 2:
        return next(iter(offsets), None)
    spoken = [
        offset
        for offset, countries in offsets.items()
        if any(locale.speaks in official_languages(country) for country in countries)
    ]
    if locale.speaks != "en" and len(spoken) == 1:
        return spoken[0]
    if upper in _RFC_822:
        return timedelta(hours=_RFC_822[upper])
    return _only(spoken or list(offsets), upper)


def _only(offsets: Iterable[timedelta], name: str) -> timedelta:
    first, *others = offsets
    if others:
        raise ZoneError(f"in a zone of several countries ({name!r})")
    return first


@lru_cache(maxsize=4096)
def _abbreviated(name: str, year: int, month: int, day: int) -> Offsets:
    """The offsets that countries call so, on that day or, where they do not then, in that year's other season."""
    days = (datetime(year, month, day, 12), *_middles_of_seasons(year))
    found: dict[timedelta, set[str]] = {}
    for zone in _zones_called(name, year):
        local = next(local for clock in days if (local := _local(zone, clock)) and _name_at(local) == name)
        found.setdefault(local.utcoffset() or timedelta(), set()).add(countries_of_zones()[zone])
    return {offset: frozenset(countries) for offset, countries in found.items()}


@lru_cache(maxsize=1024)
def _zones_called(name: str, year: int) -> tuple[str, ...]:
    return tuple(
        zone
        for zone in countries_of_zones()
        if any((local := _local(zone, clock)) and _name_at(local) == name for clock in _middles_of_seasons(year))
    )


def _middles_of_seasons(year: int) -> tuple[datetime, datetime]:
    return datetime(year, 1, 15), datetime(year, 7, 15)


def _name_at(local: datetime) -> str:
    return (local.tzname() or "").upper()


def _of_long_or_foreign_name(name: str, clock: datetime, locale: SourceLocale) -> timedelta | None:
    """Return the offset of "Eastern Time", "ET", "MESZ" or "Moscow Standard Time"."""
    folded = " ".join(name.casefold().split())
    for language in dict.fromkeys((locale.speaks, "en")):
        # Americans leave the last word out: "1:55 p.m. Eastern".
        folded = next((said for said in (folded, f"{folded} time") if said in zones_by_name(language)), folded)
        if zones := zones_by_name(language).get(folded):
            own = tuple(zone for zone in zones if countries_of_zones().get(zone) in locale.countries) or zones
            return _in_season(own, season_of_name(language, folded), clock)
    return None


def _in_season(zones: Iterable[str], season: str, clock: datetime) -> timedelta | None:
    """The offset of most of these zones: at the moment itself, or in that year's standard or summer time.

    A name that changes with the season ("CT") is that of the zones that change with it, where any do.
    """
    times = [clock] if season == "generic" else [clock.replace(month=month, day=15) for month in (1, 7)]
    if season == "generic":
        zones = tuple(zones)
        zones = [zone for zone in zones if _has_seasons(zone, clock.year)] or zones
    counted: Counter[timedelta] = Counter()
    for zone in zones:
        locals_ = [local for when in times if (local := _local(zone, when))]
        offsets = {local.utcoffset() or timedelta() for local in locals_}
        if offsets:
            counted[max(offsets) if season == "daylight" else min(offsets)] += 1
    return counted.most_common(1)[0][0] if counted else None


def _has_seasons(zone: str, year: int) -> bool:
    return len({local.utcoffset() for clock in _middles_of_seasons(year) if (local := _local(zone, clock))}) > 1


def _known_to_dateparser(name: str, clock: datetime, locale: SourceLocale) -> timedelta | None:
    """Return the offset that dateparser's list gives a name that the tz database no longer has ("SGT", "MESZ").

    The list holds one offset a name: a source whose country is known must have a zone with it.
    """
    offset = offset_called(name)
    if offset is None or not locale.countries:
        return offset
    zones = [zone for zone, country in countries_of_zones().items() if country in locale.countries]
    own = {
        local.utcoffset()
        for zone in zones
        for month in (1, 7)
        if (local := _local(zone, clock.replace(month=month, day=15)))
    }
    return offset if offset in own else None


def _local(zone: str, clock: datetime) -> datetime | None:
    known = _zone(zone)
    return clock.replace(tzinfo=known) if known else None


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return None


def _offset_in(zone: str, clock: datetime) -> timedelta:
    return clock.replace(tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()
