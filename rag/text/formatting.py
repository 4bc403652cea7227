"""How dates, counts and long texts are put into words, the same on the page and in a terminal."""

from __future__ import annotations

from datetime import date


def clipped(value: str, limit: int) -> str:
    """At most `limit` characters on one line, cut at a word with an ellipsis."""
    line = " ".join(value.split())
    if len(line) <= limit:
        return line
    head = line[:limit]
    return (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head).rstrip(" ,;:.") + "…"


def day_in_words(day: date) -> str:
    """`21 June 2024`."""
    return f"{day.day} {day:%B %Y}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 article`, `2 articles`; `many` is the plural that is not made with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"
