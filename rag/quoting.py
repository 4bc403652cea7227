"""The default writer: chosen sentences, shown as quotes with who said it and when. It is instant and cannot invent."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer_type import answer_type
from rag.copies import differ
from rag.selection import Candidate, Weights, load_weights
from rag.types import AnswerSentence, ArticleRef, Citation, Question

_CLOSING_OF = {"“": "”", '"': '"', "«": "»", "„": "“", "‟": "”", "❝": "❞"}
_OPENING_MARKS = frozenset(_CLOSING_OF)

# Above this cosine two sentences say the same thing to a reader.
SAME_SENTENCE_COSINE = 0.86


def chosen(
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


def quoted(candidates: Sequence[Candidate]) -> tuple[tuple[AnswerSentence, ...], tuple[Citation, ...]]:
    """Answer sentences and their citations.

    The article whose sentences are together most probable comes first: one that gives several reasons stands before a
    stray sentence of another. The sentences of each article stand in its own order.
    """
    together: dict[ArticleRef, float] = {}
    for candidate in candidates:
        article = candidate.evidence.passage.article
        together[article] = together.get(article, 0.0) + candidate.probability
    order = {article: place for place, article in enumerate(sorted(together, key=lambda ref: -together[ref]))}
    readable = sorted(candidates, key=lambda c: (order[c.evidence.passage.article], c.span.start))
    citations = tuple(
        Citation.of(candidate.evidence.passage, candidate.span, marker=marker)
        for marker, candidate in enumerate(readable, start=1)
    )
    return led_in(citations), citations


def led_in(citations: Sequence[Citation]) -> tuple[AnswerSentence, ...]:
    """Quotes as sentences, each article's first led in by its outlet and date."""
    sentences: list[AnswerSentence] = []
    previous: ArticleRef | None = None
    for citation in citations:
        lead_in = "" if citation.article == previous else attribution(citation.article)
        text = in_quotation_marks(citation.quote)
        sentences.append(AnswerSentence(text=text, citations=(citation.marker,), support=1.0, lead_in=lead_in))
        previous = citation.article
    return tuple(sentences)


def in_quotation_marks(quote: str) -> str:
    """The quote in quotation marks; one that brings its own stands as it is, and is closed where it was left open."""
    if quote[0] not in _OPENING_MARKS:
        return f"“{quote}”"
    closing = _CLOSING_OF[quote[0]]
    is_open = quote.count(quote[0]) % 2 if closing == quote[0] else quote.count(quote[0]) > quote.count(closing)
    return f"{quote}{closing}" if is_open else quote


def attribution(article: ArticleRef) -> str:
    """`Pacific Ledger, 20 June 2024:`, with what is known; "" where neither outlet nor date is."""
    published = f"{article.published.day} {article.published:%B %Y}" if article.published else ""
    known = ", ".join(filter(None, (article.outlet, published)))
    return f"{known}:" if known else ""
