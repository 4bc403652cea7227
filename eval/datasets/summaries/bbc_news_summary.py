"""BBC News Summary: are the sentences that somebody marked as the summary of an article among those chosen?

`--data` is the half's file (`dev.jsonl.gz`): `id`, `title`, `body`, `summary`, where the summary is sentences of the
body, joined without spaces and in another order. Each article is summarised in at most 165 words, the mean length of
the gold summaries. Intervals are over draws of articles with one text (`dup_group`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eval.datasets import Options
from eval.datasets.rows import Row, file_of_half, read_rows
from eval.metrics.estimates import estimated, mean_of
from eval.metrics.summaries import COLUMNS, scores
from eval.runs.libraries import article_ids, stored
from eval.runs.results import Result, provenance
from ingest.types import RawArticle
from rag.summaries.summarise import summarise
from rag.summaries.summary_types import Length, Summary

if TYPE_CHECKING:
    from rag.desk import Desk

NAME = "bbc-news-summary"
WORDS = 165
ESTIMATES = mean_of(*COLUMNS, "key_coverage", "key_precision")


class Item(Row):
    """An article with its gold summary."""

    id: str
    title: str
    body: str
    summary: str
    dup_group: str


def evaluate(options: Options) -> Result:
    """Summarise every article."""
    file = file_of_half(options, set_name=NAME)
    items, digest = read_rows(file, Item)
    items = items[: options.limit]
    articles = [RawArticle(where=item.id, text=item.body, title=item.title, given_id=item.id) for item in items]
    rows = []
    with stored(articles, options.settings, set_name=NAME, keep=options.libraries) as library:
        for done, (item, name) in enumerate(zip(items, article_ids(articles), strict=True), start=1):
            if name:
                rows.append(_row(library.desk, item, name))
            options.progress(done, len(items))
        status = library.desk.status()
    made = provenance(options.settings, embedder=status.embedder, revision=status.revision, digests={"items": digest})
    return Result(
        set=NAME,
        data=str(file),
        metrics=estimated(ESTIMATES, rows),
        provenance=made | {"library": library.as_json(), "words": WORDS},
        cases=rows,
        estimates=ESTIMATES,
    )


def _row(desk: Desk, item: Item, name: str) -> dict[str, Any]:
    summary = summarise(desk.library, [name], length=Length(words=WORDS), model=desk.model)
    coverage, precision = key_scores(desk, summary, name, item.summary)
    found = {**scores(desk, summary, item.summary), "key_coverage": coverage, "key_precision": precision}
    wrong = [column for column in ("cited_share", "supported_share", "length_kept") if found[column] not in (1.0, None)]
    return {
        "id": item.id,
        "cluster": item.dup_group,
        "scores": found,
        "summary": summary.text,
        "fault": f"{item.id}: {', '.join(wrong)}" if wrong else "",
    }


def key_scores(desk: Desk, summary: Summary, name: str, gold: str) -> tuple[float | None, float | None]:
    """Share of the article's key sentences that are cited, and share of the cited sentences that are key ones.

    A key sentence is one whose characters, white space left out, stand in the gold summary.
    """
    marked = _squeezed(gold)
    passages = desk.library.archive.passages(name)
    every = {
        (span.start, span.end): _squeezed(passage.sentence(span)) for passage in passages for span in passage.sentences
    }
    key = {place for place, text in every.items() if text in marked}
    cited = {(quote.start, quote.end) for quote in summary.citations}
    coverage = len(key & cited) / len(key) if key else None
    return coverage, len(key & cited) / len(cited) if cited else None


def _squeezed(text: str) -> str:
    return "".join(text.split())
