"""The sentences that an answer shows: a quote of several counts as each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rag.text.sentences import split_sentences
from rag.types import Citation


def shown_sentences(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """One citation for each sentence of the quotes, in their order, under its quote's marker."""
    return tuple(
        replace(
            citation,
            start=citation.start + span.start,
            end=citation.start + span.end,
            quote=citation.quote[span.start : span.end],
        )
        for citation in citations
        for span in split_sentences(citation.quote)
    )
