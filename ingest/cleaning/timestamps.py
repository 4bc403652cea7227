"""When a page says of itself that it was written or changed: timestamps that stand on lines of their own.

A date alone is no timestamp, for it may head an entry of a timeline, and neither is an hour alone, for it may stand in
a programme.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.text.calendar_names import MONTH_NUMBERS, WEEKDAYS

TimestampKind = Literal["labelled", "bare"]

_LABELS = frozenset(
    ["published", "posted", "updated", "modified", "stand", "veröffentlicht", "aktualisiert", "publié", "modifié",
     "publicado", "actualizado", "atualizado", "pubblicato", "aggiornato", "опубликовано", "обновлено", "опубліковано",
     "оновлено"]
)  # fmt: skip
_HALVES = frozenset(["am", "pm", "a.m", "p.m"])
_ZONES = frozenset(
    ["et", "est", "edt", "ct", "cst", "cdt", "mt", "mst", "mdt", "pt", "pst", "pdt", "gmt", "utc", "bst", "cet", "cest",
     "eet", "eest", "ist", "msk", "jst", "sgt", "aest", "aedt", "uhr"]
)  # fmt: skip
_OTHERS = frozenset(
    [*WEEKDAYS, "mon", "tue", "wed", "thu", "fri", "sat", "sun", "montag", "dienstag", "mittwoch", "donnerstag",
     "freitag", "samstag", "sonntag", "today", "yesterday", "this", "story", "article", "was", "last", "first",
     "originally", "at", "on", "am", "um", "le", "à", "el", "il", "de", "zuletzt"]
)  # fmt: skip
"""What stands in a timestamp beside its figures and says nothing about them."""

_WORDS = _LABELS | MONTH_NUMBERS.keys() | _HALVES | _ZONES | _OTHERS

_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])[:.h][0-5]\d(?::[0-5]\d)?(?:[ap]\.?m)?")
_DAY_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[:h][0-5]\d")
"""What can be nothing but a time of day: `2.15` may be a figure and `2:15` how long something took."""

_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./](?:\d\d)?\d\d|(?:19|20)\d\d-\d\d-\d\d")
_LONG_AGO = re.compile(r"(?:\d{1,3}|an?|one) ?(?:m|mins?|minutes?|h|hrs?|hours?|d|days?) ago|just now")
_BETWEEN = re.compile(r"[\s,|·•()–—]+")  # noqa: RUF001
_MAX_CHARACTERS = 120


def timestamp_kind(folded: str) -> TimestampKind | None:
    """Return what kind of timestamp a folded line is, where it is nothing else.

    "labelled" says so itself ("updated 3:45 pm edt"); "bare" is a time of day or "2h ago", as in a live blog.
    """
    if len(folded) > _MAX_CHARACTERS or not folded:
        return None
    if _LONG_AGO.fullmatch(folded):
        return "bare"
    first, _, rest = folded.partition(" ")
    if first in _LABELS and _LONG_AGO.fullmatch(rest):
        return "labelled"
    tokens = (token.strip(".:") for token in _BETWEEN.split(folded))
    return _kind_of([token for token in tokens if token and token != "-"])


def _kind_of(tokens: Sequence[str]) -> TimestampKind | None:
    if any(token not in _WORDS and not _is_figure(token) for token in tokens):
        return None
    words = {token for token in tokens if token in _WORDS}
    clocks = [token for token in tokens if _CLOCK.fullmatch(token)]
    has_date = any(_DATE.fullmatch(token) for token in tokens) or (
        not words.isdisjoint(MONTH_NUMBERS) and any(_DAY.fullmatch(token) for token in tokens)
    )
    if not words.isdisjoint(_LABELS):
        return "labelled" if clocks or has_date else None
    says_half = not words.isdisjoint(_HALVES | _ZONES) or any(clock.endswith("m") for clock in clocks)
    is_certain = says_half or has_date or any(_DAY_CLOCK.fullmatch(clock) for clock in clocks)
    return "bare" if clocks and is_certain else None


def _is_figure(token: str) -> bool:
    return any(figure.fullmatch(token) for figure in (_CLOCK, _DAY, _YEAR, _DATE))
