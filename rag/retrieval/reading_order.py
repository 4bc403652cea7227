"""What is found, in the order in which the reader takes it for an answer, and what the reader sees of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from rag.models.reader.windows import ReadPassage
from rag.question.question_echo import heading_asks, without_asking
from rag.question.search_plan import asks_for_the_present, period_of
from rag.storage.library import Library
from rag.types import Evidence, Passage, Question

READ = 12
"""So many of the best passages are read. With 20 or 30 no more are right in front: what lies that far behind is rarely
about the matter, however well it reads (wikinews-qa and realtimeqa, development halves)."""


def best_first(
    library: Library, question: Question, evidence: Sequence[Evidence], *, now: datetime | None = None
) -> tuple[Evidence, ...]:
    """The evidence with what most probably answers in front; a low place in the search weighs against a passage.

    A period that the question names, counted from `now` (by default this moment), still leads. As it was found where
    the question asks for the present, and where the library has no reader, or a reranker of its own. Of more than
    `READ` the others stay behind them. Ranks count anew, and scores stay with the ranks; `Evidence.prior_rank` keeps
    the place in the search.
    """
    reader = library.reader
    is_of_the_present = asks_for_the_present(question.complete)
    if reader is None or library.reranker is not None or is_of_the_present or not evidence:
        return tuple(evidence)
    first = evidence[:READ]
    read = reader.read(
        question_in_full(question), [without_questions(as_read(piece.passage), question) for piece in first]
    )
    believed = [
        (passage.score - reader.rank_weight * math.log(piece.prior_rank), piece)
        for passage, piece in zip(read.passages, first, strict=True)
    ]
    period = period_of(question, now or datetime.now(UTC), library.archive.outlets())

    def place(pair: tuple[float, Evidence]) -> tuple[bool, float, int]:
        score, piece = pair
        is_outside = period is not None and not period.holds(piece.passage.article.believed)
        return is_outside, -score, piece.prior_rank

    ordered = [piece for _, piece in sorted(believed, key=place)]
    places = enumerate(zip([*ordered, *evidence[READ:]], evidence, strict=True), start=1)
    return tuple(
        replace(piece, rank=rank, score=place.score, found_at=piece.prior_rank) for rank, (piece, place) in places
    )


def question_in_full(question: Question) -> str:
    """The question as somebody reads it who was not there before: resolved, or with what it leans on in front."""
    return question.standalone or f"{question.context} {question.text}".strip()


def as_read(passage: Passage) -> ReadPassage:
    """The passage as the reader reads it: with title, outlet and day, and without neighbours, as it was trained."""
    ref = passage.article
    return ReadPassage(
        sentences=tuple(passage.sentence(span) for span in passage.sentences),
        title=ref.title,
        outlet=ref.outlet,
        published=ref.believed.date() if ref.believed else None,
    )


def without_questions(passage: ReadPassage, question: Question) -> ReadPassage:
    """The passage with nothing in it that asks: what says the question over again is no sign of an answer."""
    title = "" if heading_asks(passage.title, question) else passage.title
    return replace(passage, sentences=without_asking(passage.sentences, question), title=title)
