"""A bench report as Markdown for the documentation."""

from __future__ import annotations

from typing import Any


def as_markdown(report: dict[str, Any]) -> str:
    """A table of the figures with their targets, below what they were measured on."""
    made = report["machine"]
    lines = [
        f"Measured {made['date']} on {made['processor']}, {made['cores']} cores, {made['memory_gb']} GB,",
        f"{made['system']}, Python {made['python']}, Newsdesk {report['provenance']['newsdesk']};",
        f"texts: {report['corpus']}.",
        "",
        "| figure | value | n | target | met |",
        "|---|---:|---:|---:|---|",
    ]
    return "\n".join([*lines, *(_row(figure) for figure in report["measurements"])]) + "\n"


def _row(figure: dict[str, Any]) -> str:
    target = "" if figure["target"] is None else f"{figure['target']:g} {figure['unit']}"
    met = {None: "", True: "yes", False: "no"}[figure["met"]]
    return f"| {figure['name']} | {_value(figure['value'])} {figure['unit']} | {figure['n']} | {target} | {met} |"


def _value(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
