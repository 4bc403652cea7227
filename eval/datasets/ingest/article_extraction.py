"""The article extraction benchmark (github.com/scrapinghub/article-extraction-benchmark, evaluate.py).

`--data` is one file with a page a line: `id`, `url`, `html` and `articleBody`, the text that a person marked. Title,
author, day and outlet are held against `eval/data/page_notes/article_extraction.jsonl`, where a page is noted there.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from eval.datasets import Options
from eval.datasets.ingest import pages
from eval.datasets.ingest.pages import Notes, Reading
from eval.datasets.rows import Row, file_of_half, read_rows
from eval.metrics.estimates import Estimate, estimated, mean_of
from eval.reference_systems import bm25_and_vectors, trafilatura_alone
from eval.runs.results import Result, provenance

NAME = "article-extraction"
NOTES = Path(__file__).parents[2] / "data" / "page_notes" / "article_extraction.jsonl"
ESTIMATES = {
    **mean_of("precision", "recall"),
    "f1": Estimate(statistic="harmonic mean", columns=("precision", "recall")),
    **mean_of("accuracy"),
    **pages.ESTIMATES,
}
_WORDS_IN_SHINGLE = 4
_TOKEN = re.compile(r"\w+")


class Page(Row):
    """A saved page with the text of its article."""

    id: str
    url: str
    articleBody: str
    html: str


def evaluate(options: Options) -> Result:
    """Take every page in as ingest does and compare what would be stored of it."""
    file = file_of_half(options, set_name=NAME)
    half, digest = read_rows(file, Page)
    noted, notes_digest = read_rows(NOTES, Notes)
    notes = {note.id: note for note in noted}
    half = half[: options.limit]
    rows = []
    for done, page in enumerate(half, start=1):
        of_page = notes.get(page.id, Notes(id=page.id))
        row = _row(page, of_page, pages.stored(page.html, name=page.id, url=page.url))
        score = partial(_scores, page, of_page)
        rows.append(row | trafilatura_alone.found_by(options.baselines, page.html, url=page.url, score=score))
        options.progress(done, len(half))
    digests = {"pages": digest, "notes": notes_digest}
    return Result(
        set=NAME,
        data=str(file),
        metrics=estimated(ESTIMATES, rows),
        provenance=provenance(options.settings, embedder="none", revision=0, digests=digests),
        cases=rows,
        estimates=ESTIMATES,
        baselines=bm25_and_vectors.beside(ESTIMATES, rows),
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


def _scores(page: Page, notes: Notes, found: Reading) -> dict[str, Any]:
    """The columns of `ESTIMATES`."""
    precision, recall = precision_and_recall(page.articleBody, found.text)
    exact = float(tokens(page.articleBody) == tokens(found.text))
    return {"precision": precision, "recall": recall, "accuracy": exact, **pages.scores(notes, found)}


def _row(page: Page, notes: Notes, found: Reading) -> dict[str, Any]:
    scores = _scores(page, notes, found)
    faults = pages.faults(notes, found) if found.text else ["no article found"]
    if found.text and not scores["accuracy"]:
        faults.append(f"precision {scores['precision'] or 0.0:.3f}, recall {scores['recall'] or 0.0:.3f}")
    return {
        "id": page.id,
        "url": page.url,
        "scores": scores,
        "fault": "\n  ".join([page.url, *faults]) if faults else "",
    }
