"""trafilatura with its defaults, as anybody calls it, on the pages that ingest is measured on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from eval.datasets.ingest.pages import Reading

NAME = "trafilatura alone"


def found_by(
    baselines: Sequence[str], page: str, *, url: str, score: Callable[[Reading], dict[str, Any]]
) -> dict[str, Any]:
    """`{"baselines": {name: scores}}` for a page's row; {} where this baseline is not chosen."""
    return {"baselines": {NAME: score(read(page, url=url))}} if NAME in baselines else {}


def read(page: str, *, url: str) -> Reading:
    """What `trafilatura.extract_metadata` gives of a page, and the text of `trafilatura.extract`."""
    import trafilatura

    found = trafilatura.extract_metadata(page, default_url=url)
    return Reading(
        title=found.title or "",
        authors=tuple(found.author.split("; ")) if found.author else (),
        day=date.fromisoformat(found.date) if found.date else None,
        outlet=found.sitename or "",
        text=trafilatura.extract(page, url=url, include_comments=False) or "",
    )
