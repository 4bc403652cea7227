"""Figures of a claim against the figures of its quotes."""

from __future__ import annotations

from collections.abc import Sequence

from rag.text.numbers import Number, TextNumbers
from rag.text.written_dates import Day


def missing_number(
    claim: TextNumbers,
    quotes: Sequence[TextNumbers],
    more_days: Sequence[Day] = (),
    *,
    of_another: bool = True,
    bounds: bool = True,
) -> str:
    """Which number or date of the claim the quotes do not have, in words for a reader; "" where they have all.

    `more_days` are dates that the quotes give in other words; `of_another` says whether a figure fails, too, that the
    quotes seem to give of another thing, `bounds` whether "more than 5" fails against "5".
    """
    days = [*more_days, *(day for quote in quotes for day in quote.days)]
    numbers = [number for quote in quotes for number in quote.numbers]
    for day in claim.days:
        if not any(known.covers(day) for known in days):
            return f"the date {day.text!r} is not in the quotes"
    for number in claim.numbers:
        if reason := _mismatch(number, numbers, days, of_another=of_another, bounds=bounds):
            return reason
    return ""


def _mismatch(claim: Number, numbers: list[Number], days: list[Day], *, of_another: bool, bounds: bool) -> str:
    if claim.kind == "number" and any(day.year == claim.value for day in days):
        return ""
    same = [number for number in numbers if _same_value(claim, number) and _same_kind(claim, number)]
    # The quotes may list what the claim counts: it is refused where they count the same thing otherwise.
    if not same and (claim.in_a_word or not claim.required):
        return _counts_another_thing(claim, same, numbers)
    if not same:
        return f"the figure {claim.text!r} is not in the quotes"
    if bounds and all(number.bound not in ("", claim.bound) or (claim.bound and not number.bound) for number in same):
        return f"the quotes give {same[0].text!r}, not {claim.text!r}"
    return _counts_another_thing(claim, same, numbers) if of_another else ""


def _counts_another_thing(claim: Number, same: list[Number], numbers: list[Number]) -> str:
    """A figure is another's where the quotes count its noun or verb too, and always with other values: "25 injured"
    from "3 injured, 25 fled"."""
    if claim.heads and not any(claim.heads & number.heads for number in same):
        rivals = [number for number in numbers if number.kind == claim.kind and number.heads & claim.heads]
        if rivals:
            return f"the quotes give {rivals[0].text!r} where the sentence says {claim.text!r}"
    return ""


def _same_value(one: Number, other: Number) -> bool:
    return abs(one.value - other.value) <= 1e-9 * max(1.0, abs(one.value))


_COUNTED_ELSEWHERE = frozenset(("point", "vote", "seat"))


def _same_kind(claim: Number, quote: Number) -> bool:
    """Kinds must agree; a bare number of the claim may be any of the quotes', and a bare one of the quotes may serve a
    claim's point, vote or seat, whose noun stands elsewhere in its sentence ("votes of 230 to 198"); never money or
    percent."""
    if claim.kind == quote.kind or claim.kind == "number":
        return True
    return quote.kind == "number" and claim.kind in _COUNTED_ELSEWHERE
