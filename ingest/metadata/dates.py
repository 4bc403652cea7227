"""Publication dates: what programs and people write for them, in any form and language, and the moment that it means.

A date without a year is none, nor is a distance from today ("12 hours ago"). Nothing is guessed: what may be two days
is unreadable, and where a time's zone is not known only the day is kept; both say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from ingest.metadata import machine_dates
from ingest.metadata.calendar_words import (
    DayOrder,
    Languages,
    day_orders,
    half_called,
    is_filler,
    months_called,
    weekdays_called,
)
from ingest.metadata.date_forms import WrittenClock, WrittenDay, clock_at, clock_before, days_in, folded
from ingest.metadata.source_locale import ANYWHERE, SourceLocale
from ingest.metadata.time_zones import ZoneError, zone_of
from rag.text.formatting import day_in_words
from rag.types import DatePrecision

Published = tuple[datetime, DatePrecision]

_MAX_CHARACTERS = 200
_MAX_SHOWN = 60
_BUDDHIST = 543
_BUDDHIST_YEARS = range(2400, 2700)
_SHORT_BUDDHIST_FROM = 50
"""Of two figures: "67" after a Thai month is 2567, which is 2024."""

_FIRST_YEAR = 1600
"""Newspapers began in 1605; an earlier year is that of another calendar, or of a program that had no date."""

_NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
"""What programs write for a time that they do not have."""

_SHORT_YEARS_BEFORE_2000 = 50
"""https://www.rfc-editor.org/rfc/rfc2822#section-4.3: "49" is 2049, "50" is 1950."""

_SHORT_YEAR = re.compile(r"(?<=[\s,])'(\d\d)(?!\d)")
"""Of "June 18 '24"."""

_WORDS = re.compile(r"[^\W\d_][^\s\d,;:/|()<>+\[\]@-]*")
_JOINT = re.compile(
    r"[\s,|\u00b7\u2022@/()-]*(?:(?!upd)[^\W\d_][^\s\d,;:/|()<>+-]{0,11}[\s,(|)-]+){0,3}", re.IGNORECASE
)
_SHORT_WORD = 6
_LABEL = 12
_RANGE_BEFORE = re.compile(r"\d\s?-\s?$")


class UnreadableDate(ValueError):
    """No date, or one that may be two days; the message goes on from "the date", for the report."""


class AmbiguousDate(UnreadableDate):
    """A date that may be two days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DateReading:
    """A moment with the offset of its source, and what is known of it.

    `has_zone` tells whether the source says its zone; without one the time is taken as UTC. `doubt` goes on from
    "the date", for the report, where less is known than was written; empty otherwise.
    """

    moment: datetime
    precision: DatePrecision
    has_zone: bool = False
    doubt: str = ""

    @property
    def published(self) -> Published:
        """The moment and its precision."""
        return self.moment, self.precision


def read_date(value: object, locale: SourceLocale = ANYWHERE) -> DateReading:
    """Read a publication date in any form; the moment keeps the source's zone, so that its day is the local one.

    A day alone is midnight UTC, known to the day. Raises `UnreadableDate` for what is none, or may be two, and for
    what programs write where they have no date.
    """
    reading = _read(value, locale)
    if reading.moment.year < _FIRST_YEAR:
        raise UnreadableDate(f"is in the year {reading.moment.year}, which is of another calendar or stands for none")
    if reading.precision == "minute" and reading.moment == _NO_MOMENT:
        raise UnreadableDate("is the zero of a program's clock, which stands for none")
    return reading


def _read(value: object, locale: SourceLocale) -> DateReading:
    if isinstance(value, datetime):
        return DateReading(moment=_zoned(value), precision="minute", has_zone=value.tzinfo is not None)
    if isinstance(value, date):
        return _whole_day(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = repr(value)
    if not isinstance(value, str):
        raise UnreadableDate("is no date that can be read")
    text = folded(value[:_MAX_CHARACTERS])

    def our_year(year: int) -> int:
        return _full_year(year, frozenset(), locale) if year in _BUDDHIST_YEARS else year

    if machine := machine_dates.read(text, our_year):
        if isinstance(machine, datetime):
            return DateReading(moment=_zoned(machine), precision="minute", has_zone=machine.tzinfo is not None)
        return _whole_day(machine)
    return _written(text, locale, max_labels=1)


def published_of(value: object, locale: SourceLocale = ANYWHERE) -> Published:
    """Read a publication date as `read_date` does, without what it says of its certainty; raises ValueError."""
    return read_date(value, locale).published


def stated_date(text: str, locale: SourceLocale = ANYWHERE) -> Published | None:
    """Return the date that the whole text states ("June 19, 2024", "19 June 2024, 14:05 GMT"), or None."""
    if len(text) > _MAX_CHARACTERS:
        return None
    try:
        reading = _written(folded(text), locale, max_labels=0)
    except ValueError:
        return None
    return None if reading.doubt else reading.published


def first_stated(text: str, locale: SourceLocale = ANYWHERE) -> Published | None:
    """Return the first date that a line holds, with its time where that stands beside it."""
    return next(iter(all_stated(text, locale)), None)


def all_stated(text: str, locale: SourceLocale = ANYWHERE) -> list[Published]:
    """Return the dates in words and figures that a text holds, in order."""
    readings = _readings(text, locale)
    return [reading.published for reading in readings if isinstance(reading, DateReading)]


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedLine:
    """The dates of a line, each with the text between it and the one before; `rest` is what stands behind the last."""

    dates: tuple[tuple[str, DateReading], ...]
    rest: str

    @property
    def other_words(self) -> list[str]:
        """The words that belong to no date and do not only join the parts of one."""
        texts = (*(before for before, _ in self.dates), self.rest)
        return [word for text in texts for word in _WORDS.findall(text) if not (is_filler(word) or _is_of_a_date(word))]


def dated_line(text: str, locale: SourceLocale = ANYWHERE) -> DatedLine:
    """Return the dates of a line; raises `AmbiguousDate` where it holds none but such that may be two days."""
    plain = folded(text)
    found: list[tuple[str, DateReading]] = []
    ambiguous: AmbiguousDate | None = None
    done = 0
    for start, end, reading in _placed_readings(plain, locale):
        if isinstance(reading, AmbiguousDate):
            ambiguous = ambiguous or reading
        else:
            found.append((plain[done:start], reading))
            done = end
    if ambiguous and not found:
        raise ambiguous
    return DatedLine(dates=tuple(found), rest=plain[done:])


def _is_of_a_date(word: str) -> bool:
    return bool(weekdays_called(word)) or half_called(word) is not None


def _readings(text: str, locale: SourceLocale) -> Iterator[DateReading | AmbiguousDate]:
    return (reading for _, _, reading in _placed_readings(folded(text), locale))


def _placed_readings(plain: str, locale: SourceLocale) -> Iterator[tuple[int, int, DateReading | AmbiguousDate]]:
    """Yield the dates of a folded text, each with where its day begins and where it ends."""
    read_to = 0
    for written in sorted(days_in(plain), key=lambda written: (written.start, -written.end)):
        before, after = plain[max(0, written.start - 1) : written.start], plain[written.end : written.end + 1]
        in_range = _RANGE_BEFORE.search(plain[max(0, written.start - 4) : written.start])
        if written.start < read_to or before.isalnum() or after.isdigit() or in_range:
            continue
        try:
            reading, read_to = _reading_at(plain, written, locale)
            yield written.start, read_to, reading
        except AmbiguousDate as error:
            yield written.start, written.end, error
        except ValueError:
            continue


def _reading_at(text: str, written: WrittenDay, locale: SourceLocale) -> tuple[DateReading, int]:
    """Read a day within a line, with the time behind it, or in front of it; raises ValueError where it is none."""
    day = _day_of(written, frozenset(), locale)
    for start in _clock_starts(text, written.end):
        if clock := clock_at(text, start):
            return _at(day, clock, locale), clock.end
    clock = clock_at(written.clock) if written.clock else clock_before(text, written.start)
    if clock and (written.clock or all(map(_joins, _WORDS.findall(text[clock.end : written.start])))):
        return _at(day, clock, locale), written.end
    return _whole_day(day), written.end


def _clock_starts(text: str, end: int) -> Iterator[int]:
    """Yield where a time may begin behind a day: at once, behind a mark, or behind a few words that only join them."""
    joint = _JOINT.match(text, end)
    stop = joint.end() if joint else end
    words = _WORDS.findall(text[end:stop])
    if all(_joins(word) for word in words):
        if words and half_called(words[-1]):
            yield text.rindex(words[-1], end, stop)
        yield stop
    if text[end : end + 1] in ("T", ":", "t"):
        yield end + 1


def _joins(word: str) -> bool:
    return len(word) <= _SHORT_WORD or is_filler(word) or bool(weekdays_called(word))


def _written(text: str, locale: SourceLocale, *, max_labels: int) -> DateReading:
    """Read a text that is a date as a whole, but for a label such as "Published"; raises `UnreadableDate`."""
    doubtful: UnreadableDate | None = None
    text = _SHORT_YEAR.sub(lambda year: str(_full_year(int(year[1]), frozenset(), locale)), text)
    for written in days_in(text, short_years=True):
        if written.year < 100 and text[: written.start][-1:].isalpha():
            continue  # the sixth year of an era ("R6.6.19") is no year of ours
        for clock, rest in _split(text, written):
            if (weekdays := _weekdays_in(rest, max_labels=max_labels)) is None:
                continue
            try:
                day = _day_of(written, weekdays, locale)
                return _at(day, clock, locale) if clock else _whole_day(day)
            except UnreadableDate as error:
                doubtful = doubtful or error
            except ValueError:
                continue
    raise doubtful or UnreadableDate(f"is no date that can be read ({text[:_MAX_SHOWN]!r})")


def _split(text: str, written: WrittenDay) -> Iterator[tuple[WrittenClock | None, tuple[str, str, str]]]:
    """Yield the time that belongs to a day, with the texts in front, between and behind that are neither."""
    if written.clock:
        yield clock_at(written.clock), (text[: written.start], "", text[written.end :])
        return
    for start in _clock_starts(text, written.end):
        if clock := clock_at(text, start):
            yield clock, (text[: written.start], text[written.end : start], text[clock.end :])
    if clock := clock_before(text, written.start):
        yield clock, (text[: clock.start], text[clock.end : written.start], text[written.end :])
    yield None, (text[: written.start], "", text[written.end :])


def _weekdays_in(rest: tuple[str, str, str], *, max_labels: int) -> frozenset[int] | None:
    """Return the weekdays that stand beside a date; None where anything else does, beside a label and small words."""
    front, between, _ = rest
    named: list[frozenset[int]] = []
    labels = 0
    for part in rest:
        for word in _WORDS.findall(part):
            if found := weekdays_called(word):
                named.append(found)
            elif part is front and len(word) <= _LABEL and not is_filler(word):
                labels += 1
            elif not is_filler(word) and not (part is between and _joins(word)):
                return None
        if re.search(r"[\d<>]", part):
            return None
    if labels > max_labels or re.search(r"[^\s\w.,;:|()\[\]\u00b7\u2022/@'-]", "".join(rest)):
        return None
    return frozenset.intersection(*named) if named else frozenset()


def _day_of(written: WrittenDay, weekdays: frozenset[int], locale: SourceLocale) -> date:
    """Return the one day that is meant; raises ValueError where there is none, `AmbiguousDate` where there are two."""
    found = set(_days_meant(written, locale))
    if len(found) > 1:
        on_weekday = {day for day in found if day.weekday() in weekdays}
        found = on_weekday if len(on_weekday) == 1 else found
    if not found:
        raise ValueError("no such day")
    if len(found) > 1:
        days = " or ".join(day_in_words(day) for day in sorted(found))
        raise AmbiguousDate(f"may be {days}; write the year first, as in 2024-06-19")
    return found.pop()


def _days_meant(written: WrittenDay, locale: SourceLocale) -> Iterator[date]:
    if written.month:
        words = dict.fromkeys((written.month, *re.split(r"\s?/\s?|\s", written.month)[:1]))
        months = next((found for word in words if (found := months_called(word, locale))), {})
        for month, languages in months.items():
            yield from _existing(_full_year(written.year, languages, locale), month, written.day)
        return
    year = _full_year(written.year, frozenset(), locale)
    if written.number:
        yield from _existing(year, written.number, written.day)
        return
    by_order: dict[DayOrder, tuple[int, int, int]] = {
        "DMY": (year, written.second, written.first),
        "MDY": (year, written.first, written.second),
        "YMD": (_full_year(written.first, frozenset(), locale), written.second, written.year),
    }
    possible: frozenset[DayOrder] = frozenset(("DMY", "MDY"))
    # No language of CLDR puts the month first with full stops between.
    orders: frozenset[DayOrder] = frozenset(("DMY",)) if written.mark == "." else day_orders(locale)
    if written.year > 99:
        orders = (orders & possible) or possible
    in_order = [day for order in orders for day in _existing(*by_order[order])]
    # "06/19/2024" is one day, whatever the order of the source's country.
    yield from in_order or [day for order in possible for day in _existing(*by_order[order])]


def _existing(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _full_year(year: int, languages: Languages, locale: SourceLocale) -> int:
    is_thai = "th" in languages or locale.speaks == "th"
    if year < 100 and is_thai and year >= _SHORT_BUDDHIST_FROM:
        return 2500 + year - _BUDDHIST
    if year < 100:
        return year + (1900 if year >= _SHORT_YEARS_BEFORE_2000 else 2000)
    return year - _BUDDHIST if is_thai and year in _BUDDHIST_YEARS else year


def _at(day: date, clock: WrittenClock, locale: SourceLocale) -> DateReading:
    """Return the moment; the day alone where the zone or the time makes no sense. Raises ValueError out of range."""
    hour = clock.hour
    if clock.half and hour <= 12:
        hour = hour % 12 + (12 if clock.half == "pm" else 0)
    if hour > 24 or (hour == 24 and (clock.minute or clock.second)) or (clock.half == "am" and hour > 12):
        return _whole_day(day, doubt="gives a time that does not exist; only the day is kept")
    begun = datetime.combine(day, time())
    moment = begun + timedelta(hours=hour, minutes=clock.minute, seconds=min(clock.second, 59))
    try:
        zone = zone_of(clock.zone, moment, locale) if clock.zone else UTC
    except ZoneError as error:
        return _whole_day(day, doubt=f"gives a time {error}; only the day is kept")
    return DateReading(moment=_zoned(moment.replace(tzinfo=zone)), precision="minute", has_zone=bool(clock.zone))


def _whole_day(day: date, *, doubt: str = "") -> DateReading:
    return DateReading(moment=datetime.combine(day, time(), UTC), precision="day", doubt=doubt)


def _zoned(moment: datetime) -> datetime:
    """Return the moment with its offset, or with UTC; raises `UnreadableDate` where UTC has no such moment."""
    offset = moment.utcoffset()
    try:
        moment.replace(tzinfo=UTC).astimezone(UTC) - (offset or timedelta())
    except OverflowError as error:
        raise UnreadableDate("is no moment that there is in UTC") from error
    return moment.replace(tzinfo=timezone(offset) if offset else UTC)
