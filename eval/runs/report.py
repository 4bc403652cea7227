"""Renders results: a table for the terminal, Markdown for the documentation, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from eval.metrics.per_case import Metric
from eval.runs.compare import Comparison, is_clear
from eval.runs.results import Result

_HEADINGS = ("metric", "value", "95% interval", "n")
_DIFFERENCE = "Newsdesk less {}"
_COMPARED = ("metric", "first", "second", "difference", "95% interval", "n", "clear")


def as_json(result: Result) -> str:
    """The result's public JSON form."""
    return json.dumps(result.as_json(), indent=2)


def as_table(result: Result) -> str:
    """Plain text in columns."""
    lines = [f"{result.set} ({result.data})", "", *_columns([_HEADINGS, *_rows(result.metrics)])]
    if result.baselines:
        lines += ["", *_columns([_beside_headings(result), *_beside_rows(result)])]
    if result.by_kind:
        lines += ["", *_columns([("by kind", *result.by_kind), *_kind_rows(result, _plain)])]
    return "\n".join(lines)


def as_markdown(result: Result) -> str:
    """A Markdown table with what it was measured on below it."""
    lines = [f"## {result.set} (`{result.data}`)", "", "| metric | value | 95% interval | n |", "|---|---:|---:|---:|"]
    lines += [f"| {' | '.join(row)} |" for row in _rows(result.metrics)]
    if result.baselines:
        headings = _beside_headings(result)
        lines += ["", f"| {' | '.join(headings)} |", f"|---|{'---:|' * (len(headings) - 1)}"]
        lines += [f"| {' | '.join(row)} |" for row in _beside_rows(result)]
    if result.by_kind:
        lines += ["", f"| by kind | {' | '.join(result.by_kind)} |", f"|---|{'---:|' * len(result.by_kind)}"]
        lines += [f"| {' | '.join(row)} |" for row in _kind_rows(result, _with_interval)]
    made = result.provenance
    lines += ["", f"Measured {made['created']}, Newsdesk {made['newsdesk']}, commit {made['commit'] or 'unknown'},"]
    lines += [
        f"writer `{made['model']}`, embedder `{made['embedder']}`, Python {made['python']} on {made['platform']}."
    ]
    return "\n".join(lines) + "\n"


def comparison_table(found: Comparison) -> str:
    """Two runs in columns; "clear" marks a difference whose interval does not hold 0."""
    lines = [found.set, f"first:  {found.first.folder}", f"second: {found.second.folder}", ""]
    return "\n".join([*lines, *_columns([_COMPARED, *_compared_rows(found)]), *_notes(found)])


def comparison_markdown(found: Comparison) -> str:
    """A Markdown table of two runs with what they were made with below it."""
    lines = [f"## {found.set}: two runs", "", f"| {' | '.join(_COMPARED)} |", "|---|---:|---:|---:|---:|---:|---|"]
    lines += [f"| {' | '.join(row)} |" for row in _compared_rows(found)]
    for name, run in (("First", found.first), ("Second", found.second)):
        made = run.provenance
        lines += ["", f"{name}: {made.get('created')}, commit {made.get('commit') or 'unknown'}, writer "]
        lines[-1] += f"`{made.get('model')}`, embedder `{made.get('embedder')}`."
    return "\n".join([*lines, *_notes(found)]) + "\n"


def faults(result: Result) -> str:
    """What went wrong, case by case, as the set describes it: what a developer looks at first."""
    texts = [str(case["fault"]) for case in result.cases if case["fault"]]
    return "\n\n".join([*texts, f"{len(texts)} of {len(result.cases)} cases are not perfect"])


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join([name.ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(cells, widths[1:], strict=True))]).rstrip()
        for name, *cells in rows
    ]


def _compared_rows(found: Comparison) -> Iterable[tuple[str, ...]]:
    for name, compared in found.metrics.items():
        change = compared.difference
        yield (
            name,
            f"{compared.first.value:.3f}",
            f"{compared.second.value:.3f}",
            f"{change.value:+.3f}",
            f"{change.low:+.3f} to {change.high:+.3f}",
            str(change.n),
            "yes" if compared.is_clear else "",
        )


def _beside_headings(result: Result) -> tuple[str, ...]:
    return ("metric", "Newsdesk", *result.baselines, *(_DIFFERENCE.format(name) for name in result.baselines), "n")


def _beside_rows(result: Result) -> Iterable[tuple[str, ...]]:
    """A column a system, then a column a difference with its interval of paired draws, "clear" where it holds no 0."""
    for name in dict.fromkeys(name for other in result.baselines.values() for name in other.metrics):
        own = result.metrics.get(name)
        if own is None:
            continue
        theirs = [other.metrics.get(name) for other in result.baselines.values()]
        changes = [other.differences.get(name) for other in result.baselines.values()]
        yield (
            name,
            f"{own.value:.3f}",
            *(f"{metric.value:.3f}" if metric else "" for metric in theirs),
            *(_difference(change) if change else "" for change in changes),
            str(own.n),
        )


def _kind_rows(result: Result, cell: Callable[[Metric], str]) -> Iterable[tuple[str, ...]]:
    """A row a metric of the result with a column a kind, empty where the metric does not apply to it."""
    for name in result.metrics:
        found = [metrics.get(name) for metrics in result.by_kind.values()]
        if any(found):
            yield name, *(cell(metric) if metric else "" for metric in found)


def _plain(metric: Metric) -> str:
    return f"{metric.value:.2f}"


def _with_interval(metric: Metric) -> str:
    return f"{metric.value:.2f} ({metric.low:.2f}-{metric.high:.2f}, n {metric.n})"


def _difference(change: Metric) -> str:
    clear = " clear" if is_clear(change) else ""
    return f"{change.value:+.3f} ({change.low:+.3f} to {change.high:+.3f}){clear}"


def _notes(found: Comparison) -> list[str]:
    return ["", *(f"Note: {note}." for note in found.notes)] if found.notes else []


def _rows(measured: Mapping[str, Metric]) -> Iterable[tuple[str, str, str, str]]:
    for name, metric in measured.items():
        yield name, f"{metric.value:.3f}", f"{metric.low:.3f}-{metric.high:.3f}", str(metric.n)
