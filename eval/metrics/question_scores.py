"""Scores of one question whose facts are marked by hand: passages found for it, and the answer that was shown.

A quote is right where it states a fact that is asked for: it is one of the fact's sentences, by its place or, since
another article may hold the same sentence, by its text (`case_scores.same_quote`). A quote of several sentences is
right where one of them is; `sentence_precision` counts each of them. Partial sentences may be shown and are not asked
for. Quotes shown for a question that cannot be answered are all wrong, near misses too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.cases import GoldSpan
from eval.metrics.case_scores import holds, same_quote
from eval.metrics.per_case import cost, share
from eval.metrics.ranking import success_at_k
from eval.metrics.shown_sentences import shown_sentences
from rag.types import Answer, Citation, Evidence, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkedQuestion:
    """A question asked on one article: each fact with the sentences that state it; none where no article answers."""

    article_id: str
    facts: tuple[tuple[GoldSpan, ...], ...]
    partial: tuple[GoldSpan, ...]

    @property
    def is_answerable(self) -> bool:
        """Whether the article says what is asked."""
        return bool(self.facts)

    @property
    def right(self) -> tuple[GoldSpan, ...]:
        """Every sentence that states a fact."""
        return tuple(span for spans in self.facts for span in spans)


def is_one_of(citation: Citation, spans: Iterable[GoldSpan]) -> bool:
    """Whether a sentence is one of these."""
    return any(same_quote(citation, span) for span in spans)


def passage_scores(marked: MarkedQuestion, evidence: Sequence[Evidence]) -> dict[str, float | None]:
    """Whether the first k passages hold the article, or a sentence that answers; of answerable questions.

    A passage is of the article, too, where it names it as a copy or holds a sentence that answers.
    """
    wanted = int(marked.is_answerable)
    holding = [any(holds(piece, span) for span in marked.right) for piece in evidence]
    of_article = [
        answers or marked.article_id in (piece.passage.article.id, *(copy.id for copy in piece.copies))
        for piece, answers in zip(evidence, holding, strict=True)
    ]
    return {
        "article_at_1": success_at_k(_found(of_article), wanted, 1),
        "article_at_10": success_at_k(_found(of_article), wanted, 10),
        "passage_at_5": success_at_k(_found(holding), wanted, 5),
    }


def answer_scores(marked: MarkedQuestion, answer: Answer) -> dict[str, float | None]:
    """Every measure of what was shown, or was not; the columns `confidence` and `right` are of shown answers."""
    # What is told in words of Newsdesk's own, as to a greeting, answers no question about the news.
    is_shown = bool(answer.citations)
    by_quote = [shown_sentences([citation]) for citation in answer.citations]
    shown = [sentence for quote in by_quote for sentence in quote]
    flags = [any(is_one_of(sentence, marked.right) for sentence in quote) for quote in by_quote]
    fine = [
        right or any(is_one_of(sentence, marked.partial) for sentence in quote)
        for right, quote in zip(flags, by_quote, strict=True)
    ]
    is_right = any(flags)
    expected: Outcome = "answered" if marked.is_answerable else "not_found"
    doubted = float(bool(answer.doubt))
    return {
        "wrongly_refused": float(not is_shown) if marked.is_answerable else None,
        "shown_right": float(is_right) if marked.is_answerable else None,
        "fact_recall": share([any(is_one_of(c, spans) for c in shown) for spans in marked.facts]),
        "first_right": float(flags[0]) if is_shown else None,
        "quote_precision": share(flags),
        "sentence_precision": share([is_one_of(sentence, marked.right) for sentence in shown]),
        "quote_precision_with_partial": share(fine if marked.is_answerable else flags),
        "refused_unanswerable": None if marked.is_answerable else float(not is_shown),
        "cost": cost(expected, answer.outcome if is_shown else "not_found", right_quotes=sum(flags)),
        "confidence": answer.confidence if is_shown else None,
        "right": float(is_right) if is_shown else None,
        "doubt_on_right": doubted if is_shown and is_right else None,
        "doubt_on_wrong": doubted if is_shown and not is_right else None,
    }


def _found(flags: Sequence[bool]) -> list[frozenset[int]]:
    """As the ranking measures take it: a result that holds what is wanted holds fact 0."""
    return [frozenset([0]) if flag else frozenset() for flag in flags]
