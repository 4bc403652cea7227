"""MultiHop-RAG: questions that need sentences of several articles, over evidence stubs and distractors.

`--data` is the half's folder with `queries.jsonl` (`id`, `query`, `answer`, `question_type`, `evidence_list`). Beside
it stand `evidence_articles.jsonl` (articles with their `facts`; their bodies are not to be had) and a file of
distractors, `distractors*.jsonl.gz` (see `crawled`). An article of evidence becomes one with a paragraph for each fact.
Its outlet is stated; a distractor's is the host of its address. The paper, with whole articles, has other figures.

A passage holds a fact where the fact is a part of its text after leaving out blanks and line ends, as upstream; a fact
is taken as ingest stores it. Ranks, ten of them, are those of the answer's own evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from eval.datasets import Options
from eval.datasets.ingest.crawled import CrawledArticle
from eval.datasets.rows import Row, data_of, file_in_folder, files_in_or_beside, read_rows
from eval.metrics.estimates import estimated, mean_of, most_shared
from eval.metrics.matching import exact_match, holds, token_f1
from eval.metrics.per_case import abstention_precision, abstention_recall, recall_at_k, reciprocal_rank
from eval.metrics.ranking import all_found_at_k, official_average_precision, success_at_k
from eval.reference_systems import bm25_and_vectors
from eval.runs.ask import Reply, ask
from eval.runs.libraries import stored
from eval.runs.results import Result, provenance
from ingest.metadata.dates import published_of
from ingest.text.unicode import normalised
from ingest.types import RawArticle
from rag.types import Evidence, Outcome

NAME = "multihop-rag"
ESTIMATES = mean_of(
    "hits_at_4", "hits_at_10", "mrr_at_10", "map_at_10_official", "all_evidence_at_10", "evidence_recall_at_10",
    "answer_official", "exact_match", "f1", "answer_shown", "abstention_precision", "abstention_recall",
)  # fmt: skip
RETRIEVAL = (
    "hits_at_4", "hits_at_10", "mrr_at_10", "map_at_10_official", "all_evidence_at_10", "evidence_recall_at_10",
)  # fmt: skip
"""What a baseline, which finds passages and answers nothing, is measured by."""

NULL_TYPE = "null_query"
REFUSED = "Insufficient information."
"""How the set words the answer to a question that cannot be answered; a refusal is taken for it."""


class Fact(Row):
    """One sentence that the answer needs, and the address of its article."""

    fact: str
    url: str


class Query(Row):
    """One question; one of the type `null_query` has no evidence."""

    id: str
    query: str
    answer: str
    question_type: str
    evidence_list: list[Fact]

    @property
    def is_answerable(self) -> bool:
        """Whether the articles hold the answer."""
        return self.question_type != NULL_TYPE


class EvidenceArticle(Row):
    """An article of which only the facts are known."""

    doc_id: str
    url: str
    title: str
    source: str
    author: str | None = None
    published_at: str
    facts: list[str]

    def raw(self) -> RawArticle:
        """The article as a reader gives it, a paragraph for each fact."""
        try:
            published, precision = published_of(self.published_at)
        except ValueError:
            published, precision = None, "day"
        return RawArticle(
            where=self.doc_id,
            text="\n\n".join(self.facts),
            title=self.title,
            outlet=self.source,
            url=self.url,
            published=published,
            precision=precision,
            authors=(self.author,) if self.author else (),
            given_id=self.doc_id,
        )


def evaluate(options: Options) -> Result:
    """Ingest stubs and distractors, ask every question, score evidence and answer."""
    folder = data_of(options, set_name=NAME, holds="the half's folder with its queries")
    queries, queries_digest = read_rows(file_in_folder(folder, "queries"), Query)
    stubs, stubs_digest = read_rows(files_in_or_beside(folder, "evidence_articles")[0], EvidenceArticle)
    distractors, distractors_digest = read_rows(files_in_or_beside(folder, "distractors*")[0], CrawledArticle)
    queries = queries[: options.limit]
    clusters = most_shared([[fact.url for fact in q.evidence_list] for q in queries], [q.id for q in queries])
    articles = [*(stub.raw() for stub in stubs), *(distractor.raw() for distractor in distractors)]
    rows = []
    with (
        stored(articles, options.settings, set_name=NAME, keep=options.libraries) as library,
        bm25_and_vectors.searches(
            options.baselines, library.desk, set_name=NAME, limit=10, keep=options.libraries
        ) as others,
    ):
        for done, (query, cluster) in enumerate(zip(queries, clusters, strict=True), start=1):
            row = _row(query, ask(library.desk, query.query, case_id=query.id)) | {"cluster": cluster}
            rows.append(row | bm25_and_vectors.found_by(others, query.query, partial(retrieved, query)))
            options.progress(done, len(queries))
        status = library.desk.status()
    digests = {"queries": queries_digest, "evidence": stubs_digest, "distractors": distractors_digest}
    made = provenance(options.settings, embedder=status.embedder, revision=status.revision, digests=digests)
    return Result(
        set=NAME,
        data=str(folder),
        metrics=estimated(ESTIMATES, rows),
        provenance=made | {"library": library.as_json()},
        cases=rows,
        estimates=ESTIMATES,
        baselines=bm25_and_vectors.beside({name: ESTIMATES[name] for name in RETRIEVAL}, rows),
    )


def facts_held(evidence: Sequence[Evidence], facts: Sequence[str]) -> list[frozenset[int]]:
    """For each passage the numbers of the facts that are a part of its text, blanks and line ends left out."""
    wanted = [_packed(normalised(fact)) for fact in facts]
    texts = [_packed(piece.passage.text) for piece in evidence]
    return [frozenset(i for i, fact in enumerate(wanted) if fact in text) for text in texts]


def answer_is_right_officially(reply: str, gold: str) -> bool:
    """Whether any blank-separated word of the reply, in lower case, is one of the expected answer.

    `qa_evaluate.py` of the set: of a reply with "The answer" only what stands in 'The answer to the question is "..."'
    counts; punctuation is not stripped. Long replies score high: any common word is enough.
    """
    if "The answer" in reply:
        found = re.search(r'The answer to the question is "(.*?)"', reply)
        reply = found.group(1) if found else reply
    return bool(set(reply.lower().split()) & set(gold.lower().split()))


def scores(query: Query, reply: Reply) -> dict[str, float | None]:
    """Every measure of one question.

    Passages as in `retrieved`; `answer_shown` (the answer's words stand in what is shown) applies to the questions with
    evidence whose answer is not yes or no; the official answer score, exact match and F1 to all, with a refusal taken
    for "Insufficient information.".
    """
    said = REFUSED if reply.refused else reply.text
    names_something = query.is_answerable and query.answer.lower() not in ("yes", "no")
    expected: Outcome = "answered" if query.is_answerable else "not_found"
    return {
        **retrieved(query, reply.answer.evidence),
        "answer_official": float(answer_is_right_officially(said, query.answer)),
        "exact_match": exact_match(said, [query.answer]),
        "f1": token_f1(said, [query.answer]),
        "answer_shown": float(holds(reply.text, query.answer)) if names_something else None,
        "abstention_precision": abstention_precision(expected, reply.answer.outcome),
        "abstention_recall": abstention_recall(expected, reply.answer.outcome),
    }


def retrieved(query: Query, evidence: Sequence[Evidence]) -> dict[str, float | None]:
    """The measures of passages, best first; they apply to questions with evidence."""
    facts = list(dict.fromkeys(fact.fact for fact in query.evidence_list)) if query.is_answerable else []
    found, wanted = facts_held(evidence, facts), len(facts)
    return {
        "hits_at_4": success_at_k(found, wanted, 4),
        "hits_at_10": success_at_k(found, wanted, 10),
        "mrr_at_10": reciprocal_rank(found, wanted, 10),
        "map_at_10_official": official_average_precision(found, wanted),
        "all_evidence_at_10": all_found_at_k(found, wanted, 10),
        "evidence_recall_at_10": recall_at_k(found, wanted, 10),
    }


def _packed(text: str) -> str:
    return text.replace(" ", "").replace("\n", "")


def _row(query: Query, reply: Reply) -> dict[str, Any]:
    found = scores(query, reply)
    held = facts_held(reply.answer.evidence[:10], [fact.fact for fact in query.evidence_list])
    seen = frozenset[int]().union(*held)
    missing = [fact.fact for i, fact in enumerate(query.evidence_list) if i not in seen]
    lines = [f"{query.id} ({query.question_type}): {query.query}", f"  answer: {query.answer}"]
    lines += [f"  not found: {fact}" for fact in missing]
    is_faulty = bool(missing) or (not query.is_answerable and not reply.refused)
    return {
        "id": query.id,
        "type": query.question_type,
        "question": query.query,
        "answers": [query.answer],
        "scores": found,
        **reply.as_json(),
        "fault": "\n".join([*lines, f"  shown: {reply.text or reply.answer.text}"]) if is_faulty else "",
    }
