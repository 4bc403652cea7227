"""Dates as programs write them without a word: ISO 8601 in all its forms, digits alone, seconds since 1970."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

from ingest.metadata.source_locale import ANYWHERE
from ingest.metadata.time_zones import ZoneError, zone_of

_DATE = r"(?P<date>\d{4}-\d{2}-\d{2}|\d{4}-?W\d{2}-?[1-7]|\d{4}-\d{3}|\d{8})"
_TIME = r"(?P<hour>\d{2})(?::?(?P<minute>[0-5]\d)(?::?(?P<second>[0-5]\d|60)(?:[.,](?P<fraction>\d{1,12}))?)?)?"
_OFFSET = r"(?P<zone>Z|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?(?::?[0-5]\d)?)"
_ISO = re.compile(
    rf"{_DATE}(?:[T\s_]\s?{_TIME}(?:\s?{_OFFSET}(?:\s[A-Z]{{2,5}})?(?:\sm=\S{{1,40}})?)?(?:\[(?P<region>[\w/+-]{{1,60}})\])?)?",
    re.IGNORECASE,
)
"""Go writes the zone's name behind its offset, and its clock behind both; Java writes a region in brackets."""

_DIGITS = re.compile(
    r"(?P<date>(?:19|20)\d{6})(?P<hour>[01]\d|2[0-4])(?:(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?)?(?P<zone>Z)?"
)
_PDF = re.compile(r"D:(?P<local>\d{8}(?:\d{2}){0,3})(?P<offset>Z|[+-]\d{2})?'?(?P<minutes>\d{2})?'?", re.IGNORECASE)
"""https://pdfa.org/resource/iso-32000-2/, section 7.9.4."""

_JSON = re.compile(r"\\?/Date\((?P<number>-?\d{1,16})(?:[+-]\d{4})?\)\\?/")
_SECONDS = re.compile(r"@?(?P<number>\d{9,10})(?:\.\d{1,9})?")
_FINER = {13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
_SINCE_1990 = 631_152_000
_UNTIL_2100 = 4_102_444_800


def read(text: str, our_year: Callable[[int], int]) -> datetime | date | None:
    """Read what a program wrote: a moment, without a zone where none stands there, or a day; None for anything else.

    Seconds since 1970 (and milliseconds to nanoseconds) count from 1990 to 2100, other figures are no date. `our_year`
    is given a written year and tells ours, on which it depends what days there are.
    """
    if pdf := _PDF.fullmatch(text):
        text = f"{pdf['local'][:8]}T{pdf['local'][8:]}{pdf['offset'] or ''}" if pdf["local"][8:] else pdf["local"]
        text += pdf["minutes"] or "" if text[-3:-2] in ("+", "-") else ""
    if found := _ISO.fullmatch(text) or _DIGITS.fullmatch(text):
        try:
            return _moment(found, our_year)
        except ValueError:
            return None
    return _since_1970(text)


def _moment(found: re.Match[str], our_year: Callable[[int], int]) -> datetime | date:
    parts = found.groupdict()
    written = parts["date"].upper()
    day = _day(f"{our_year(int(written[:4])):04}{written[4:]}")
    if parts["hour"] is None:
        return day
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if hour > 24 or (hour == 24 and minute + second):
        raise ValueError("no such hour")
    fraction = int((parts.get("fraction") or "0").ljust(6, "0")[:6])
    # A leap second is told as the one before it: `datetime` has none.
    length = timedelta(hours=hour, minutes=minute, seconds=min(second, 59), microseconds=fraction)
    moment = datetime(day.year, day.month, day.day) + length
    zone = _zone(parts.get("zone") or "")
    if zone is None and parts.get("region"):
        try:
            zone = zone_of(parts["region"], moment, ANYWHERE)
        except ZoneError:
            return moment
    return moment.replace(tzinfo=zone)


def _day(text: str) -> date:
    if re.fullmatch(r"\d{4}-\d{3}", text):
        return datetime.strptime(text, "%Y-%j").date()
    return date.fromisoformat(text)


def _zone(text: str) -> timezone | None:
    if not text:
        return None
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(6, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:]))
    return timezone(-offset if text[0] == "-" else offset)


def _since_1970(text: str) -> datetime | None:
    if found := _JSON.fullmatch(text):
        seconds = int(found["number"]) / 1_000
    elif found := _SECONDS.fullmatch(text):
        seconds = float(text.removeprefix("@"))
    elif text.isdigit() and len(text) in _FINER:
        seconds = int(text) / _FINER[len(text)]
    else:
        return None
    return datetime.fromtimestamp(seconds, UTC) if _SINCE_1990 <= seconds < _UNTIL_2100 else None
