"""Articles of many events in one pool: does a briefing put those about the same event into one story?

`--data` is a file of Multi-News in LongBench's form (`id`, `docs` of `doc_id` and `text`): the documents of one id are
one cluster of the gold standard. They have no titles, outlets and dates, which a library's articles have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from eval.datasets import Options
from eval.datasets.rows import Row, file_of_half, read_rows
from eval.metrics.bootstrap import f1_with_interval
from eval.metrics.per_case import mean_with_interval
from eval.runs.results import Result, measured, provenance
from ingest.preparing.chunking import cut_passages
from rag.models.embedder import Embedder
from rag.models.load_embedder import open_embedder
from rag.summaries.story_clustering import ArticleFeatures, clusters, sketch
from rag.testing import make_article

NAME = "story-clusters"


class Document(Row):
    """One article."""

    doc_id: str
    text: str


class Cluster(Row):
    """What several outlets wrote of one event."""

    id: str
    docs: list[Document]


def evaluate(options: Options) -> Result:
    """Cluster all documents of the half as a briefing does; documents without text are left out."""
    file = file_of_half(options, set_name=NAME)
    gold, digest = read_rows(file, Cluster)
    gold = gold[: options.limit]
    pool = [(cluster.id, document) for cluster in gold for document in cluster.docs if document.text.strip()]
    embedder = open_embedder(options.settings)
    sketches = _sketches([document.text for _, document in pool], embedder, options.progress)
    found = clusters(sketches)
    labels = [name for name, _ in pool]
    precisions, recalls = b_cubed(labels, found)
    return Result(
        set=NAME,
        data=str(file),
        metrics=measured(
            bcubed_precision=mean_with_interval(precisions),
            bcubed_recall=mean_with_interval(recalls),
            bcubed_f=f1_with_interval(precisions, recalls),
        ),
        provenance=provenance(options.settings, embedder=embedder.identity, revision=0, digests={"cases": digest}),
        cases=_rows(pool, precisions, recalls),
    )


def b_cubed(labels: Sequence[str], found: Sequence[Sequence[int]]) -> tuple[list[float], list[float]]:
    """Precision and recall of each item: the share of its found cluster that has its label, and the share of its label
    that is in its found cluster; their means are those of the clustering.

    Bagga and Baldwin, Entity-based cross-document coreferencing using the vector space model (1998). `found` holds
    every position once.
    """
    sizes = Counter(labels)
    precisions, recalls = [0.0] * len(labels), [0.0] * len(labels)
    for cluster in found:
        own = Counter(labels[position] for position in cluster)
        for position in cluster:
            precisions[position] = own[labels[position]] / len(cluster)
            recalls[position] = own[labels[position]] / sizes[labels[position]]
    return precisions, recalls


def _sketches(texts: Sequence[str], embedder: Embedder, progress: Callable[[int, int], None]) -> list[ArticleFeatures]:
    found = []
    for done, text in enumerate(texts, start=1):
        passages = cut_passages(make_article(text))
        vectors = embedder.embed_passages([passage.text for passage in passages])
        found.append(sketch("", text, vectors, published=None))
        progress(done, len(texts))
    return found


def _rows(
    pool: Sequence[tuple[str, Document]], precisions: Sequence[float], recalls: Sequence[float]
) -> list[dict[str, Any]]:
    return [
        {
            "id": document.doc_id,
            "cluster": name,
            "scores": {"bcubed_precision": precision, "bcubed_recall": recall},
            "fault": "" if precision == recall == 1 else f"{document.doc_id}: {precision:.2f} pure, {recall:.2f} found",
        }
        for (name, document), precision, recall in zip(pool, precisions, recalls, strict=True)
    ]
