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
    "golden": "eval.datasets.ours.golden",
    "golden-halves": "eval.datasets.ours.golden_halves",
    "follow-ups": "eval.datasets.ours.follow_ups",
    "disagreements": "eval.datasets.ours.disagreements",
    "digests": "eval.datasets.ours.digests",
    "event-dates": "eval.datasets.ours.event_dates",
    "intent": "eval.datasets.ours.intents",
    "poison": "eval.datasets.ours.poison",
    "story-clusters": "eval.datasets.summaries.story_clusters",
    "storylines": "eval.datasets.summaries.storylines",
    "multi-news": "eval.datasets.summaries.multi_news",
    "bbc-news-summary": "eval.datasets.summaries.bbc_news_summary",
    "article-extraction": "eval.datasets.ingest.article_extraction",
    "html-metadata": "eval.datasets.ingest.html_metadata",
    "near-duplicates": "eval.datasets.ingest.near_duplicates",
    "feeds": "eval.datasets.ingest.feeds",
    "realtimeqa": "eval.datasets.answering.realtimeqa",
    "multihop-rag": "eval.datasets.answering.multihop_rag",
    "squad2": "eval.datasets.answering.squad2",
    "qags": "eval.datasets.checking.qags",
    "aggrefact": "eval.datasets.checking.aggrefact",
    "rgb": "eval.datasets.answering.rgb",
    "robustrag": "eval.datasets.answering.robustrag",
    "bipia": "eval.datasets.answering.bipia",
    "wikinews-qa": "eval.datasets.answering.wikinews_qa",
    "drafts": "eval.datasets.checking.drafts",
    "wikinews-claims": "eval.datasets.checking.wikinews_claims",
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
