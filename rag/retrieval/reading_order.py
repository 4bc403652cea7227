"""What is found, in the order in which the reader takes it for an answer, and what the reader sees of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from rag.models.reader.sentence_reader import SentenceReader
from rag.models.reader.windows import ReadPassage
from rag.question.answer_type import answer_form, answer_type
from rag.question.differing_figures import asked_for_figures
from rag.question.question_echo import heading_asks, without_asking
from rag.question.search_plan import asks_for_the_present, period_of
from rag.storage.library import Library
from rag.types import Evidence, Passage, Question

READ = 8
"""So many of the best passages are read at most: what lies farther behind has to read better by more than it ever does.
Of 242 questions of the development half of wikinews-qa none had its best sentence there."""

READ_OF_SEVERAL = 12
"""So many are read where an answer is made of several passages. With 20 or 30 no more are right in front (wikinews-qa
and realtimeqa, development halves)."""

IN_A_TURN = 4
"""So many are read before it is asked whether one of them answers surely, and so many more if none does.

6.3 passages are read so for a question of the development half of wikinews-qa, where it were 12; the best sentence is
the same for .996 of 242 questions, and .04 of them lose a quote that came near enough to be shown beside it."""


def best_first(
    library: Library, question: Question, evidence: Sequence[Evidence], *, now: datetime | None = None
) -> tuple[Evidence, ...]:
    """The evidence with what most probably answers in front; a low place in the search weighs against a passage.

    A period that the question names, counted from `now` (by default this moment), still leads. As it was found where
    the question asks for the present, and where the library has no reader, or a reranker of its own. What lies too far
    behind to be read stays there, and so does what need not be read any more; both are marked. Ranks count anew, and
    scores stay with the ranks; `Evidence.prior_rank` keeps the place in the search.
    """
    reader = library.reader
    is_of_the_present = asks_for_the_present(question.complete)
    if reader is None or library.reranker is not None or is_of_the_present or not evidence:
        return tuple(evidence)
    period = period_of(question, now or datetime.now(UTC), library.archive.outlets())

    def is_outside(piece: Evidence) -> bool:
        return period is not None and not period.holds(piece.passage.article.believed)

    most = READ_OF_SEVERAL if _is_made_of_several(question) else READ
    leading = sorted(evidence, key=lambda piece: (is_outside(piece), piece.prior_rank))
    read = _read_in_turn(reader, question, leading[:most], step=IN_A_TURN if most == READ else most)
    by_belief = sorted(read, key=lambda pair: (is_outside(pair[0]), -pair[1], pair[0].prior_rank))
    unread = [replace(piece, is_unread=True) for piece in leading[len(read) :]]
    ordered = [*(piece for piece, _ in by_belief), *unread]
    return tuple(
        replace(piece, rank=rank, score=place.score, found_at=piece.prior_rank)
        for rank, (piece, place) in enumerate(zip(ordered, evidence, strict=True), start=1)
    )


def _read_in_turn(
    reader: SentenceReader, question: Question, pieces: Sequence[Evidence], *, step: int
) -> list[tuple[Evidence, float]]:
    """The pieces up to where nobody needs to be warned of the best, and how far each is believed."""
    believed: list[tuple[Evidence, float]] = []
    asked = question_in_full(question)
    for start in range(0, len(pieces), step):
        turn = pieces[start : start + step]
        read = reader.read(asked, [without_questions(as_read(piece.passage), question) for piece in turn])
        best = 0.0
        for passage, piece in zip(read.passages, turn, strict=True):
            behind = reader.rank_weight * math.log(piece.prior_rank)
            believed.append((piece, passage.score - behind))
            best = max([best, *(reader.confidence_of(one.score - behind) for one in passage.sentences)])
        if best >= reader.sure_at:
            break
    return believed


def _is_made_of_several(question: Question) -> bool:
    """Whether one passage is not enough, however sure: a list has items elsewhere, a figure may be told otherwise."""
    asked = question.complete
    return (
        answer_form(asked) == "several"
        or answer_type(asked) in ("number", "measure")
        or asked_for_figures(question) is not None
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
