"""Publication dates: from ISO 8601 and mail form, and from the words of an article. A date without a year is none."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

from rag.text.calendar_names import MONTH_NUMBERS
from rag.types import DatePrecision

Published = tuple[datetime, DatePrecision]

_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "ist": 5.5, "jst": 9,
    "kst": 9, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
_DAY_FORMS = (
    r"(?P<year>[12]\d{3})(?P<mark>[-/.])(?P<number>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
    rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>[12]\d{{3}})",
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)? (?:de )?{_MONTH},?(?: de)? (?P<year>[12]\d{{3}})",
    r"(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>[12]\d{3})",
)
_CLOCK = (
    r"(?:(?:,|T| at| um| à| \||\s[-–])?\s?(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::\d{2})?"  # noqa: RUF001
    r"\s?(?P<half>[ap]\.?m\.?)?\s?(?P<zone>[A-Z]{1,4}|[+-]\d{2}:?\d{2})?)?"
)
_FORMS = tuple(re.compile(rf"(?:(?:[^\W\d_]{{2,10}}\.?,? )?){form}{_CLOCK}", re.IGNORECASE) for form in _DAY_FORMS)


def published_of(value: str | date) -> Published:
    """Read a publication date in ISO 8601 (or in the form of mail headers); the moment keeps the source's zone.

    So its day is the one that the source's readers saw. A day alone is midnight UTC, known to the day; a time without
    a zone is taken as UTC. Raises ValueError for anything else.
    """
    if isinstance(value, datetime):
        return _zoned(value), "minute"
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC), "day"
    text = value.strip()
    if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text):
        return datetime.combine(date.fromisoformat(text), time(), UTC), "day"
    try:
        return _zoned(datetime.fromisoformat(text)), "minute"
    except ValueError:
        return _zoned(_from_mail_form(text)), "minute"


def first_stated(text: str) -> Published | None:
    """Return the first date that a line holds, with its time where that follows ("Posted on June 19, 2024 by Ana")."""
    return next(iter(all_stated(text)), None)


def all_stated(text: str) -> list[Published]:
    """Return the dates in words and figures that a text holds, in order."""
    folded = " ".join(text.split())
    found = sorted((match for form in _FORMS for match in form.finditer(folded)), key=lambda match: match.start())
    dates = []
    for match in found:
        before, after = folded[max(0, match.start() - 1) : match.start()], folded[match.end() : match.end() + 1]
        if not (before.isalnum() or after.isdigit()) and (published := _from_words(match)):
            dates.append(published)
    return dates


def stated_date(text: str) -> Published | None:
    """Return the date that the whole text states ("June 19, 2024", "19 June 2024, 14:05 GMT"), or None."""
    folded = " ".join(text.split())
    for form in _FORMS:
        found = form.fullmatch(folded)
        if found and (published := _from_words(found)):
            return published
    return None


def _zoned(moment: datetime) -> datetime:
    """Return the moment with its offset, or with UTC; raises ValueError where UTC has no such moment."""
    offset = moment.utcoffset()
    try:
        moment.replace(tzinfo=UTC).astimezone(UTC) - (offset or timedelta())
    except OverflowError as error:
        raise ValueError(f"out of range: {moment!r}") from error
    return moment.replace(tzinfo=timezone(offset) if offset else UTC)


def _from_mail_form(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, IndexError, OverflowError) as error:
        raise ValueError(f"not a date: {text!r}") from error


def _from_words(found: re.Match[str]) -> Published | None:
    parts = found.groupdict()
    month = int(parts["number"]) if parts.get("number") else MONTH_NUMBERS.get((parts.get("month") or "").lower(), 0)
    try:
        day = datetime(int(parts["year"]), month, int(parts["day"]), tzinfo=UTC)
        if parts["hour"] is None:
            return day, "day"
        moment = day.replace(hour=_hour(int(parts["hour"]), parts["half"]), minute=int(parts["minute"]))
        return _zoned(moment.replace(tzinfo=_zone(parts["zone"]))), "minute"
    except ValueError:
        return None


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    return hour % 12 + (12 if half[0].lower() == "p" else 0)


def _zone(name: str | None) -> timezone:
    """Return the zone, UTC where none is named; raises ValueError for a zone that is not known."""
    if not name:
        return UTC
    if name[0] in "+-":
        digits = name[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(offset if name[0] == "+" else -offset)
    if name.lower() not in _ZONES:
        raise ValueError(f"unknown zone {name!r}")
    return timezone(timedelta(hours=_ZONES[name.lower()]))
