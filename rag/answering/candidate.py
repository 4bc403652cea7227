"""A sentence that may answer, on its way to become a quote."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import Citation, Evidence, Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A sentence of the evidence with the probability that it answers; `score` compares it with others of its question.
    Made whole (`rag.answering.whole_quotes`), `span` and `text` are those of the quote that it is shown in.

    `short_answer` is the part of the article's text that is the answer itself, where a short one was asked for and
    found, and `short_answer_probability` how sure the reader is of its two ends.
    """

    evidence: Evidence
    span: Span
    text: str
    score: float
    probability: float
    short_answer: Span | None = None
    short_answer_probability: float = 0.0

    def citation(self, marker: int) -> Citation:
        """The exact quote of it."""
        span, article = self.span, self.evidence.passage.article
        return Citation(marker=marker, article=article, start=span.start, end=span.end, quote=self.text)
