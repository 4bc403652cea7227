"""Ways to check a claim against what it cites, behind one seam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from eval.metrics.support import shared_words
from rag.text.sentences import split_sentences


@dataclass(frozen=True, kw_only=True, slots=True)
class CitedQuote:
    """What a claim cites: one or more sentences of an article, and the sentence `before` them ("" where unknown)."""

    text: str
    before: str = ""
    outlet: str = ""
    published: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimVerdict:
    """Whether all of a claim is supported, and a score for it: higher is better, comparable between claims."""

    score: float
    supported: bool
    reason: str = ""


class ClaimChecker(Protocol):
    """Holds a claim against all of its quotes together."""

    def __call__(self, claim: str, quotes: Sequence[CitedQuote]) -> ClaimVerdict:
        """The verdict."""


def newsdesk_check(claim: str, quotes: Sequence[CitedQuote]) -> ClaimVerdict:
    """The check that every sentence of an answer goes through; its score is the share of words that it found."""
    from rag.checking.check import check_sentence

    verdict = check_sentence(claim, _sentences(quotes))
    return ClaimVerdict(score=verdict.support, supported=verdict.supported, reason=verdict.reason)


def shared_words_score(claim: str, quotes: Sequence[CitedQuote]) -> float:
    """Share of the claim's content words that stand in the quotes: a baseline without a threshold."""
    return shared_words(claim, _sentences(quotes))


def _sentences(quotes: Sequence[CitedQuote]) -> list[str]:
    """Every sentence by itself, as Newsdesk cites them."""
    return [quote.text[span.start : span.end] for quote in quotes for span in split_sentences(quote.text)]
