"""How dates, counts and long texts are put into words, the same on the page and in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from rag.wording import _, ngettext
from rag.wording.numbers import days_apart, long_day, long_month, short_month


def clipped(value: str, limit: int) -> str:
    """At most `limit` characters on one line, cut at a word with an ellipsis."""
    line = " ".join(value.split())
    if len(line) <= limit:
        return line
    head = line[:limit]
    return (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head).rstrip(" ,;:.") + "…"


def day_in_words(day: date | None, *, unknown: str = "") -> str:
    """`21 June 2024`; `unknown` where there is no date."""
    return long_day(day) if day else unknown


def dated_in_words(day: date | None, *, is_ahead: bool, unknown: str = "") -> str:
    """The day of an article as its source gives it, with a mark where it is not believed because it lay ahead."""
    return marked_ahead(day_in_words(day, unknown=unknown), is_ahead=is_ahead)


def marked_ahead(when: str, *, is_ahead: bool) -> str:
    """A date in words, with a mark where it is not believed because it lay ahead."""
    return _("{day} (not believed: it lay ahead)", day=when) if is_ahead else when


def days_in_words(first: date, last: date) -> str:
    """`10 June 2024 to 17 June 2024`; a single day stands alone."""
    begin, end = day_in_words(first), day_in_words(last)
    return begin if begin == end else _("{first} to {last}", first=begin, last=end)


def when_in_words(first: date, last: date) -> str:
    """When something happened: `1977` and `May 2024` for a whole year and month, else as `days_in_words`."""
    begins_month, ends_month = first.day == 1, (last + timedelta(days=1)).day == 1
    if begins_month and ends_month and first.year == last.year:
        if (first.month, last.month) == (1, 12):
            return f"{first.year}"
        if first.month == last.month:
            return long_month(first)
    return days_in_words(first, last)


def days_in_short(first: date, last: date) -> str:
    """`14 to 20 June 2024`, `28 May to 3 June 2024`: month and year once where both days have them, for a heading."""
    return days_apart(first, last)


def limits_in_words(after: date | None, before: date | None) -> str:
    """`from 10 June 2024 to 17 June 2024`, `since 10 June 2024`, `until 17 June 2024`; empty without limits."""
    if after and before:
        return _("from {first} to {last}", first=day_in_words(after), last=day_in_words(before))
    if after:
        return _("since {day}", day=day_in_words(after))
    return _("until {day}", day=day_in_words(before)) if before else ""


def tags_in_words(tags: Sequence[str]) -> str:
    """`with the tag “energy”`, `with the tag “energy” or “rail”`; empty without tags."""
    named = any_of([f"“{tag}”" for tag in tags])
    return _("with the tag {tags}", tags=named) if tags else ""


def month_in_words(day: date) -> str:
    """`Jun 2024`: the short form for the axis of a chart."""
    return short_month(day)


def to_the_minute(moment: datetime) -> str:
    """`2024-06-21 03:15`: the form that lists sort by."""
    return f"{moment:%Y-%m-%d %H:%M}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 article`, `2 articles`, for a terminal; `many` is the plural that is not made with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def sources_in_words(sources: int, outlets: int) -> str:
    """`2 independent sources`, and in how many outlets they stand where some carry the same text."""
    said = ngettext("{n} independent source", "{n} independent sources", sources)
    if outlets <= sources:
        return said
    return ngettext("{sources} in {n} outlet", "{sources} in {n} outlets", outlets, sources=said)


def all_of(names: Sequence[str]) -> str:
    """`one, two and three`."""
    return _("{names} and {last}", names=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else "".join(names)


def any_of(names: Sequence[str]) -> str:
    """`one or two`."""
    named = "".join(names[:1])
    for name in names[1:]:
        named = _("{one} or {other}", one=named, other=name)
    return named


def page_in_words(number: int) -> str:
    """`page 3`, of a PDF."""
    return _("page {number}", number=str(number))
