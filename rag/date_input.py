"""What a reader writes for a moment: a date, a time, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from rag.errors import UsageError

DateInput = datetime | date | str

_DISTANCE = re.compile(r"(?P<number>\d{1,4})\s*(?P<unit>[hdw])", re.IGNORECASE)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def parse_datetime(value: DateInput | None, *, end_of_day: bool) -> datetime | None:
    """A reader's date as an aware moment.

    A day alone means its first or last instant (UTC), a time without zone is UTC.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) <= len("2024-06-19") else datetime.fromisoformat(value)
        except ValueError as error:
            raise UsageError(f"{value!r} is not a date; write it as 2024-06-19") from error
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.combine(value, time.max if end_of_day else time.min, tzinfo=UTC)


def since_of(value: str, now: datetime) -> datetime:
    """The moment that a period or a date means; raises `UsageError` as `parse_since` does."""
    begin = parse_since(value, now)
    assert begin is not None  # only no value gives no moment
    return begin


def parse_since(value: str | None, now: datetime) -> datetime | None:
    """The moment that `7d`, `24h`, `2w` (counted back from `now`) or a date means; raises `UsageError` for others."""
    if value is None:
        return None
    match = _DISTANCE.fullmatch(value.strip())
    try:
        if not value.strip():
            raise UsageError("the period is empty")
        if match:
            return now - int(match["number"]) * _UNITS[match["unit"].lower()]
        return parse_datetime(value.strip(), end_of_day=False)
    except (UsageError, OverflowError) as error:
        raise UsageError(f"{value!r} is no period; write 7d, 24h, 2w or a date such as 2024-06-19") from error
