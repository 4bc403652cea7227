"""Numbers and days in the form of the language in use."""

from __future__ import annotations

from datetime import date, datetime

from rag.wording.language import SOURCE, language


def number_in_words(number: int) -> str:
    """`1,234`, in Spanish `1234` and `12.345`."""
    if language() == SOURCE:
        return f"{number:,}"
    from babel.numbers import format_decimal

    return str(format_decimal(number, locale=language()))


def long_day(day: date) -> str:
    """`21 June 2024`, `21 de junio de 2024`."""
    if language() == SOURCE:
        return f"{day.day} {day:%B %Y}"
    from babel.dates import format_date

    return str(format_date(_day(day), "long", locale=language()))


def long_month(day: date) -> str:
    """`June 2024`, `junio de 2024`."""
    if language() == SOURCE:
        return f"{day:%B %Y}"
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMM", _day(day), locale=language()))


def short_month(day: date) -> str:
    """`Jun 2024`, `jun 2024`."""
    if language() == SOURCE:
        return f"{day:%b %Y}"
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMM", _day(day), locale=language()))


def days_apart(first: date, last: date) -> str:
    """`14 to 20 June 2024`, `14-20 de junio de 2024` (with an en dash): what both days have in common is said once, for
    a heading."""
    first, last = _day(first), _day(last)
    if first == last:
        return long_day(last)
    if language() != SOURCE:
        from babel.dates import format_interval

        return str(format_interval(first, last, "yMMMMd", locale=language()))
    if first.year != last.year:
        return f"{long_day(first)} to {long_day(last)}"
    month = "" if first.month == last.month else f" {first:%B}"
    return f"{first.day}{month} to {long_day(last)}"


def _day(day: date) -> date:
    """The calendar's day: babel would turn a moment into another zone."""
    return day.date() if isinstance(day, datetime) else day
