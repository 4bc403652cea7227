"""From evidence to the sentences that answer: what the reader makes of each of them.

The reader (`rag.models.reader`) reads whole passages; what it calls an answer is held here
against two things that a reader of the answer would see at once: that it is a sentence, and that the passage or its
title speaks of what the question names.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.candidate import Candidate
from rag.answering.whole_quotes import QuotableArticles
from rag.models.embedder import Embedder
from rag.models.reader.certainty import SecondReading
from rag.models.reader.reader import SentenceReading
from rag.models.reader.second_reading import NOBODY_ELSE, read_again
from rag.models.reader.sentence_reader import SentenceReader
from rag.question.answer_type import answer_form, answer_type
from rag.question.question_echo import asks, is_stuffed, without_asking
from rag.retrieval.overlap_reader import OverlapReader
from rag.retrieval.reading_order import READ, as_read, question_in_full, without_questions
from rag.storage.index_contract import heading_of
from rag.storage.library import Library
from rag.text.calendar_names import MONTHS, WEEKDAYS
from rag.text.search_terms import content_terms
from rag.text.standalone import can_be_quoted, in_comment
from rag.types import Evidence, Passage, Question, Span

_CAPITALISED = r"[A-Z][\w'\u2019-]*"
_NAME_RUN = re.compile(rf"(?<=\S\s){_CAPITALISED}(?:\s(?:of\s(?:the\s)?)?{_CAPITALISED})*")
"""Capitalised words after the first one, which is capitalised anyway; neighbours are one name."""

_INITIALS = re.compile(r"[A-Z0-9.]{1,6}(?:['\u2019]s)?")

_CALENDAR = frozenset([*WEEKDAYS, *MONTHS])

OTHERS = 5
"""Of other articles' sentences so many are looked at; one of them nearly always tells something else."""

SAME_MATTER_COSINE = 0.5
"""From it on two sentences speak of the same. From .5 to .8 it changes little on the development half of wikinews-qa,
where few stories are told twice (AUROC of right answers .797, and .796 where every other article is a rival)."""

_SHORT_ANSWERS = ("who", "when", "where", "number", "measure")


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceReading:
    """What was read of the evidence for one question: `ranked` sentences, most probable first.

    `confidence` is the calibrated probability that the best one answers, read once more where it does
    (`rag.models.reader.second_reading`), `answers` whether it is worth showing, `is_sure` whether nobody needs to be
    warned; `shown_within` is how far below the best score others are shown, too, `again` the second reading where there
    was one.
    """

    ranked: tuple[Candidate, ...]
    confidence: float
    answers: bool
    is_sure: bool
    shown_within: float
    again: SecondReading | None = None

    @property
    def shown(self) -> tuple[Candidate, ...]:
        """The best sentence and those that come near enough to it."""
        return _near(self.ranked, self.shown_within)


def read_evidence(
    library: Library,
    question: Question,
    evidence: Sequence[Evidence],
    *,
    is_part: bool = False,
    articles: QuotableArticles | None = None,
) -> EvidenceReading:
    """Read every passage of the evidence for the question; what was found first is taken to be about the matter.

    Where the question `is_part` of one, it is not: evidence for the whole is in no order for a part. A part says all
    that it asks; the rest, which is its context, would ask for something else. `articles` are those that the caller
    quotes from, so that none is read twice.
    """
    reader = library.reader or OverlapReader(library.embedder, library.rarity)
    asked = question.text if is_part else question_in_full(question)
    read = _ReadSentences(library, question, reader, asked=asked, is_part=is_part)
    first = [piece for piece in evidence if is_part or not piece.is_unread]
    read.add(first)
    # What was taken for an answer may be a question, or about somebody else: then more is read.
    unread = [piece for piece in evidence if piece.is_unread][: max(0, READ - len(first))]
    if unread and not is_part and read.confidence < reader.sure_at:
        read.add(unread)
    ranked, confidence = read.ranked, read.confidence
    answers, is_sure = confidence >= reader.answer_at, confidence >= reader.sure_at
    again, certainty = None, reader.certainty
    if ranked and certainty is not None and confidence >= certainty.read_from:
        quotable = articles or QuotableArticles(library.archive)
        again = _read_again(library, asked, question, ranked, quotable, reader)
        confidence = certainty.probability(again)
        # "How many died?" says little; who chose the story to ask is shown what comes nearest, with a warning.
        answers = confidence >= certainty.answer_from or (answers and bool(question.scope.articles))
        is_sure = confidence >= certainty.sure_at
    return EvidenceReading(
        ranked=tuple(ranked),
        confidence=confidence,
        answers=answers,
        is_sure=is_sure,
        shown_within=reader.shown_within,
        again=again,
    )


class _ReadSentences:
    """The sentences that may answer, of all passages that were read so far."""

    def __init__(
        self, library: Library, question: Question, reader: SentenceReader, *, asked: str, is_part: bool
    ) -> None:
        self._library, self._question, self._reader = library, question, reader
        self._asked, self._is_part = asked, is_part
        self.ranked: list[Candidate] = []

    @property
    def confidence(self) -> float:
        """How probably the best one answers."""
        return self._reader.confidence_of(self.ranked[0].score) if self.ranked else 0.0

    def add(self, pieces: Sequence[Evidence]) -> None:
        """Read these passages, too."""
        question, library = self._question, self._library
        reading = self._reader.read(
            self._asked,
            [without_questions(as_read(piece.passage), question) for piece in pieces],
            short_answers=answer_type(question.complete) in _SHORT_ANSWERS,
        )
        texts = _texts_of(library, pieces)
        for piece, read in zip(pieces, reading.passages, strict=True):
            if names_nowhere(library, question, piece.passage):
                continue
            behind = 0.0 if self._is_part else math.log(piece.prior_rank)
            told = texts.get(piece.passage.article.id, "")
            self.ranked += (
                one
                for one in _candidates(piece, read.sentences, self._reader, behind)
                if may_answer(question, one, told)
            )
        self.ranked.sort(key=lambda c: (-c.score, c.evidence.prior_rank, c.span.start))


def _read_again(
    library: Library,
    asked: str,
    question: Question,
    ranked: Sequence[Candidate],
    articles: QuotableArticles,
    reader: SentenceReader,
) -> SecondReading:
    best = ranked[0]
    quotes = articles.as_shown(_near(ranked, reader.shown_within), answer_form(question.complete))
    return read_again(
        reader,
        asked,
        without_questions(as_read(best.evidence.passage), question),
        quotes=without_asking(quotes, question),
        ahead=best.score - _next_score(library.embedder, ranked),
    )


def _next_score(embedder: Embedder, ranked: Sequence[Candidate]) -> float:
    """The best score of another article that tells something else: who tells the same, or gives another figure for it,
    is no rival of the best sentence."""
    best = ranked[0]
    others = [one for one in ranked if one.evidence.passage.article.id != best.evidence.passage.article.id][:OTHERS]
    if not others:
        return NOBODY_ELSE
    first, vector = embedder.embed_passages([best.text, others[0].text])
    for number, other in enumerate(others):
        if number > 0:
            (vector,) = embedder.embed_passages([other.text])
        if float(vector @ first) < SAME_MATTER_COSINE:
            return other.score
    return NOBODY_ELSE


def _near(ranked: Sequence[Candidate], within: float) -> tuple[Candidate, ...]:
    return tuple(candidate for candidate in ranked if candidate.score >= ranked[0].score - within)


def may_answer(question: Question, candidate: Candidate, article_text: str) -> bool:
    """Whether the sentence is neither a question, nor the reader's own over again, nor one that its article repeats."""
    text = candidate.text
    return not (asks(text, question) or is_stuffed(text, article_text))


def _texts_of(library: Library, evidence: Sequence[Evidence]) -> dict[str, str]:
    names = dict.fromkeys(piece.passage.article.id for piece in evidence)
    found = (library.archive.article(name) for name in names)
    return {article.ref.id: article.text for article in found if article is not None}


def names_nowhere(library: Library, question: Question, passage: Passage) -> bool:
    """Whether the question names somebody or something of whom neither passage nor heading nor the rest of the article
    has a word."""
    names = _names_of(question.complete)
    missing = _without(names, f"{heading_of(passage.article)} {passage.text}")
    article = library.archive.article(passage.article.id) if missing else None
    return bool(_without(missing, article.text) if article is not None else missing)


def _without(names: Sequence[set[str]], text: str) -> list[set[str]]:
    if not names:
        return []
    held = set(content_terms(text))
    return [terms for terms in names if not held.intersection(terms)]


def _names_of(question: str) -> list[set[str]]:
    """The terms of each name of the question; neighbouring capitalised words are one name.

    Initials are left out, since an article may write them out, and so are days and months.
    """
    found = []
    for match in _NAME_RUN.finditer(question):
        words = [
            word for word in match.group().split() if not _INITIALS.fullmatch(word) and word.casefold() not in _CALENDAR
        ]
        found.append(set(content_terms(" ".join(words))))
    return [terms for terms in found if terms]


def _candidates(
    piece: Evidence, sentences: Sequence[SentenceReading], reader: SentenceReader, behind: float
) -> list[Candidate]:
    passage = piece.passage
    found = []
    for span, read in zip(passage.sentences, sentences, strict=True):
        text = passage.sentence(span)
        if can_be_quoted(text) and not in_comment(passage.text, span.start - passage.start):
            short = read.short_answer
            score = read.score - reader.rank_weight * behind
            found.append(
                Candidate(
                    evidence=piece,
                    span=span,
                    text=text,
                    score=score,
                    probability=reader.probability_of(score),
                    short_answer=Span(start=span.start + short.start, end=span.start + short.end)
                    if short and short.end > short.start
                    else None,
                    short_answer_probability=short.probability if short else 0.0,
                )
            )
    return found
