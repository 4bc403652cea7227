"""What each rule about words would add to the network and the literal checks: the ablation that the card prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from eval.training.checker.claims import Twins
from eval.training.checker.figures import FAILED, ClaimScorer, best_threshold, checker_figures, twin_scores
from rag.checking.check import shared_wording
from rag.checking.literal import ReadText
from rag.checking.overclaims import overclaim
from rag.checking.polarity import contradiction
from rag.checking.semantic_roles import pieced_together, swapped_roles
from rag.models.checker.rows import CitedQuote
from rag.text.sentences import split_sentences

LEAST_KEPT = 0.8
"""Share of the supported claims that every row keeps, so that rows can be compared."""

LEAST_WORDING = 0.5

Rule = Callable[[ReadText, Sequence[ReadText]], object]

RULES: Mapping[str, Rule] = {
    "denied, uncertain or opposite words": lambda claim, said: contradiction(claim.tokens, [s.tokens for s in said]),
    "who did what to whom, who said it": lambda claim, said: swapped_roles(claim.tokens, [s.tokens for s in said]),
    "pieced together": lambda claim, said: pieced_together(claim.tokens, [s.tokens for s in said]),
    "all, only, because, alleged": lambda claim, said: overclaim(claim.tokens, [s.tokens for s in said]),
    f"share of words under {LEAST_WORDING}": lambda claim, said: (
        shared_wording(claim.text, [s.text for s in said]) < LEAST_WORDING
    ),
}


def ablation(held: Sequence[Twins], alone: ClaimScorer, shipped: ClaimScorer) -> dict[str, dict[str, float]]:
    """Figures of the network alone, behind the literal checks, and behind one rule more, each at its best threshold."""
    columns = {"network alone": _figures(held, alone), "with literal checks": _figures(held, shipped)}
    for name, rule in RULES.items():
        columns[f"and: {name}"] = _figures(held, _behind(rule, shipped))
    return columns


def _figures(held: Sequence[Twins], scorer: ClaimScorer) -> dict[str, float]:
    at = best_threshold(*twin_scores(held, scorer), least_kept=LEAST_KEPT)
    return checker_figures(held, scorer, at=at)


def _behind(rule: Rule, scorer: ClaimScorer) -> ClaimScorer:
    def scored(claims: Sequence[tuple[str, Sequence[CitedQuote]]]) -> list[float]:
        found = scorer(claims)
        return [score + FAILED if _fires(rule, *claim) else score for claim, score in zip(claims, found, strict=True)]

    return scored


def _fires(rule: Rule, text: str, quotes: Sequence[CitedQuote]) -> bool:
    said = [ReadText(quote.text[span.start : span.end]) for quote in quotes for span in split_sentences(quote.text)]
    return bool(rule(ReadText(text), said))
