"""AggreFact: machine-written summaries that were judged consistent with their document or not. Measures the check.

`--data` is the half's file, a summary a line: `id`, `dataset`, `doc`, `summary`, `consistent` (true, false, or null for
an unclear one, which is left out). A summary is kept where every sentence of it is.

Some of its parts consist of errors almost alone; over these a balanced accuracy would rest on a handful of summaries.
It and AUROC are computed over the parts (`dataset`) in which each label makes up at least a fifth;
`errors_removed` is the share of all inconsistent summaries that are not kept, over every part. Intervals are over draws
of whole documents.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from eval.datasets import Options
from eval.datasets.rows import Row, file_of_half, read_rows
from eval.errors import CaseError
from eval.metrics.estimates import estimated, mean_of
from eval.metrics.support import Source, support_estimates, support_scores
from eval.runs.results import Result, provenance
from rag.checking.sentence_check import SentenceCheck, open_check

NAME = "aggrefact"
LEAST_SHARE = 0.2


class JudgedSummary(Row):
    """One summary of one document."""

    id: str
    dataset: str
    doc: str
    summary: str
    consistent: bool | None


def evaluate(options: Options) -> Result:
    """Check every judged summary against its document."""
    file = file_of_half(options, set_name=NAME)
    summaries, digest = read_rows(file, JudgedSummary)
    balanced = balanced_parts(summaries)
    judged = [summary for summary in summaries if summary.consistent is not None][: options.limit]
    if not judged:
        raise CaseError(f"no judged summary in {str(file)!r}; name another file with --data")
    check = open_check(options.settings, graded=True)
    rows = []
    for done, summary in enumerate(judged, start=1):
        rows.append(_row(summary, check, in_balanced_part=summary.dataset in balanced))
        options.progress(done, len(judged))
    estimates = {**support_estimates(), **mean_of("errors_removed")}
    return Result(
        set=NAME,
        data=str(file),
        metrics=estimated(estimates, rows),
        provenance=provenance(options.settings, embedder="none", revision=0, digests={"summaries": digest})
        | {"balanced_parts": sorted(balanced)},
        cases=rows,
        estimates=estimates,
    )


def balanced_parts(summaries: Sequence[JudgedSummary]) -> frozenset[str]:
    """The parts in which each label makes up at least a fifth of the judged summaries."""
    labels: dict[str, list[bool]] = {}
    for summary in summaries:
        if summary.consistent is not None:
            labels.setdefault(summary.dataset, []).append(summary.consistent)
    shares = {name: sum(given) / len(given) for name, given in labels.items()}
    return frozenset(name for name, share in shares.items() if LEAST_SHARE <= share <= 1 - LEAST_SHARE)


def _row(summary: JudgedSummary, check: SentenceCheck, *, in_balanced_part: bool) -> dict[str, Any]:
    judgement = Source(summary.doc, check).judge(summary.summary)
    is_consistent = bool(summary.consistent)
    found = support_scores(judgement, is_supported=is_consistent)
    if not in_balanced_part:
        found = {"milliseconds": found["milliseconds"]}
    verdict = "kept" if judgement.kept else f"removed: {judgement.reason}"
    label = "consistent" if is_consistent else "inconsistent"
    return {
        "id": summary.id,
        "cluster": hashlib.sha256(summary.doc.encode()).hexdigest()[:16],
        "part": summary.dataset,
        "summary": summary.summary,
        "scores": found | {"errors_removed": None if is_consistent else float(not judgement.kept)},
        "reason": judgement.reason,
        "fault": ""
        if judgement.kept == is_consistent
        else f"{summary.id} ({summary.dataset}): {label}, {verdict}\n  {summary.summary}",
    }
