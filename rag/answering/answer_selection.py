"""What an answer is made of: sentences for every part of the question, a second voice, how sure it is, what is
missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.answering.sentence_scoring import Candidate, Weights, candidates, embedded_sentences, load_weights
from rag.models.embedder import TextVectors
from rag.question.answer_type import answer_type
from rag.question.decomposition import question_parts
from rag.retrieval.copies import differ
from rag.storage.library import Library
from rag.types import Evidence, Question, Span

CORROBORATION = 2.0
"""Where all sentences are from one source, the best one of another is shown too if its probability is so many times the
threshold: one source among several does not carry an answer alone. With 1 quote precision of the golden cases falls
from .702 to .686, with 2 it stays."""

TOLD_ALREADY = 0.5
"""A sentence that answers one part ("costs $1.7 billion and will be finished by 2028") answers another with this share
of its threshold."""

MANY = 3

RELATED_SENTENCES = 2

RELATED_SHARE = 0.2
"""A sentence with this share of the threshold speaks of the matter, though it does not answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectedSentences:
    """What was chosen. Empty `picked` means that nothing answers; then `related` is what comes nearest.

    `confidence` is the calibrated probability that the picked sentences answer the question, `missing` the parts of it
    that nothing answers, `alone` whether they rest on one source while others speak of the matter. `without_context`
    tells that the question was answered better as if nothing had been asked before it.
    """

    picked: tuple[Candidate, ...]
    confidence: float = 0.0
    missing: tuple[str, ...] = ()
    related: tuple[Candidate, ...] = ()
    alone: bool = False
    without_context: bool = False


def select_sentences(
    library: Library, question: Question, evidence: Sequence[Evidence], *, limit: int
) -> SelectedSentences:
    """The sentences that answer, at most `limit` and the best first, with what is known of how well they do."""
    weights = load_weights()
    embedded = embedded_sentences(library, evidence)
    stories = library.archive.stories_of(list({piece.passage.article.id for piece in evidence}))
    parts = question_parts(question, library.archive.outlets())
    if len(parts) > 1:
        of_parts = _of_parts(library, parts, evidence, embedded, stories, limit=limit)
        if of_parts.picked:
            return of_parts
    ranked = candidates(library, question, evidence, embedded)
    found = without_strays(select_quotes(question, ranked, limit=limit), stories)
    picked = _with_corroboration(question, ranked, found, stories, limit, weights)
    if not picked:
        return SelectedSentences(picked=(), related=tuple(_related(question, ranked, weights)))
    kind = answer_type(question.complete)
    return SelectedSentences(
        picked=tuple(picked),
        confidence=weights.confidence_of(picked[0].probability, kind),
        alone=len(_sources(picked, stories)) == 1 < len(_sources(ranked[: 2 * limit], stories)),
    )


def _of_parts(
    library: Library,
    parts: Sequence[Question],
    evidence: Sequence[Evidence],
    embedded: Sequence[TextVectors],
    stories: Mapping[str, str],
    *,
    limit: int,
) -> SelectedSentences:
    """Every part for itself; a sentence that answers two of them is shown once."""
    weights = load_weights()
    # Every part has its share, so that none pushes out another's only sentence.
    share = max(1, limit // len(parts))
    picked: list[Candidate] = []
    missing: list[str] = []
    confidences: list[float] = []
    for part in parts:
        within = list(_within(part, evidence, embedded))
        own = [piece for piece, _ in within]
        ranked = candidates(library, part, own, [one for _, vectors in within for one in vectors])
        found = select_quotes(part, ranked, limit=share)
        found = _with_corroboration(part, ranked, found, stories, share, weights)
        known = {_place(candidate) for candidate in picked}
        least = TOLD_ALREADY * weights.threshold(answer_type(part.complete))
        told = [c for c in ranked if _place(c) in known and c.probability >= least]
        if found or told:
            best = max(c.probability for c in (*found, *told))
            confidences.append(weights.confidence_of(best, answer_type(part.complete)))
        else:
            missing.append(_name(part, parts))
        picked += [candidate for candidate in found if _place(candidate) not in known]
    return SelectedSentences(
        picked=tuple(picked),
        confidence=min(confidences, default=0.0),
        missing=tuple(missing) if picked else (),
    )


def _place(candidate: Candidate) -> tuple[str, Span]:
    return candidate.evidence.passage.article.id, candidate.span


def _within(
    part: Question, evidence: Sequence[Evidence], embedded: Sequence[TextVectors]
) -> Iterator[tuple[Evidence, Sequence[TextVectors]]]:
    """The evidence within the limits of a part, each with the vectors of its sentences."""
    start = 0
    for piece in evidence:
        end = start + len(piece.passage.sentences)
        article = piece.passage.article
        carriers = {article.outlet, *(copy.outlet for copy in piece.copies)}
        if part.scope.holds_date(article.published) and (not part.scope.outlets or carriers & set(part.scope.outlets)):
            yield piece, embedded[start:end]
        start = end


def _name(part: Question, parts: Sequence[Question]) -> str:
    """A part in the reader's words; for one that is an outlet's, with the outlet."""
    outlets = part.scope.outlets
    if outlets and any(outlets != other.scope.outlets for other in parts):
        return f"{outlets[0]}: {part.text}"
    return part.text


def _with_corroboration(
    question: Question,
    ranked: Sequence[Candidate],
    picked: Sequence[Candidate],
    stories: Mapping[str, str],
    limit: int,
    weights: Weights,
) -> list[Candidate]:
    """The picked sentences, and the best one of another source where all are from one."""
    sources = _sources(picked, stories)
    if len(sources) != 1:
        return list(picked)
    least = CORROBORATION * weights.threshold(answer_type(question.complete))
    other = next((c for c in ranked if c.probability >= least and _source(c, stories) not in sources), None)
    return [*picked[: limit - 1], other] if other is not None and limit > 1 else list(picked)


def without_strays(picked: Sequence[Candidate], stories: Mapping[str, str]) -> list[Candidate]:
    """Without a single sentence of another article of the same source, where one article gives `MANY` or more: it
    brings no second voice, and rarely another reason. The best one, which stands first, stays."""
    counts = Counter(candidate.evidence.passage.article.id for candidate in picked)
    main, most = max(counts.items(), key=lambda pair: pair[1], default=("", 0))
    if most < MANY:
        return list(picked)
    (source,) = {_source(candidate, stories) for candidate in picked if candidate.evidence.passage.article.id == main}
    best, *others = picked
    return [
        best,
        *(
            candidate
            for candidate in others
            if counts[candidate.evidence.passage.article.id] > 1 or _source(candidate, stories) != source
        ),
    ]


def _related(question: Question, ranked: Sequence[Candidate], weights: Weights) -> Iterator[Candidate]:
    least = RELATED_SHARE * weights.threshold(answer_type(question.complete))
    for candidate in ranked[:RELATED_SENTENCES]:
        if candidate.probability >= least:
            yield candidate


def _sources(found: Sequence[Candidate], stories: Mapping[str, str]) -> set[str]:
    return {_source(candidate, stories) for candidate in found}


def _source(candidate: Candidate, stories: Mapping[str, str]) -> str:
    """Copies of one text are one source, and so are all articles of one outlet."""
    article = candidate.evidence.passage.article
    return article.outlet.casefold() or stories.get(article.id, article.id)


# Above this cosine two sentences say the same thing to a reader.
SAME_SENTENCE_COSINE = 0.86


def select_quotes(
    question: Question, ranked: Sequence[Candidate], *, limit: int, weights: Weights | None = None
) -> list[Candidate]:
    """The sentences to show, best first: empty where none is probable enough to be an answer.

    `ranked` is ordered by probability. Further sentences must come near the best one, and none repeats another.
    """
    weights = weights or load_weights()
    kind = answer_type(question.complete)
    threshold = weights.threshold(kind)
    if not ranked or ranked[0].probability < threshold:
        return []
    share = weights.reasons_share if kind == "why" else weights.further_share
    least = max(threshold, share * ranked[0].probability)
    kept: list[Candidate] = []
    for candidate in ranked:
        if candidate.probability < least or len(kept) == limit:
            break
        if not any(_repeats(candidate, other) for other in kept):
            kept.append(candidate)
    return kept


def _repeats(candidate: Candidate, other: Candidate) -> bool:
    """Whether a reader who has read the other learns nothing: near in meaning, and the same figures and names."""
    near = float(candidate.vector @ other.vector) > SAME_SENTENCE_COSINE
    return near and not differ(candidate.text, other.text)
