"""What an answer is made of: sentences for every part of the question, how sure it is, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.sentence_reading import Candidate, EvidenceReading, read_evidence
from rag.models.embedder import Embedder
from rag.question.decomposition import question_parts
from rag.retrieval.copies import differ
from rag.retrieval.retrieve import retrieve
from rag.storage.library import Library
from rag.types import Evidence, Question, Span

RELATED_SENTENCES = 2

RELATED_FROM = 0.1
"""A sentence that answers with this probability speaks of the matter, though it is not shown as an answer."""

SAME_SENTENCE_COSINE = 0.86
"""Above it two sentences say the same thing to a reader."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectedSentences:
    """What was chosen. Empty `picked` means that nothing answers; then `related` is what comes nearest.

    `confidence` is the calibrated probability that the picked sentences answer the question, `is_sure` whether it is so
    high that nobody needs to be warned, `missing` the parts of it that nothing answers. `others_speak` tells that more
    than one outlet speaks of the matter, `without_context` that the question was answered better as if nothing had been
    asked before it.
    """

    picked: tuple[Candidate, ...]
    confidence: float = 0.0
    is_sure: bool = False
    missing: tuple[str, ...] = ()
    related: tuple[Candidate, ...] = ()
    others_speak: bool = False
    without_context: bool = False


def select_sentences(
    library: Library, question: Question, evidence: Sequence[Evidence], *, limit: int
) -> SelectedSentences:
    """The sentences that answer, at most `limit` and the best first, with what is known of how well they do."""
    parts = question_parts(question, library.archive.outlets())
    if len(parts) > 1:
        of_parts = _of_parts(library, parts, evidence, limit=limit)
        if of_parts.picked:
            return of_parts
    reading = read_evidence(library, question, evidence)
    picked = select_quotes(library.embedder, reading, limit=limit)
    if not picked:
        return SelectedSentences(picked=(), related=tuple(_related(reading)))
    return SelectedSentences(
        picked=tuple(picked),
        confidence=reading.confidence,
        is_sure=reading.is_sure,
        others_speak=len({c.evidence.passage.article.outlet.casefold() for c in reading.ranked[: 2 * limit]}) > 1,
    )


def select_quotes(embedder: Embedder, reading: EvidenceReading, *, limit: int) -> list[Candidate]:
    """The sentences to show, best first: empty where none is probable enough to be an answer.

    Beside the best one those that come near it; none repeats another.
    """
    if not reading.answers:
        return []
    probable = reading.shown[: 2 * limit]
    vectors = embedder.embed_passages([candidate.text for candidate in probable])
    kept: list[int] = []
    for i, candidate in enumerate(probable):
        near = [k for k in kept if float(vectors[i] @ vectors[k]) > SAME_SENTENCE_COSINE]
        # Near in meaning, but another figure or name: a reader learns something.
        if len(kept) < limit and all(differ(candidate.text, probable[k].text) for k in near):
            kept.append(i)
    return [probable[i] for i in kept]


def _of_parts(
    library: Library, parts: Sequence[Question], evidence: Sequence[Evidence], *, limit: int
) -> SelectedSentences:
    """Every part for itself; a sentence that answers two of them is shown once."""
    # Every part has its share, so that none pushes out another's only sentence.
    share = max(1, limit // len(parts))
    picked: dict[tuple[str, Span], Candidate] = {}
    missing: list[str] = []
    answered: list[EvidenceReading] = []
    for part in parts:
        reading = read_evidence(library, part, list(_within(part, evidence)), is_part=True)
        found = select_quotes(library.embedder, reading, limit=share)
        # "It costs $1.7 billion and will be finished by 2028" may answer another part, too.
        told = reading.answers and any(_place(c) in picked for c in reading.shown)
        if not (found or told):
            reading = _asked_alone(library, part)
            found = select_quotes(library.embedder, reading, limit=share)
        if found or told:
            answered.append(reading)
        else:
            missing.append(_name(part, parts))
        picked |= {_place(candidate): candidate for candidate in found if _place(candidate) not in picked}
    return SelectedSentences(
        picked=tuple(picked.values()),
        confidence=min((reading.confidence for reading in answered), default=0.0),
        is_sure=bool(answered) and all(reading.is_sure for reading in answered),
        missing=tuple(missing) if picked else (),
    )


def _asked_alone(library: Library, part: Question) -> EvidenceReading:
    """Read for a part what is found for it alone: nobody shall be told that a part is missing and find it by asking."""
    alone = replace(part, context="")
    return read_evidence(library, alone, retrieve(library, alone, limit=library.settings.max_passages))


def _place(candidate: Candidate) -> tuple[str, Span]:
    return candidate.evidence.passage.article.id, candidate.span


def _within(part: Question, evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """The evidence within the limits of a part."""
    for piece in evidence:
        article = piece.passage.article
        carriers = {article.outlet, *(copy.outlet for copy in piece.copies)}
        if part.scope.holds_date(article.believed) and (not part.scope.outlets or carriers & set(part.scope.outlets)):
            yield piece


def _name(part: Question, parts: Sequence[Question]) -> str:
    """A part in the reader's words; for one that is an outlet's, with the outlet."""
    outlets = part.scope.outlets
    if outlets and any(outlets != other.scope.outlets for other in parts):
        return f"{outlets[0]}: {part.text}"
    return part.text


def _related(reading: EvidenceReading) -> Iterator[Candidate]:
    yield from (c for c in reading.ranked[:RELATED_SENTENCES] if c.probability >= RELATED_FROM)
