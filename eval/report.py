"""Renders results: a table for the terminal, Markdown for the documentation, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from eval.metrics import Metric
from eval.results import Result

_HEADINGS = ("metric", "value", "95% interval", "n")


def as_json(result: Result) -> str:
    """The result's public JSON form."""
    return json.dumps(result.as_json(), indent=2)


def as_table(result: Result) -> str:
    """Plain text in columns."""
    rows = [_HEADINGS, *_rows(result.metrics)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADINGS))]
    lines = [f"{result.set} ({result.data})", ""]
    for name, *numbers in rows:
        cells = [cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=True)]
        lines.append("  ".join([name.ljust(widths[0]), *cells]))
    return "\n".join(lines)


def as_markdown(result: Result) -> str:
    """A Markdown table with what it was measured on below it."""
    lines = [f"## {result.set} (`{result.data}`)", "", "| metric | value | 95% interval | n |", "|---|---:|---:|---:|"]
    lines += [f"| {' | '.join(row)} |" for row in _rows(result.metrics)]
    made = result.provenance
    lines += ["", f"Measured {made['created']}, Newsdesk {made['newsdesk']}, commit {made['commit'] or 'unknown'},"]
    lines += [
        f"writer `{made['model']}`, embedder `{made['embedder']}`, Python {made['python']} on {made['platform']}."
    ]
    return "\n".join(lines) + "\n"


def faults(result: Result) -> str:
    """What went wrong, case by case, as the set describes it: what a developer looks at first."""
    texts = [str(case["fault"]) for case in result.cases if case["fault"]]
    return "\n\n".join([*texts, f"{len(texts)} of {len(result.cases)} cases are not perfect"])


def _rows(measured: Mapping[str, Metric]) -> Iterable[tuple[str, str, str, str]]:
    for name, metric in measured.items():
        yield name, f"{metric.value:.3f}", f"{metric.low:.3f}-{metric.high:.3f}", str(metric.n)
