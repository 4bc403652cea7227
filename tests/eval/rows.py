"""Writes invented data sets in the shapes of the real ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

PROSE = [
    "The council of the harbour town met on Monday evening and chose a new chair after eleven hours of talks.",
    "Ana Ruiz, a ferry captain who had never stood for office, won by a single vote in the fourth round of voting.",
    "The old chair, Tom Hale, said that he would go on as a member of the finance committee until his term ends.",
]


def written(file: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write one JSON object a line, compressed where the file's name says so; returns the file."""
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)
    return file


def page(*paragraphs: str, head: str = "") -> str:
    """An HTML page with one article."""
    inside = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head>{head}</head><body><article><h1>New chair chosen</h1>{inside}</article></body></html>"
