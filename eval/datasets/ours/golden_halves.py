"""The golden set over the sample articles in two libraries, every other article in the one and the rest in the other.

What is found and shown should be what one library with all of them gives (`--set golden`).
"""

from __future__ import annotations

from pathlib import Path

from eval.datasets import Options
from eval.datasets.ours import golden
from eval.runs import results

_ARTICLES = (".html", ".md")


def evaluate(options: Options) -> results.Result:
    """Ingest each half into a library of its own, ask every case over both, score it."""
    return golden.evaluated(options, "golden-halves", halves())


def halves() -> list[list[Path]]:
    """The files of the sample articles, in the order of their names, in turn to the one half and to the other."""
    from ingest.sample import sample_folder

    files = sorted(file for file in sample_folder().rglob("*") if file.suffix in _ARTICLES)
    return [files[0::2], files[1::2]]
