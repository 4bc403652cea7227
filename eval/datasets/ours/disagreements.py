"""Invented pairs of news sentences: is it told where two outlets differ, and nothing where they only seem to?

The cases are `eval/data/disagreements/pairs.jsonl`; `--data` names another such file. Every case stands for one reason
for or against a disagreement (`why`). The rules of `rag.checking.disagreements` were written with the development half
at hand. The held-out half was written after them; three faults that it showed have been mended since, so that it is no
longer blind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from eval.cases import Text
from eval.datasets import Options
from eval.datasets.rows import Row, read_rows
from eval.errors import CaseError
from eval.metrics.bootstrap import f1_with_interval
from eval.metrics.per_case import Metric, mean_with_interval
from eval.runs.results import Result, measured, provenance
from rag.checking.disagreements import disagreements
from rag.types import ArticleRef, Citation

NAME = "disagreements"
FILE = Path(__file__).parents[2] / "data" / "disagreements" / "pairs.jsonl"


class Side(Row):
    """One sentence: who published it and when (ISO 8601 with a zone). An empty outlet is an unknown one."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    outlet: str
    published: Annotated[Text, Field(pattern=r"T.*(?:Z|[+-]\d\d:\d\d)$")]
    quote: Text

    def as_citation(self, marker: int) -> Citation:
        """The sentence as the only one of an article."""
        article = ArticleRef(id=str(marker), outlet=self.outlet, published=datetime.fromisoformat(self.published))
        return Citation(marker=marker, article=article, start=0, end=len(self.quote), quote=self.quote)


class Pair(Row):
    """Two sentences and whether a reader should be told that they differ."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Text
    half: Literal["development", "held_out"]
    differ: bool
    why: Text
    one: Side
    other: Side


def evaluate(options: Options) -> Result:
    """Look for a disagreement in every pair; nothing is read but the file."""
    file = options.data or FILE
    if not file.is_file():
        raise CaseError(f"no such file: {str(file)!r}; name a file of pairs with --data")
    pairs, digest = read_rows(file, Pair)
    pairs = pairs[: options.limit]
    rows = []
    for done, pair in enumerate(pairs, start=1):
        rows.append(_row(pair))
        options.progress(done, len(pairs))
    return Result(
        set=NAME,
        data="eval/data/disagreements/pairs.jsonl" if file == FILE else str(file),
        metrics=measured(
            **_scores(rows),
            **_scores([row for row in rows if row["half"] == "development"], "_development"),
            **_scores([row for row in rows if row["half"] == "held_out"], "_held_out"),
        ),
        provenance=provenance(options.settings, embedder="none", revision=0, digests={"cases": digest}),
        cases=rows,
    )


def _scores(rows: Sequence[dict[str, Any]], ending: str = "") -> dict[str, Metric | None]:
    if not rows:
        return {}
    precisions, recalls = ([row["scores"][name] for row in rows] for name in ("precision", "recall"))
    return {
        f"precision{ending}": mean_with_interval(precisions),
        f"recall{ending}": mean_with_interval(recalls),
        f"f1{ending}": f1_with_interval(precisions, recalls),
    }


def _row(pair: Pair) -> dict[str, Any]:
    """Score one pair: precision applies where a disagreement was told, recall where there is one."""
    told = bool(disagreements([pair.one.as_citation(1), pair.other.as_citation(2)]))
    scores = {"precision": float(pair.differ) if told else None, "recall": float(told) if pair.differ else None}
    fault = "" if told == pair.differ else f"{pair.id} ({pair.why}): {'told' if told else 'not told'}"
    return {"id": pair.id, "half": pair.half, "why": pair.why, "told": told, "scores": scores, "fault": fault}
