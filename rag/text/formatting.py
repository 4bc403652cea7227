"""How dates, counts and long texts are put into words, the same on the page and in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

NOT_BELIEVED = " (not believed: it lay ahead)"


def clipped(value: str, limit: int) -> str:
    """At most `limit` characters on one line, cut at a word with an ellipsis."""
    line = " ".join(value.split())
    if len(line) <= limit:
        return line
    head = line[:limit]
    return (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head).rstrip(" ,;:.") + "…"


def day_in_words(day: date | None, *, unknown: str = "") -> str:
    """`21 June 2024`; `unknown` where there is no date."""
    return f"{day.day} {day:%B %Y}" if day else unknown


def dated_in_words(day: date | None, *, is_ahead: bool, unknown: str = "") -> str:
    """The day of an article as its source gives it, with a mark where it is not believed because it lay ahead."""
    return f"{day_in_words(day, unknown=unknown)}{NOT_BELIEVED if is_ahead else ''}"


def days_in_words(first: date, last: date) -> str:
    """`10 June 2024 to 17 June 2024`; a single day stands alone."""
    begin, end = day_in_words(first), day_in_words(last)
    return begin if begin == end else f"{begin} to {end}"


def when_in_words(first: date, last: date) -> str:
    """When something happened: `1977` and `May 2024` for a whole year and month, else as `days_in_words`."""
    begins_month, ends_month = first.day == 1, (last + timedelta(days=1)).day == 1
    if begins_month and ends_month and first.year == last.year:
        if (first.month, last.month) == (1, 12):
            return f"{first.year}"
        if first.month == last.month:
            return f"{first:%B %Y}"
    return days_in_words(first, last)


def days_in_short(first: date, last: date) -> str:
    """`14 to 20 June 2024`, `28 May to 3 June 2024`: month and year once where both days have them, for a heading."""
    end = day_in_words(last)
    if (first.day, first.month, first.year) == (last.day, last.month, last.year):
        return end
    if first.year != last.year:
        return f"{day_in_words(first)} to {end}"
    return f"{first.day} to {end}" if first.month == last.month else f"{first.day} {first:%B} to {end}"


def limits_in_words(after: date | None, before: date | None) -> str:
    """`from 10 June 2024 to 17 June 2024`, `since 10 June 2024`, `until 17 June 2024`; empty without limits."""
    if after and before:
        return f"from {day_in_words(after)} to {day_in_words(before)}"
    if after:
        return f"since {day_in_words(after)}"
    return f"until {day_in_words(before)}" if before else ""


def tags_in_words(tags: Sequence[str]) -> str:
    """`with the tag “energy”`, `with the tag “energy” or “rail”`; empty without tags."""
    return f"with the tag {' or '.join(f'“{tag}”' for tag in tags)}" if tags else ""


def month_in_words(day: date) -> str:
    """`Jun 2024`: the short form for the axis of a chart."""
    return f"{day:%b %Y}"


def to_the_minute(moment: datetime) -> str:
    """`2024-06-21 03:15`: the form that lists sort by."""
    return f"{moment:%Y-%m-%d %H:%M}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 article`, `2 articles`; `many` is the plural that is not made with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def sources_in_words(sources: int, outlets: int) -> str:
    """`2 independent sources`, and in how many outlets they stand where some carry the same text."""
    said = count(sources, "independent source")
    return f"{said} in {outlets} outlets" if outlets > sources else said
