"""The evaluation sets, one module each.

A set is a module of this package with a function `evaluate(options: Options) -> Result`, named in `SETS`; it is
imported when it is run.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from eval.errors import CaseError
from eval.runs.progress import no_progress
from eval.runs.results import Result
from rag.settings import Settings

SETS = {
    "golden": "eval.datasets.golden",
    "follow-ups": "eval.datasets.follow_ups",
    "disagreements": "eval.datasets.disagreements",
    "digests": "eval.datasets.digests",
    "event-dates": "eval.datasets.event_dates",
    "story-clusters": "eval.datasets.story_clusters",
    "multi-news": "eval.datasets.multi_news",
    "bbc-news-summary": "eval.datasets.bbc_news_summary",
    "article-extraction": "eval.datasets.article_extraction",
    "html-metadata": "eval.datasets.html_metadata",
    "near-duplicates": "eval.datasets.near_duplicates",
    "feeds": "eval.datasets.feeds",
    "realtimeqa": "eval.datasets.realtimeqa",
    "multihop-rag": "eval.datasets.multihop_rag",
    "squad2": "eval.datasets.squad2",
    "qags": "eval.datasets.qags",
    "aggrefact": "eval.datasets.aggrefact",
    "rgb": "eval.datasets.rgb",
    "robustrag": "eval.datasets.robustrag",
    "bipia": "eval.datasets.bipia",
}
"""Name on the command line -> module."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What a set is run with.

    `data` is the folder or file that `--data` names; `limit` takes only the first cases. `libraries` is a folder that
    keeps the set's library for the next run; without it the library is a temporary one. `baselines` names the other
    ways to score beside Newsdesk (see `eval.reference_systems.bm25_and_vectors`).
    """

    settings: Settings
    data: Path | None = None
    limit: int | None = None
    libraries: Path | None = None
    baselines: tuple[str, ...] = ()
    progress: Callable[[int, int], None] = no_progress


class EvaluationSet(Protocol):
    """The shape of a set's module."""

    def evaluate(self, options: Options) -> Result:
        """Run the set."""


def open_set(name: str) -> EvaluationSet:
    """The set of that name; `CaseError` for an unknown one."""
    module = SETS.get(name)
    if module is None:
        raise CaseError(f"no evaluation set {name!r}; choose one of: {', '.join(sorted(SETS))}")
    return cast(EvaluationSet, importlib.import_module(module))
