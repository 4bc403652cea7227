"""Follows where the pages of a PDF begin from the text of a document to the text that is left of it.

Reading what a text says of itself and cleaning take whole lines away, and marks or a dateline from the front of a line;
they add nothing and change no order. So each line that is left is looked for among those behind the one before it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

_MOST_STRANGE = 20
"""So many lines may be left that stood in no line before: of a text that was rewritten nobody can tell the pages."""


def page_starts(pages: Sequence[str], text: str) -> tuple[int, ...]:
    """The offsets into the text of all pages at which each of them begins, told by counting letters and digits.

    `pages` hold the same letters and digits as `text`, in the same order.
    """
    wanted = list(accumulate((_letters(page) for page in pages[:-1]), initial=0))
    starts: list[int] = []
    met = 0
    for offset, character in enumerate(text):
        if character.isalnum():
            while len(starts) < len(wanted) and wanted[len(starts)] <= met:
                starts.append(offset if starts else 0)
            met += 1
    return (*starts, *[len(text)] * (len(wanted) - len(starts)))


def followed(starts: Sequence[int], before: str, after: str) -> tuple[int, ...]:
    """The same places in what is left of the text, `after`; nothing where that cannot be told."""
    if not starts or before == after:
        return tuple(starts)
    old = _lines(before)
    compact = [_compact(line) for _, line in old]
    left: dict[int, tuple[int, str]] = {}
    place = strange = 0
    for offset, line in _lines(after):
        end = _compact(line)
        found = next((at for at in range(place, len(old)) if compact[at].endswith(end)), None)
        if found is None:
            strange += 1
            if strange > _MOST_STRANGE:
                return ()
            continue
        left[found] = (offset, line)
        place = found + 1
    ends = [offset + len(line) for offset, line in old]
    moved = (_moved(start, bisect_right(ends, start), old, left, len(after)) for start in starts)
    return (0, *list(moved)[1:])


def _moved(start: int, number: int, old: Sequence[tuple[int, str]], left: dict[int, tuple[int, str]], end: int) -> int:
    """Where a place in or before the line `number` is in what is left: in the same line, or at the next one left."""
    if number in left:
        (offset, line), (begin, rest) = old[number], left[number]
        # What was taken away stood in front: the end of the line is the end that is left.
        return begin + max(0, len(rest) - len(line) + max(0, start - offset))
    return next((left[later][0] for later in range(number + 1, len(old)) if later in left), end)


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines that hold letters or digits, with their offsets."""
    found, offset = [], 0
    for line in text.split("\n"):
        if _letters(line):
            found.append((offset, line))
        offset += len(line) + 1
    return found


def _compact(line: str) -> str:
    return "".join(filter(str.isalnum, line))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
