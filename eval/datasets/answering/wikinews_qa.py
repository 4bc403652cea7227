"""Wikinews questions: what readers would ask of real news, with the sentences that answer marked by hand.

`--data` is the half's folder with `questions.jsonl` (`id`, `article`, `question`, `kind`, `facts`, `partial`); the
articles stand beside it or in it (see `wikinews_articles`), and all of them go into the library. `facts` lists what a
full answer needs, each as the numbers of the sentences that state it; a question without facts cannot be answered, and
its `partial` sentences are near misses.

Passages and answers are those of the desk. The sentences of that evidence are scored once more through
`sentence_scorers`, so that other scorers can be held against Newsdesk's on the very same sentences: as they are, and
with every right and partial sentence taken out, which tells whether a score sees the answer or only the question.
Beside it always stands a regression that reads the question alone. Intervals are over draws of whole articles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.cases import GoldSpan
from eval.datasets import Options
from eval.datasets.answering.wikinews_articles import NumberedSentences, located, read_articles
from eval.datasets.answering.wikinews_evidence import in_articles, is_marked, without
from eval.datasets.rows import Row, data_of, file_in_folder, file_of_training_half, read_rows
from eval.errors import CaseError
from eval.metrics.by_kind import estimated_by_kind
from eval.metrics.estimates import Estimate, estimated, mean_of
from eval.metrics.question_scores import MarkedQuestion, answer_scores, passage_scores
from eval.reference_systems import bm25_and_vectors, text_alone
from eval.reference_systems.sentence_scorers import (
    BM25Scorer,
    CosineScorer,
    NewsdeskScorer,
    PassageToScore,
    SentenceScorer,
)
from eval.runs.ask import Reply, ask
from eval.runs.cached_embedder import CachedEmbedder
from eval.runs.libraries import article_ids, stored
from eval.runs.results import Result, provenance

if TYPE_CHECKING:
    from rag.desk import Desk

NAME = "wikinews-qa"
NEGATIVE_KIND = "none"
QUESTION_ALONE = "question alone"

BESIDE: dict[str, Estimate] = {
    **mean_of("article_at_1", "article_at_10", "passage_at_5", "sentence_at_1"),
    "answerable_auroc": Estimate(statistic="auroc", columns=("best_score", "answerable")),
    "answer_removed_auroc": Estimate(statistic="separation", columns=("best_score_whole", "best_score_removed")),
}
"""What a baseline, which answers nothing, is measured by, as far as it applies to it."""

ESTIMATES: dict[str, Estimate] = {
    **BESIDE,
    **mean_of(
        "wrongly_refused", "shown_right", "fact_recall", "first_right", "quote_precision",
        "sentence_precision", "quote_precision_with_partial", "refused_unanswerable", "cost",
    ),
    "calibration_error": Estimate(statistic="calibration error", columns=("confidence", "right")),
    **mean_of("doubt_on_right", "doubt_on_wrong"),
}  # fmt: skip


class WikinewsQuestion(Row):
    """One question on one article."""

    id: str
    article: str
    question: str
    kind: str
    facts: list[list[int]]
    partial: list[int]

    @property
    def labelled(self) -> text_alone.LabelledText:
        """The question and whether it can be answered, for who reads nothing else."""
        return text_alone.LabelledText(text=self.question, label=bool(self.facts), group=self.article)


def evaluate(options: Options) -> Result:
    """Ingest the articles, ask every question, score passages, sentences and answers."""
    from rag.models.load_embedder import open_embedder

    folder = data_of(options, set_name=NAME, holds="the half's folder with its questions")
    questions, digest = read_rows(file_in_folder(folder, "questions"), WikinewsQuestion)
    articles, digests = read_articles(folder)
    fitted_on, alone = question_alone(folder, questions)
    raw = [article.raw() for article in articles]
    ids = article_ids(raw)
    embedder = CachedEmbedder(open_embedder(options.settings))
    rows = []
    with (
        stored(raw, options.settings, set_name=NAME, keep=options.libraries, embedder=embedder) as library,
        bm25_and_vectors.searches(
            options.baselines, library.desk, set_name=NAME, limit=10, keep=options.libraries
        ) as searches,
    ):
        homes = located(articles, ids, library.desk.library.archive)
        ways = Ways.over(library.desk, searches)
        asked = questions[: options.limit]
        for done, (question, probability) in enumerate(zip(asked, alone, strict=False), start=1):
            rows.append(_row(question, marked(question, homes), ways, probability))
            options.progress(done, len(asked))
        status = library.desk.status()
    made = provenance(
        options.settings,
        embedder=status.embedder,
        revision=status.revision,
        digests={"questions": digest, **digests},
    )
    return Result(
        set=NAME,
        data=str(folder),
        metrics=estimated(ESTIMATES, rows),
        provenance=made | {"library": library.as_json(), "question_alone": fitted_on},
        cases=rows,
        estimates=ESTIMATES,
        baselines=bm25_and_vectors.beside(BESIDE, rows),
        by_kind=estimated_by_kind(
            ESTIMATES, rows, negative_kind=NEGATIVE_KIND, against_negatives=("answerable_auroc",)
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Ways:
    """Newsdesk, and the other ways to find passages and to score the sentences of Newsdesk's own."""

    desk: Desk
    newsdesk: SentenceScorer
    searches: Mapping[str, bm25_and_vectors.Search]
    scorers: Mapping[str, SentenceScorer]

    @classmethod
    def over(cls, desk: Desk, searches: Mapping[str, bm25_and_vectors.Search]) -> Ways:
        """The ways over a desk's library; other scorers for those of the searches that have one."""
        scorers: dict[str, SentenceScorer] = {}
        if bm25_and_vectors.BM25 in searches:
            scorers[bm25_and_vectors.BM25] = BM25Scorer(desk.library)
        if bm25_and_vectors.VECTORS in searches:
            scorers[bm25_and_vectors.VECTORS] = CosineScorer(desk.library.embedder)
        return cls(desk=desk, newsdesk=NewsdeskScorer(desk.library), searches=searches, scorers=scorers)


def marked(question: WikinewsQuestion, homes: Mapping[str, NumberedSentences]) -> MarkedQuestion:
    """The question with its sentences in the library; an unknown article or number is a `CaseError`."""
    home = homes.get(question.article)
    if home is None:
        raise CaseError(f"question {question.id!r}: no article {question.article!r}; put its file beside the half")

    def spans(numbers: Sequence[int]) -> tuple[GoldSpan, ...]:
        if unknown := [number for number in numbers if not 0 <= number < len(home.spans)]:
            raise CaseError(f"question {question.id!r}: its article has no sentence {unknown[0]}; correct the number")
        return tuple(home.spans[number] for number in numbers)

    return MarkedQuestion(
        article_id=home.article_id,
        facts=tuple(spans(fact) for fact in question.facts),
        partial=spans(question.partial),
    )


def question_alone(folder: Path, questions: Sequence[WikinewsQuestion]) -> tuple[str, list[float]]:
    """What the regression on the question alone was fitted on, and the probability that each can be answered.

    It is fitted on the half `train` where one stands beside this one, else on the other articles of this half.
    """
    texts = [question.labelled for question in questions]
    file = file_of_training_half(folder, "questions")
    if file is None:
        return "the other articles of this half", text_alone.probabilities(texts)
    training, _ = read_rows(file, WikinewsQuestion)
    return "train", text_alone.probabilities(texts, training=[question.labelled for question in training])


def sentence_scores(
    asked: MarkedQuestion, question: str, passages: Sequence[PassageToScore], scorer: SentenceScorer
) -> dict[str, float | None]:
    """Whether the best-scored sentence answers, and the best score: of the evidence, and with its answers taken out.

    The latter pair applies where a sentence that answers is in the evidence.
    """
    found = _ranked(asked, scorer(question, passages), passages)
    best = found[0][0] if found else None
    is_there = any(is_right for _, is_right in found)
    removed: list[tuple[float, bool]] = []
    if is_there:
        left = without(passages, (*asked.right, *asked.partial))
        removed = _ranked(asked, scorer(question, left), left)
    is_first = bool(found) and found[0][1]
    return {
        "sentence_at_1": float(is_first) if asked.is_answerable else None,
        "best_score": best,
        "answerable": float(asked.is_answerable),
        "best_score_whole": best if removed else None,
        "best_score_removed": removed[0][0] if removed else None,
    }


def _ranked(
    asked: MarkedQuestion, scores: Sequence[Sequence[float]], passages: Sequence[PassageToScore]
) -> list[tuple[float, bool]]:
    """Each sentence's score and whether it answers, the best first; ties in the order of the evidence."""
    found = [
        (score, is_marked(one.evidence.passage, span, asked.right))
        for one, of_passage in zip(passages, scores, strict=True)
        for span, score in zip(one.evidence.passage.sentences, of_passage, strict=True)
    ]
    return sorted(found, key=lambda pair: -pair[0])


def _row(question: WikinewsQuestion, asked: MarkedQuestion, ways: Ways, probability: float) -> dict[str, Any]:
    reply = ask(ways.desk, question.question, case_id=question.id)
    evidence = reply.answer.evidence
    passages = in_articles(ways.desk.library.archive, evidence)
    found = {
        **passage_scores(asked, evidence),
        **sentence_scores(asked, question.question, passages, ways.newsdesk),
        **answer_scores(asked, reply.answer),
    }
    return {
        "id": question.id,
        "cluster": question.article,
        "kind": question.kind,
        "question": question.question,
        "scores": found,
        **reply.as_json(),
        "baselines": _others(question, asked, passages, ways) | {QUESTION_ALONE: _alone(found, probability)},
        "fault": _fault(question, asked, reply, found),
    }


def _others(
    question: WikinewsQuestion, asked: MarkedQuestion, passages: Sequence[PassageToScore], ways: Ways
) -> dict[str, dict[str, float | None]]:
    """What each other way scores: on the passages that it finds, and on the sentences of Newsdesk's evidence.

    One that scores no sentences has the score of its best passage in their place.
    """
    scores = {}
    for name, search in ways.searches.items():
        evidence = search(question.question)
        scorer = ways.scorers.get(name)
        by_sentence: dict[str, float | None] = (
            sentence_scores(asked, question.question, passages, scorer)
            if scorer
            else {
                "best_score": max((piece.score for piece in evidence), default=None),
                "answerable": float(asked.is_answerable),
            }
        )
        scores[name] = {**passage_scores(asked, evidence), **by_sentence}
    return scores


def _alone(found: Mapping[str, float | None], probability: float) -> dict[str, float | None]:
    """The regression on the question alone: an answer taken away changes nothing for it."""
    told = probability if found["best_score_removed"] is not None else None
    return {
        "best_score": probability,
        "answerable": found["answerable"],
        "best_score_whole": told,
        "best_score_removed": told,
    }


def _fault(question: WikinewsQuestion, asked: MarkedQuestion, reply: Reply, found: Mapping[str, float | None]) -> str:
    wrong = [name for name in ("passage_at_5", "sentence_at_1", "fact_recall", "first_right") if found[name] == 0]
    if not asked.is_answerable and not reply.refused:
        wrong = ["shown although no article answers"]
    if not wrong:
        return ""
    right = [f"  right: {' | '.join(span.text for span in spans)}" for spans in asked.facts]
    lines = [f"{question.id} ({question.kind}): {question.question}", f"  failed: {', '.join(wrong)}", *right]
    return "\n".join([*lines, f"  shown: {reply.text or reply.answer.text}"])
