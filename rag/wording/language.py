"""Which language a reader is served in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SOURCE = "en"
"""The language that messages are written in."""

LANGUAGES = {"en": "English", "es": "Español"}
"""The languages that the interface speaks, each by its own name."""

_current: ContextVar[str] = ContextVar("newsdesk_language", default=SOURCE)


def language() -> str:
    """The language of whoever is served at the moment, one of `LANGUAGES`."""
    return _current.get()


@contextmanager
def using(tag: str) -> Iterator[None]:
    """Serve in this language (BCP 47); where there is no catalogue for it, in English."""
    name = tag.casefold().partition("-")[0]
    before = _current.set(name if name in LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _current.reset(before)


def preferred(accepted: str) -> str:
    """The language that an `Accept-Language` header (RFC 9110) likes best of those that there are; "" where none."""
    wishes: list[tuple[float, str]] = []
    for wish in accepted.split(","):
        tag, _, quality = wish.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        wishes.append((weight, tag.strip().casefold().partition("-")[0]))
    # Sorting keeps the order of those that are liked equally.
    liked = sorted((wish for wish in wishes if wish[0] > 0), key=lambda wish: -wish[0])
    return next((name for _, name in liked if name in LANGUAGES), "")


def direction(tag: str) -> str:
    """`rtl` for a language that is written from right to left, else `ltr`."""
    if tag == SOURCE:
        return "ltr"
    from babel import Locale

    return str(Locale.parse(tag, sep="-").text_direction)
