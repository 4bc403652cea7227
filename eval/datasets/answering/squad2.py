"""SQuAD 2.0: does the right sentence of a known context come first, and is an unanswerable question seen as one?

`--data` is the half's folder: `contexts.jsonl.gz` (`context_id`, `title`, `context`) and `questions.jsonl.gz` (`id`,
`context_id`, `title`, `question`, `answers`, `is_impossible`). The contexts are ingested; each question is put to the
selection with its own context as the whole evidence, so that nothing is retrieved and no writer is involved. The
confidence is the probability of the best sentence, which is what an answer is shown or kept back by.

A sentence is right where the question can be answered and it holds an answer, in lower case with white space folded.
Intervals are over draws of whole Wikipedia articles (`title`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.datasets import Options
from eval.datasets.rows import Row, data_of, file_in_folder, read_rows
from eval.errors import CaseError
from eval.metrics.estimates import Estimate, estimated, mean_of
from eval.metrics.matching import token_f1
from eval.reference_systems import bm25_and_vectors
from eval.runs.cached_embedder import CachedEmbedder
from eval.runs.libraries import article_ids, stored
from eval.runs.results import Result, provenance
from ingest.types import RawArticle
from rag.types import Evidence, Question

if TYPE_CHECKING:
    from rag.storage.library import Library

NAME = "squad2"

# What gave the best figure of each name on the development half; a half that nobody has seen is scored with them. Where
# the weights of the selection change, `best_thresholds_here` of a run on the development half are the new values.
THRESHOLDS = {"best_f1": 0.7855, "sentence_f1": 0.0278}

ESTIMATES = {
    **mean_of("sentence_at_1", "sentence_mrr"),
    "answerable_auroc": Estimate(statistic="auroc", columns=("confidence", "answerable")),
    "risk_area": Estimate(statistic="risk area", columns=("confidence", "right")),
    "coverage_at_5_percent_risk": Estimate(statistic="coverage at 5% risk", columns=("confidence", "right")),
    **mean_of("best_f1"),
    "sentence_f1": Estimate(statistic="harmonic mean", columns=("shown_right", "found_right")),
}


BESIDE = ("sentence_at_1", "sentence_mrr", "answerable_auroc")
"""What a baseline, whose score is no probability, is measured by."""


class Context(Row):
    """One paragraph of a Wikipedia article."""

    context_id: str
    title: str
    context: str

    def raw(self) -> RawArticle:
        """The context as an article of its own."""
        return RawArticle(
            where=self.context_id, text=self.context, title=self.title.replace("_", " "), given_id=self.context_id
        )


class ContextQuestion(Row):
    """One question on a context; an impossible one has no answers."""

    id: str
    context_id: str
    title: str
    question: str
    answers: list[str]
    is_impossible: bool

    def is_answered_by(self, sentence: str) -> bool:
        """Whether the sentence holds an answer."""
        text = _folded(sentence)
        return not self.is_impossible and any(_folded(answer) in text for answer in self.answers)


def evaluate(options: Options) -> Result:
    """Rank the sentences of every question's context as an answer would."""
    from rag.models.load_embedder import open_embedder

    folder = data_of(options, set_name=NAME, holds="the half's folder with contexts and questions")
    contexts, contexts_digest = read_rows(file_in_folder(folder, "contexts"), Context)
    questions, questions_digest = read_rows(file_in_folder(folder, "questions"), ContextQuestion)
    questions = questions[: options.limit]
    articles = [context.raw() for context in contexts]
    homes = dict(zip((context.context_id for context in contexts), article_ids(articles), strict=True))
    rows = []
    embedder = CachedEmbedder(open_embedder(options.settings))
    with stored(articles, options.settings, set_name=NAME, keep=options.libraries, embedder=embedder) as library:
        others = _others(options.baselines, library.desk.library, list(homes.values()))
        for done, question in enumerate(questions, start=1):
            if question.context_id not in homes:
                raise CaseError(f"question {question.id!r}: no context {question.context_id!r}; name another --data")
            ranked = ranked_sentences(library.desk.library, question, homes[question.context_id])
            rows.append(_row(question, ranked) | others(question, [text for text, _ in ranked]))
            options.progress(done, len(questions))
        status = library.desk.status()
    digests = {"contexts": contexts_digest, "questions": questions_digest}
    made = provenance(options.settings, embedder=status.embedder, revision=status.revision, digests=digests)
    return Result(
        set=NAME,
        data=str(folder),
        metrics=estimated(ESTIMATES, rows),
        provenance=made
        | {"library": library.as_json(), "thresholds": THRESHOLDS, "best_thresholds_here": best_thresholds(rows)},
        cases=rows,
        estimates=ESTIMATES,
        baselines=bm25_and_vectors.beside({name: ESTIMATES[name] for name in BESIDE}, rows),
    )


def ranked_sentences(library: Library, question: ContextQuestion, home: str) -> list[tuple[str, float]]:
    """The sentences of the article `home` with their probabilities, the most probable first."""
    from rag.answering.sentence_reading import read_evidence

    passages = library.archive.passages(home)
    evidence = tuple(Evidence(passage=passage, score=0.0, rank=rank) for rank, passage in enumerate(passages, start=1))
    ranked = read_evidence(library, Question(text=question.question), evidence).ranked
    return [(found.text, found.probability) for found in ranked]


def scores(question: ContextQuestion, ranked: Sequence[tuple[str, float]]) -> dict[str, float | None]:
    """Every column of one question.

    `sentence_at_1` and `sentence_mrr` (1 / rank of the first right sentence, however far down) apply to questions that
    can be answered. `best_f1` is SQuAD's token F1 of the best sentence, or of nothing below the threshold; for an
    impossible question 1 where nothing is shown (evaluate-v2.0.py, whose `best_f1` chooses the threshold on the same
    questions). `shown_right` and `found_right` are precision and recall of showing a right sentence at their threshold;
    their harmonic mean `sentence_f1` is the F1 of long answers in Natural Questions (Kwiatkowski et al., TACL 2019).
    """
    flags = [question.is_answered_by(text) for text, _ in ranked]
    first = flags.index(True) + 1 if True in flags else 0
    best, confidence = ranked[0] if ranked else ("", 0.0)
    right = float(first == 1)
    shown = {name: confidence >= threshold for name, threshold in THRESHOLDS.items()}
    return {
        "sentence_at_1": None if question.is_impossible else right,
        "sentence_mrr": None if question.is_impossible else (1 / first if first else 0.0),
        "confidence": confidence,
        "answerable": float(not question.is_impossible),
        "right": right,
        "f1_if_shown": 0.0 if question.is_impossible else token_f1(best, question.answers),
        "best_f1": _f1(question, best if shown["best_f1"] else ""),
        "shown_right": right if shown["sentence_f1"] else None,
        "found_right": None if question.is_impossible else right * shown["sentence_f1"],
    }


def _others(
    names: Sequence[str], library: Library, homes: Sequence[str]
) -> Callable[[ContextQuestion, Sequence[str]], dict[str, Any]]:
    """From a question and the sentences that Newsdesk ranks to what each baseline scores with the same sentences."""
    if not names:
        return lambda question, sentences: {}
    passages = [passage for home in homes for passage in library.archive.passages(home)]
    index = bm25_and_vectors.SentenceBM25(passage.sentence(span) for passage in passages for span in passage.sentences)

    def score(question: ContextQuestion, sentences: Sequence[str]) -> dict[str, Any]:
        in_order = sorted(sentences)
        ranked = {
            bm25_and_vectors.BM25: bm25_and_vectors.ranked_by_words(index, question.question, in_order),
            bm25_and_vectors.VECTORS: bm25_and_vectors.ranked_by_vectors(library.embedder, question.question, in_order),
        }
        return {"baselines": {name: scores(question, ranked[name]) for name in names}}

    return score


def best_thresholds(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """For each of `THRESHOLDS` the confidence from which on to show sentences for the best figure over these questions.

    To four places, rounded down; 1 where showing nothing is best.
    """
    ranked = sorted((row["scores"] for row in rows), key=lambda found: -found["confidence"])
    confidences, answerable, right, f1 = (
        np.array([found[name] for found in ranked], dtype=np.float64)
        for name in ("confidence", "answerable", "right", "f1_if_shown")
    )
    gains = {
        "best_f1": np.cumsum(f1 - (1 - answerable)),
        "sentence_f1": 2 * np.cumsum(right) / (np.arange(1, len(ranked) + 1) + answerable.sum()),
    }
    return {
        name: math.floor(confidences[int(np.argmax(gain))] * 10_000) / 10_000 if gain.max() > 0 else 1.0
        for name, gain in gains.items()
    }


def _f1(question: ContextQuestion, said: str) -> float:
    return float(not said) if question.is_impossible else token_f1(said, question.answers)


def _row(question: ContextQuestion, ranked: Sequence[tuple[str, float]]) -> dict[str, Any]:
    found = scores(question, ranked)
    first = ranked[0][0] if ranked else ""
    fault = ""
    if found["sentence_at_1"] == 0:
        right = next((text for text, _ in ranked if question.is_answered_by(text)), "(no sentence)")
        fault = f"{question.id}: {question.question}\n  first: {first}\n  right: {right}"
    return {
        "id": question.id,
        "cluster": question.title,
        "question": question.question,
        "answers": question.answers,
        "scores": found,
        "first": first,
        "fault": fault,
    }


def _folded(text: str) -> str:
    return " ".join(text.lower().split())
