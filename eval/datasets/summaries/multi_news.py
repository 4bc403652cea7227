"""Multi-News: does a summary of several articles say what an editor's summary of them says?

`--data` is the half's file (`dev.jsonl.gz`): `id`, `docs` (`doc_id`, `text`), `summary`. Each cluster is summarised in
at most 220 words, the mean length of the editors' summaries; its sentences, without markers and attributions, are held
against the editor's. Beside it stands the lead: the first words of the articles, 220 shared evenly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eval.datasets import Options
from eval.datasets.rows import Row, file_of_half, read_rows
from eval.metrics.estimates import estimated, mean_of
from eval.metrics.summaries import COLUMNS, ROUGE, rouge_scores, scores
from eval.reference_systems import bm25_and_vectors
from eval.runs.libraries import article_ids, stored
from eval.runs.results import Result, provenance
from ingest.types import RawArticle
from rag.summaries.summarise import summarise
from rag.summaries.summary_types import Length

if TYPE_CHECKING:
    from rag.desk import Desk

NAME = "multi-news"
WORDS = 220
LEAD = f"lead of {WORDS} words"
ESTIMATES = mean_of(*COLUMNS)


class Document(Row):
    """One article of a cluster."""

    doc_id: str
    text: str


class Cluster(Row):
    """Articles on one event and the editor's summary of them."""

    id: str
    docs: list[Document]
    summary: str

    def lead(self) -> str:
        """The first words of every article, as many of each, `WORDS` in all."""
        each = WORDS // max(1, len(self.docs))
        return " ".join(" ".join(document.text.split()[:each]) for document in self.docs)


def evaluate(options: Options) -> Result:
    """Summarise every cluster over one library of all articles."""
    file = file_of_half(options, set_name=NAME)
    clusters, digest = read_rows(file, Cluster)
    clusters = clusters[: options.limit]
    articles = [
        RawArticle(where=document.doc_id, text=document.text, given_id=document.doc_id)
        for cluster in clusters
        for document in cluster.docs
    ]
    ids = dict(zip((article.where for article in articles), article_ids(articles), strict=True))
    rows = []
    with stored(articles, options.settings, set_name=NAME, keep=options.libraries) as library:
        for done, cluster in enumerate(clusters, start=1):
            names = [ids[document.doc_id] for document in cluster.docs if ids[document.doc_id]]
            rows.append(_row(library.desk, cluster, names))
            options.progress(done, len(clusters))
        status = library.desk.status()
    made = provenance(
        options.settings, embedder=status.embedder, revision=status.revision, digests={"clusters": digest}
    )
    return Result(
        set=NAME,
        data=str(file),
        metrics=estimated(ESTIMATES, rows),
        provenance=made | {"library": library.as_json(), "words": WORDS},
        cases=rows,
        estimates=ESTIMATES,
        baselines=bm25_and_vectors.beside({name: ESTIMATES[name] for name in ROUGE}, rows),
    )


def _row(desk: Desk, cluster: Cluster, names: list[str]) -> dict[str, Any]:
    """Score one cluster; one of which no article could be read has an empty summary."""
    length = Length(words=WORDS)
    lead = rouge_scores(cluster.lead(), cluster.summary)
    if not names:
        found: dict[str, float | None] = {**rouge_scores("", cluster.summary), "length_kept": 1.0}
        return {"id": cluster.id, "scores": found, "baselines": {LEAD: lead}, "summary": "", "fault": "no article"}
    summary = summarise(desk.library, names, length=length, model=desk.model)
    found = scores(desk, summary, cluster.summary)
    wrong = [name for name in ("cited_share", "supported_share", "length_kept") if found[name] not in (1.0, None)]
    return {
        "id": cluster.id,
        "scores": found,
        "baselines": {LEAD: lead},
        "summary": summary.text,
        "writer": summary.provenance.writer,
        "removed": len(summary.provenance.removed),
        "fault": f"{cluster.id}: {', '.join(wrong)}" if wrong else "",
    }
