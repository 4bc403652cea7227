"""QAGS: sentences of machine-written summaries that people judged against the article. Measures the check.

`--data` is the half's file, an article a line: `id`, `source`, `article`, `summary_sentences`
(`[{sentence, supported}]`). Each sentence is checked by itself. Intervals are over draws of whole articles.
"""

from __future__ import annotations

import hashlib
from typing import Any

from eval.datasets import Options
from eval.datasets.rows import Row, file_of_half, read_rows
from eval.metrics.estimates import estimated
from eval.metrics.support import Source, support_estimates, support_scores
from eval.runs.results import Result, provenance
from rag.checking.sentence_check import open_check

NAME = "qags"


class JudgedSentence(Row):
    """One sentence, and whether most judges found it supported."""

    sentence: str
    supported: bool


class Summary(Row):
    """An article and the sentences of a summary of it."""

    id: str
    source: str
    article: str
    summary_sentences: list[JudgedSentence]


def evaluate(options: Options) -> Result:
    """Check every sentence against its article."""
    file = file_of_half(options, set_name=NAME)
    summaries, digest = read_rows(file, Summary)
    summaries = summaries[: options.limit]
    check = open_check(options.settings, graded=True)
    rows: list[dict[str, Any]] = []
    for done, summary in enumerate(summaries, start=1):
        source = Source(summary.article, check)
        rows += [_row(summary, number, source) for number in range(len(summary.summary_sentences))]
        options.progress(done, len(summaries))
    estimates = support_estimates()
    return Result(
        set=NAME,
        data=str(file),
        metrics=estimated(estimates, rows),
        provenance=provenance(options.settings, embedder="none", revision=0, digests={"summaries": digest}),
        cases=rows,
        estimates=estimates,
    )


def _row(summary: Summary, number: int, source: Source) -> dict[str, Any]:
    judged = summary.summary_sentences[number]
    judgement = source.judge(judged.sentence)
    name = f"{summary.id}/{number + 1}"
    verdict = "kept" if judgement.kept else f"removed: {judgement.reason}"
    is_right = judgement.kept == judged.supported
    return {
        "id": name,
        "cluster": hashlib.sha256(summary.article.encode()).hexdigest()[:16],
        "source": summary.source,
        "sentence": judged.sentence,
        "scores": support_scores(judgement, is_supported=judged.supported),
        "reason": judgement.reason,
        "fault": ""
        if is_right
        else f"{name}: {'supported' if judged.supported else 'unsupported'}, {verdict}\n  {judged.sentence}",
    }
