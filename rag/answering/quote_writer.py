"""The default writer: chosen sentences, shown as quotes with who said it and when. It is instant and cannot invent."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.sentence_reading import Candidate
from rag.text.formatting import dated_in_words
from rag.types import AnswerSentence, ArticleRef, Citation

_CLOSING_OF = {"“": "”", '"': '"', "«": "»", "„": "“", "‟": "”", "❝": "❞"}
_OPENING_MARKS = frozenset(_CLOSING_OF)


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
    return with_attribution(citations), citations


def with_attribution(citations: Sequence[Citation]) -> tuple[AnswerSentence, ...]:
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
    known = ", ".join(filter(None, (article.outlet, dated_in_words(article.published, is_ahead=article.is_ahead))))
    return f"{known}:" if known else ""
