"""Pieces of text with their places on a PDF page -> blocks of lines, column by column.

A PDF may draw its columns one after the other or line by line across all of them, and the cells of a table like words
of one line. Where pieces begin below each other and nothing runs across, there is a column; what runs across all of
them, or stands far above or below, parts the page into bands that are read from the top.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

MAX_PIECES = 20_000
CELL_MARK = " | "
_SAME_LINE = 0.35
"""Of the size of the letters: as far as the baselines of one line lie apart."""

_WORD_GAP = 0.12
_WIDE_GAP = 1.0
"""In the same unit: a gap from which on there is a space, and one that may part columns or cells."""

_ALIGNED = 3.0
_MIN_LINES = 3
_MAX_CROSSING_SHARE = 0.1
_PROSE_CHARACTERS = 15
_CELL_CHARACTERS = 60
_BAND_GAP = 2.2
"""In the usual distance of two lines: a wider empty strip parts bands."""

_HEADING_SIZE = 1.25
_LIST_MARK = re.compile(r"(?:\W{1,2}|\(?\w{1,3}[.)])")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that was drawn at one place: from `left` to `right` on the baseline `bottom`, in points, y upwards."""

    left: float
    right: float
    bottom: float
    size: float
    text: str


def blocks_of(pieces: Sequence[Piece]) -> list[list[str]] | None:
    """Return the lines of the page's blocks in reading order; None where it has neither columns nor tables."""
    if not 1 < len(pieces) <= MAX_PIECES:
        return None
    rows = [_segments(row) for row in _rows(pieces)]
    starts = _column_starts(rows)
    cells = _cell_starts(rows)
    if not starts and not cells:
        return None
    blocks: list[list[str]] = []
    for band in _bands(rows, starts):
        edges = [float("-inf"), *starts, float("inf")]
        for left, right in pairwise(edges):
            lines = [
                _line([one for one in row if left <= _place(one) < right], cells)
                for row in band
                if any(left <= _place(one) < right for one in row)
            ]
            if lines:
                blocks.append(lines)
    return blocks


def _place(segment: Piece) -> float:
    return segment.left + _ALIGNED


def _rows(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Group the pieces by their baselines, from the top."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.bottom, piece.left)):
        if rows and abs(rows[-1][0].bottom - piece.bottom) <= _SAME_LINE * min(rows[-1][0].size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _segments(row: Sequence[Piece]) -> list[Piece]:
    """Join the pieces of a row that only a space parts."""
    found: list[Piece] = []
    for piece in sorted(row, key=lambda piece: piece.left):
        gap = piece.left - found[-1].right if found else 0.0
        if found and gap < _WIDE_GAP * min(found[-1].size, piece.size):
            found[-1] = _joined(found[-1], piece, " " if gap > _WORD_GAP * piece.size else "")
        else:
            found.append(piece)
    return found


def _joined(one: Piece, other: Piece, between: str) -> Piece:
    text = f"{one.text.rstrip()}{between}{other.text.lstrip()}" if between else one.text + other.text
    return Piece(one.left, max(one.right, other.right), one.bottom, max(one.size, other.size), text)


def _column_starts(rows: Sequence[Sequence[Piece]]) -> list[float]:
    """Return where columns of prose begin, without the first."""
    segments = sorted((one for row in rows for one in row), key=lambda one: one.left)
    starts: list[float] = []
    for cluster in _clusters(segments):
        start = cluster[0].left
        top, foot = max(one.bottom for one in cluster), min(one.bottom for one in cluster)
        beside = [one for one in segments if one.left < start - _ALIGNED and foot <= one.bottom <= top]
        beside = [one for one in beside if not starts or one.right > starts[-1]]
        if len(cluster) < _MIN_LINES or len(beside) < _MIN_LINES:
            continue
        crossing = sum(one.right > start for one in beside)
        if crossing <= _MAX_CROSSING_SHARE * len(beside) and _is_prose(cluster) and _is_prose(beside):
            starts.append(start)
    return starts


def _clusters(segments: Sequence[Piece]) -> list[list[Piece]]:
    """Group segments, given from the left, that begin below each other."""
    found: list[list[Piece]] = []
    for one in segments:
        if found and one.left - found[-1][0].left <= _ALIGNED:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _is_prose(segments: Sequence[Piece]) -> bool:
    return statistics.median(len(one.text) for one in segments) >= _PROSE_CHARACTERS


def _cell_starts(rows: Sequence[Sequence[Piece]]) -> frozenset[Piece]:
    """Return the segments that are cells of a table: short, apart from the one before, aligned with one of another row.

    Figures are aligned on the right.
    """
    later = [one for row in rows for one in row[1:] if len(one.text) <= _CELL_CHARACTERS]
    cells: set[Piece] = set()
    for edge in ("left", "right"):
        ordered = sorted(later, key=lambda one: float(getattr(one, edge)))
        for one, other in pairwise(ordered):
            if getattr(other, edge) - getattr(one, edge) <= _ALIGNED and one.bottom != other.bottom:
                cells.update((one, other))
    return frozenset(cells)


def _line(segments: Sequence[Piece], cells: frozenset[Piece]) -> str:
    line = segments[0].text.strip()
    for one in segments[1:]:
        is_cell = one in cells and not _LIST_MARK.fullmatch(line) and len(line) <= _CELL_CHARACTERS * 4
        line = f"{line}{CELL_MARK if is_cell else ' '}{one.text.strip()}"
    return line


def _bands(rows: Sequence[list[Piece]], starts: Sequence[float]) -> list[list[list[Piece]]]:
    """Part the rows where one runs across the columns, is set in larger letters, or far from the one above."""
    distances = [one[0].bottom - other[0].bottom for one, other in pairwise(rows)]
    usual = statistics.median(distances) if distances else 0.0
    size = statistics.median(one.size for row in rows for one in row)
    bands: list[list[list[Piece]]] = []
    was_alone = True
    for number, row in enumerate(rows):
        crosses = any(one.left < start - _ALIGNED and one.right > start for one in row for start in starts)
        is_heading = len(row) == 1 and row[0].size >= _HEADING_SIZE * size
        is_alone = crosses or is_heading
        is_far = number > 0 and distances[number - 1] > _BAND_GAP * usual
        goes_on = is_alone == was_alone and (not is_heading or rows[number - 1][0].size == row[0].size)
        if bands and goes_on and not is_far:
            bands[-1].append(row)
        else:
            bands.append([row])
        was_alone = is_alone
    return bands
