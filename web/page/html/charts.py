"""Small charts: where their bars and dots stand, and every value in words; `charts.html` draws them as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.wording.numbers import number_in_words

WIDTH, HEIGHT = 640, 122
_GAP = 0.25
_WIDEST = 64
"""Of a bar: a few of them are no blocks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A bar's rectangle, in units of the drawing, and what it stands for."""

    x: str
    y: str
    width: str
    height: str
    meaning: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dot:
    """A value's place on a line, and what it stands for."""

    x: str
    y: str
    meaning: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """Bars, or dots that a line connects; `floor` is the height of a line across, empty where there is none.

    `first` and `last` are the labels at its ends, `last` empty where it is not shown.
    """

    title: str
    in_words: str
    first: str
    last: str = ""
    bars: tuple[Bar, ...] = ()
    dots: tuple[Dot, ...] = ()
    floor: str = ""
    width: int = WIDTH
    height: int = HEIGHT


def bar_chart(title: str, values: Sequence[tuple[str, int]]) -> Chart | None:
    """Vertical bars, with the first and the last label beneath; None without a value."""
    if not values:
        return None
    most = max(1, *(value for _, value in values))
    step = WIDTH / len(values)
    bars = []
    for place, (label, value) in enumerate(values):
        high = HEIGHT * value / most
        width = min(_WIDEST, step * (1 - _GAP))
        x = place * step + (step - width) / 2
        bars.append(
            Bar(
                x=f"{x:.1f}",
                y=f"{HEIGHT - high:.1f}",
                width=f"{width:.1f}",
                height=f"{high:.1f}",
                meaning=f"{label}: {number_in_words(value)}",
            )
        )
    last = values[-1][0] if len(values) > 1 else ""
    return Chart(title=title, in_words=_in_words(title, values), first=values[0][0], last=last, bars=tuple(bars))


def line_chart(title: str, values: Sequence[tuple[str, float]], *, floor: float | None = None) -> Chart | None:
    """Values of 0 to 1 over time as a line with a dot each; `floor` is drawn across. None without a value."""
    if not values:
        return None
    step = WIDTH / max(1, len(values) - 1)
    dots = tuple(
        Dot(
            x=f"{place * step if len(values) > 1 else WIDTH / 2:.1f}",
            y=f"{HEIGHT * (1 - value):.1f}",
            meaning=f"{label}: {value:.3f}",
        )
        for place, (label, value) in enumerate(values)
    )
    across = f"{HEIGHT * (1 - floor):.1f}" if floor is not None else ""
    return Chart(title=title, in_words=_in_words(title, values), first=values[0][0], dots=dots, floor=across)


def _in_words(title: str, values: Sequence[tuple[str, float]]) -> str:
    listed = "; ".join(f"{label}: {value:,.3f}".removesuffix(".000") for label, value in values)
    return f"{title}. {listed}"
