"""Ways to check a claim against what it cites, behind one seam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from eval.metrics.support import shared_words
from rag.checking.sentence_check import open_check
from rag.models.checker.rows import CitedQuote
from rag.settings import Settings
from rag.text.sentences import split_sentences


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


def newsdesk_check(settings: Settings) -> ClaimChecker:
    """The check that every sentence of a model's answer goes through; its score is how sure it is."""
    check = open_check(settings, graded=True)

    def judged(claim: str, quotes: Sequence[CitedQuote]) -> ClaimVerdict:
        (verdict,) = check.check([(claim, _each_sentence(quotes))])
        return ClaimVerdict(score=verdict.support, supported=verdict.supported, reason=verdict.reason)

    return judged


def shared_words_score(claim: str, quotes: Sequence[CitedQuote]) -> float:
    """Share of the claim's content words that stand in the quotes: a baseline without a threshold."""
    return shared_words(claim, [quote.text for quote in _each_sentence(quotes)])


def _each_sentence(quotes: Sequence[CitedQuote]) -> list[CitedQuote]:
    """Every sentence by itself, as Newsdesk cites them: ahead of all but the first stands its neighbour."""
    found = []
    for quote in quotes:
        before = quote.before
        for span in split_sentences(quote.text):
            text = quote.text[span.start : span.end]
            found.append(replace(quote, text=text, before=before))
            before = text
    return found
