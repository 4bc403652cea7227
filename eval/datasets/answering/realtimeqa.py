"""RealTime QA: questions of a weekly news quiz over the articles that a search returned for them.

`--data` is the half's folder: `corpus.jsonl.gz` (see `crawled`) and `retrieval_questions.jsonl` (`id`, `question`,
`answer`, `retrieved`: `[{doc_id, contains_answer}]`). The evidence measured is that of the answer itself. A passage
counts for its own article and for those that it names as copies.

An article is relevant where it was returned for the question and holds the answer's words (`contains_answer`). Only
questions with such an article count for retrieval; the others are not known to be unanswerable, so that nothing is said
about refusing them rightly.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import permutations
from typing import Any

from eval.datasets import Options
from eval.datasets.ingest.crawled import CrawledArticle
from eval.datasets.rows import Row, data_of, file_in_folder, read_rows
from eval.metrics.estimates import estimated, mean_of, most_shared
from eval.metrics.matching import exact_match, holds, token_f1
from eval.metrics.per_case import reciprocal_rank
from eval.metrics.ranking import success_at_k
from eval.reference_systems import bm25_and_vectors
from eval.runs.ask import Reply, article_ids_of, ask, text_with_title
from eval.runs.libraries import article_ids, stored
from eval.runs.results import Result, provenance
from rag.types import Evidence

NAME = "realtimeqa"
ESTIMATES = mean_of(
    "article_at_1", "article_at_5", "article_at_10", "mrr_at_10", "answer_at_5", "answer_at_10", "exact_match", "f1",
    "answer_shown", "shown_right", "abstained", "abstained_answerable",
)  # fmt: skip

RETRIEVAL = ("article_at_1", "article_at_5", "article_at_10", "mrr_at_10", "answer_at_5", "answer_at_10")
"""What a baseline, which finds passages and answers nothing, is measured by."""

# The official generation score leaves out questions that cannot be asked without their choices: "all ... except?".
_EXCEPT_WITHIN = 10


class Retrieved(Row):
    """An article that the search returned; `contains_answer` is a weak label: the answer's words stand in it."""

    doc_id: str
    contains_answer: bool


class QuizQuestion(Row):
    """One question with its answers (several where several choices are right)."""

    id: str
    question: str
    answer: list[str]
    retrieved: list[Retrieved]

    @property
    def relevant(self) -> list[str]:
        """The articles that hold the answer."""
        return [found.doc_id for found in self.retrieved if found.contains_answer]


def evaluate(options: Options) -> Result:
    """Ingest the corpus, ask every question, score evidence and answer."""
    folder = data_of(options, set_name=NAME, holds="the half's folder with its corpus and retrieval_questions")
    corpus, corpus_digest = read_rows(file_in_folder(folder, "corpus"), CrawledArticle)
    questions, questions_digest = read_rows(file_in_folder(folder, "retrieval_questions"), QuizQuestion)
    questions = questions[: options.limit]
    articles = [article.raw() for article in corpus]
    ids = dict(zip((article.doc_id for article in corpus), article_ids(articles), strict=True))
    clusters = most_shared([q.relevant for q in questions], [q.id for q in questions])
    rows = []
    with (
        stored(articles, options.settings, set_name=NAME, keep=options.libraries) as library,
        bm25_and_vectors.searches(
            options.baselines, library.desk, set_name=NAME, limit=10, keep=options.libraries
        ) as others,
    ):
        for done, (question, cluster) in enumerate(zip(questions, clusters, strict=True), start=1):
            reply = ask(library.desk, question.question, case_id=question.id)
            relevant = frozenset(ids[name] for name in question.relevant if ids.get(name))
            row = _row(question, reply, relevant) | {"cluster": cluster}
            rows.append(
                row | bm25_and_vectors.found_by(others, question.question, partial(retrieved, question, relevant))
            )
            options.progress(done, len(questions))
        status = library.desk.status()
    made = provenance(
        options.settings,
        embedder=status.embedder,
        revision=status.revision,
        digests={"corpus": corpus_digest, "questions": questions_digest},
    )
    return Result(
        set=NAME,
        data=str(folder),
        metrics=estimated(ESTIMATES, rows),
        provenance=made | {"library": library.as_json()},
        cases=rows,
        estimates=ESTIMATES,
        baselines=bm25_and_vectors.beside({name: ESTIMATES[name] for name in RETRIEVAL}, rows),
    )


def scores(question: QuizQuestion, reply: Reply, relevant: AbstractSet[str]) -> dict[str, float | None]:
    """Every measure of one question; `relevant` are the ids of the library's articles that hold the answer.

    Passages as in `retrieved`; `exact_match` and `f1` as in SQuAD, over all that is shown; `answer_shown`: it holds
    the answer's words; `shown_right`: the same of what is not refused.
    """
    wanted = bool(relevant)
    generated = "except" not in question.question[-_EXCEPT_WITHIN:].lower()
    is_shown = float(any(holds(reply.text, answer) for answer in question.answer))
    return {
        **retrieved(question, relevant, reply.answer.evidence),
        "exact_match": exact_match(reply.text, _golds(question)) if generated else None,
        "f1": token_f1(reply.text, _golds(question)) if generated else None,
        "answer_shown": is_shown if wanted else None,
        "shown_right": is_shown if wanted and not reply.refused else None,
        "abstained": float(reply.refused),
        "abstained_answerable": float(reply.refused) if wanted else None,
    }


def retrieved(
    question: QuizQuestion, relevant: AbstractSet[str], evidence: Sequence[Evidence]
) -> dict[str, float | None]:
    """The measures of passages, best first.

    `article_at_k`: any of the first k passages is of a relevant article; `answer_at_k`: any of them, with its title,
    holds the answer's words.
    """
    wanted = int(bool(relevant))
    of_article = [frozenset([0]) if article_ids_of(piece) & relevant else frozenset[int]() for piece in evidence]
    with_answer = [
        frozenset([0]) if any(holds(text_with_title(piece), a) for a in question.answer) else frozenset[int]()
        for piece in evidence
    ]
    return {
        **{f"article_at_{k}": success_at_k(of_article, wanted, k) for k in (1, 5, 10)},
        "mrr_at_10": reciprocal_rank(of_article, wanted, 10),
        **{f"answer_at_{k}": success_at_k(with_answer, wanted, k) for k in (5, 10)},
    }


def _golds(question: QuizQuestion) -> list[str]:
    """The answers joined in every order, as upstream takes a question with several right choices."""
    return [", ".join(order) for order in permutations(question.answer)]


def _row(question: QuizQuestion, reply: Reply, relevant: AbstractSet[str]) -> dict[str, Any]:
    found = scores(question, reply, relevant)
    wrong = [name for name in ("article_at_10", "answer_at_10", "answer_shown") if found[name] == 0]
    lines = [f"{question.id}: {question.question}", f"  answer: {'; '.join(question.answer)}", f"  failed: {wrong}"]
    return {
        "id": question.id,
        "question": question.question,
        "answers": question.answer,
        "scores": found,
        **reply.as_json(),
        "fault": "\n".join([*lines, f"  shown: {reply.text or reply.answer.text}"]) if wrong else "",
    }
