"""Small charts as inert SVG: drawn from numbers of our own, with every value in words beside it."""

from __future__ import annotations

from collections.abc import Sequence

from web.page.html import text

_WIDTH, _HEIGHT, _FOOT = 640, 140, 18
_GAP = 0.25


def bars(title: str, values: Sequence[tuple[str, int]]) -> str:
    """Vertical bars, with the first and the last label beneath."""
    if not values:
        return ""
    most = max(1, *(value for _, value in values))
    step = _WIDTH / len(values)
    room = _HEIGHT - _FOOT
    drawn = []
    for place, (label, value) in enumerate(values):
        high = room * value / most
        x, width = place * step + step * _GAP / 2, step * (1 - _GAP)
        drawn.append(
            f'<rect x="{x:.1f}" y="{room - high:.1f}" width="{width:.1f}" height="{high:.1f}">'
            f"<title>{text(label)}: {value:,}</title></rect>"
        )
    ends = f'<text x="0" y="{_HEIGHT - 4}">{text(values[0][0])}</text>'
    if len(values) > 1:
        ends += f'<text x="{_WIDTH}" y="{_HEIGHT - 4}" text-anchor="end">{text(values[-1][0])}</text>'
    return _figure(title, values, f"{''.join(drawn)}{ends}")


def line(title: str, values: Sequence[tuple[str, float]], *, floor: float | None = None) -> str:
    """Values of 0 to 1 over time as a line with a dot each; `floor` is drawn across."""
    if not values:
        return ""
    room = _HEIGHT - _FOOT
    step = _WIDTH / max(1, len(values) - 1)
    points = [
        (place * step if len(values) > 1 else _WIDTH / 2, room * (1 - value)) for place, (_, value) in enumerate(values)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{text(label)}: {value:.3f}</title></circle>'
        for (x, y), (label, value) in zip(points, values, strict=True)
    )
    across = ""
    if floor is not None:
        y = room * (1 - floor)
        across = f'<line class="nd-floor" x1="0" y1="{y:.1f}" x2="{_WIDTH}" y2="{y:.1f}"/>'
    ends = f'<text x="0" y="{_HEIGHT - 4}">{text(values[0][0])}</text>'
    return _figure(title, values, f'{across}<polyline points="{path}"/>{dots}{ends}')


def _figure(title: str, values: Sequence[tuple[str, float]], drawn: str) -> str:
    said = "; ".join(f"{label}: {value:,.3f}".removesuffix(".000") for label, value in values)
    image = f'role="img" aria-label="{text(f"{title}. {said}")}"'
    return (
        f'<figure class="nd-chart"><figcaption>{text(title)}</figcaption>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" {image}>{drawn}</svg></figure>'
    )
