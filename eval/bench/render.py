"""A bench report as Markdown for the documentation."""

from __future__ import annotations

from typing import Any


def measured_on(report: dict[str, Any]) -> list[str]:
    """The lines that name day, machine and versions of a report."""
    made = report["machine"]
    return [
        f"Measured {made['date']} on {made['processor']}, {made['cores']} cores, {made['memory_gb']} GB,",
        f"{made['system']}, Python {made['python']}, Newsdesk {report['provenance']['newsdesk']};",
    ]


def as_markdown(report: dict[str, Any]) -> str:
    """A table of the figures with their targets, below what they were measured on."""
    lines = [
        *measured_on(report),
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
