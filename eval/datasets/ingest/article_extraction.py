"""The article extraction benchmark (github.com/scrapinghub/article-extraction-benchmark, evaluate.py).

`--data` is one file with a page a line: `id`, `url`, `html` and `articleBody`, the text that a person marked.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from eval.datasets import Options
from eval.datasets.ingest.pages import stored_article
from eval.datasets.rows import Row, file_of_half, read_rows
from eval.metrics.bootstrap import f1_with_interval
from eval.metrics.per_case import mean_with_interval
from eval.runs.results import Result, measured, provenance

NAME = "article-extraction"
_WORDS_IN_SHINGLE = 4
_TOKEN = re.compile(r"\w+")


class Page(Row):
    """A saved page with the text of its article."""

    id: str
    url: str
    articleBody: str
    html: str


def evaluate(options: Options) -> Result:
    """Take every page in as ingest does and compare the text that would be stored."""
    file = file_of_half(options, set_name=NAME)
    pages, digest = read_rows(file, Page)
    pages = pages[: options.limit]
    rows = []
    for done, page in enumerate(pages, start=1):
        article = stored_article(page.html, name=page.id, url=page.url)
        rows.append(_row(page, article.text if article else ""))
        options.progress(done, len(pages))
    precisions, recalls, exact = ([row["scores"][name] for row in rows] for name in ("precision", "recall", "accuracy"))
    return Result(
        set=NAME,
        data=str(file),
        metrics=measured(
            precision=mean_with_interval(precisions),
            recall=mean_with_interval(recalls),
            f1=f1_with_interval(precisions, recalls),
            accuracy=mean_with_interval(exact),
        ),
        provenance=provenance(options.settings, embedder="none", revision=0, digests={"pages": digest}),
        cases=rows,
    )


def tokens(text: str) -> list[str]:
    """The words of a text, case kept."""
    return _TOKEN.findall(text)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """How often each run of four words stands in a text; of a shorter text, the whole is its one run."""
    words = tokens(text)
    runs = (tuple(words[begin : begin + _WORDS_IN_SHINGLE]) for begin in range(max(1, len(words) - 3)))
    return Counter(run for run in runs if run)


def precision_and_recall(gold: str, found: str) -> tuple[float | None, float | None]:
    """Share of the found text's shingles that the gold text has, and the reverse, each counted as often as it stands.

    tp / (tp + fp) and tp / (tp + fn), where tp sums the smaller of both counts of each shingle. None where the text
    has no shingle.
    """
    wanted, given = shingles(gold), shingles(found)
    shared = (wanted & given).total()
    return (
        shared / given.total() if given else None,
        shared / wanted.total() if wanted else None,
    )


def _row(page: Page, found: str) -> dict[str, Any]:
    precision, recall = precision_and_recall(page.articleBody, found)
    exact = float(tokens(page.articleBody) == tokens(found))
    fault = ""
    if not found:
        fault = f"{page.url}\n  no article found"
    elif not exact:
        fault = f"{page.url}\n  precision {precision or 0.0:.3f}, recall {recall or 0.0:.3f}"
    scores = {"precision": precision, "recall": recall, "accuracy": exact}
    return {"id": page.id, "url": page.url, "scores": scores, "fault": fault}
