"""Pairs of articles that are copies of each other, or are not.

`--data` is a folder with `pairs.jsonl` (`id`, `label`, `a`, `b`) and `docs.jsonl.gz` (`doc_id`, `url`, `title`,
`text`); either may be compressed. A pair counts as copies where its label is duplicate or near_duplicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from eval.datasets import Options
from eval.datasets.rows import Row, data_of, file_in_folder, read_rows
from eval.errors import CaseError
from eval.metrics.bootstrap import f1_with_interval
from eval.metrics.per_case import mean_with_interval
from eval.runs.results import Result, measured, provenance
from ingest.preparing.article import article_from
from ingest.preparing.near_duplicates import StoryFinder
from ingest.types import RawArticle
from rag.errors import SourceError
from rag.types import Article

NAME = "near-duplicates"
COPIES = frozenset(["duplicate", "near_duplicate"])


class Pair(Row):
    """Two documents and what they are to each other."""

    id: str
    label: Literal["duplicate", "near_duplicate", "overlapping", "related", "same_topic_negative"]
    a: str
    b: str


class Document(Row):
    """An article of a pair."""

    doc_id: str
    url: str
    title: str
    text: str


class NothingStored:
    """An archive without articles: a pair is compared by itself."""

    def band_candidates(self, bands: Sequence[int]) -> list[str]:
        """See `ingest.preparing.near_duplicates.StoredArticles`."""
        return []

    def article(self, article_id: str) -> Article | None:
        """See `ingest.preparing.near_duplicates.StoredArticles`."""
        return None

    def story_of(self, article_id: str) -> str | None:
        """See `ingest.preparing.near_duplicates.StoredArticles`."""
        return None


def evaluate(options: Options) -> Result:
    """Take both articles of every pair in as ingest does and see whether they become one story."""
    folder = data_of(options, set_name=NAME, holds="the half's folder, which holds pairs.jsonl and docs.jsonl.gz")
    pairs, pairs_digest = read_rows(file_in_folder(folder, "pairs"), Pair)
    documents, documents_digest = read_rows(file_in_folder(folder, "docs"), Document)
    articles = {document.doc_id: _article(document) for document in documents}
    pairs = pairs[: options.limit]
    rows = []
    for done, pair in enumerate(pairs, start=1):
        rows.append(_row(pair, articles))
        options.progress(done, len(pairs))
    precisions, recalls = ([row["scores"][name] for row in rows] for name in ("precision", "recall"))
    digests = {"pairs": pairs_digest, "documents": documents_digest}
    return Result(
        set=NAME,
        data=str(folder),
        metrics=measured(
            precision=mean_with_interval(precisions),
            recall=mean_with_interval(recalls),
            f1=f1_with_interval(precisions, recalls),
        ),
        provenance=provenance(options.settings, embedder="none", revision=0, digests=digests),
        cases=rows,
    )


def become_one(one: Article, other: Article) -> bool:
    """Whether ingest joins the two: one address makes them one article, a shared band and an exact check one story."""
    finder = StoryFinder(NothingStored())
    return one.ref.id == other.ref.id or finder.story(one)[0] == finder.story(other)[0]


def _article(document: Document) -> Article | None:
    raw = RawArticle(where=document.doc_id, text=document.text, title=document.title, url=document.url)
    try:
        return article_from(raw, fetched=datetime.now(UTC))
    except SourceError:
        return None


def _row(pair: Pair, articles: dict[str, Article | None]) -> dict[str, Any]:
    """Score one pair: precision applies where the two were joined, recall where they are copies.

    Their means are the precision and recall of the class "copies" over all pairs.
    """
    for name in (pair.a, pair.b):
        if name not in articles:
            raise CaseError(f"pair {pair.id!r}: no document {name!r} in docs.jsonl; name another folder with --data")
    one, other = articles[pair.a], articles[pair.b]
    joined = one is not None and other is not None and become_one(one, other)
    are_copies = pair.label in COPIES
    scores = {
        "precision": float(are_copies) if joined else None,
        "recall": float(joined) if are_copies else None,
    }
    fault = "" if joined == are_copies else f"{pair.id}: {pair.label}, but {'joined' if joined else 'kept apart'}"
    return {"id": pair.id, "label": pair.label, "joined": joined, "scores": scores, "fault": fault}
