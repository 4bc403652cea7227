"""Scores of one golden case: what was found and what was shown, against the exact sentences that answer.

Two quotes are the same where they have the same offsets in the same article, or the same text in any article (a wire
copy), both after leaving out a dateline and what is neither letter nor digit at their two ends. White space inside is
folded when texts are compared. A quote of several sentences is right where one of them is; half of a sentence is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.cases import GoldSpan, LocatedCase
from eval.metrics import per_case
from eval.metrics.shown_sentences import shown_sentences
from rag.text.standalone import opening_length
from rag.types import Answer, Citation, Evidence

CUTOFFS = (1, 5, 10)
MRR_CUTOFF = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What Newsdesk did with one case; `inexact` are the citations that are not their article's text."""

    located: LocatedCase
    answer: Answer
    inexact: tuple[Citation, ...]
    seconds: float


def same_quote(citation: Citation, gold: GoldSpan) -> bool:
    """Whether a shown quote is this golden one (see the module's definition)."""
    text, start, end = _core(citation.quote, citation.start)
    gold_text, gold_start, gold_end = _core(gold.text, gold.start)
    if citation.article.id == gold.article_id and (start, end) == (gold_start, gold_end):
        return True
    return text == gold_text


def holds(evidence: Evidence, gold: GoldSpan) -> bool:
    """Whether a passage holds the whole golden quote, in its article or as the same text in a copy."""
    passage = evidence.passage
    if passage.article.id == gold.article_id and passage.start <= gold.start and gold.end <= passage.end:
        return True
    return _folded(gold.text) in _folded(passage.text)


def score_case(observed: Observation) -> dict[str, float | None]:
    """Every golden metric of one case; None where the metric does not apply to it."""
    case, answer = observed.located.case, observed.answer
    flags = right_citations(observed)
    return {
        **_retrieval_scores(observed),
        "quote_precision": per_case.share(flags),
        "quote_recall": per_case.share(facts_shown(observed)),
        "exact_quotes": per_case.share([citation not in observed.inexact for citation in answer.citations]),
        "outcome_accuracy": per_case.outcome_accuracy(case.expected, answer.outcome),
        "abstention_precision": per_case.abstention_precision(case.expected, answer.outcome),
        "abstention_recall": per_case.abstention_recall(case.expected, answer.outcome),
        "cost": per_case.cost(case.expected, answer.outcome, right_quotes=sum(flags)),
    }


def right_citations(observed: Observation) -> list[bool]:
    """For each shown quote, whether a sentence of it answers or is also fine.

    Its share is quote precision: citation precision as in ALCE (Gao et al. 2023), with sentences marked by hand for
    an entailment model.
    """
    located = observed.located
    golds = [gold for spans in (*located.facts, located.also_fine) for gold in spans]
    return [
        any(same_quote(sentence, gold) for sentence in shown_sentences([citation]) for gold in golds)
        for citation in observed.answer.citations
    ]


def facts_shown(observed: Observation) -> list[bool]:
    """For each fact of the case, whether a sentence that states it is shown.

    Its share is quote recall; a refusal shows none.
    """
    shown = shown_sentences(observed.answer.citations)
    return [any(same_quote(c, gold) for c in shown for gold in spans) for spans in observed.located.facts]


def _retrieval_scores(observed: Observation) -> dict[str, float | None]:
    facts, found = observed.located.facts, observed.answer.evidence
    passages = [_facts_held(evidence, facts) for evidence in found]
    articles = _facts_by_article(found, facts)
    scores = {f"passage_recall_at_{k}": per_case.recall_at_k(passages, len(facts), k) for k in CUTOFFS}
    scores |= {f"article_recall_at_{k}": per_case.recall_at_k(articles, len(facts), k) for k in CUTOFFS}
    return scores | {f"mrr_at_{MRR_CUTOFF}": per_case.reciprocal_rank(passages, len(facts), MRR_CUTOFF)}


def _facts_held(evidence: Evidence, facts: Sequence[Sequence[GoldSpan]]) -> frozenset[int]:
    return frozenset(i for i, spans in enumerate(facts) if any(holds(evidence, gold) for gold in spans))


def _facts_by_article(found: Iterable[Evidence], facts: Sequence[Sequence[GoldSpan]]) -> list[frozenset[int]]:
    """The facts that each found article states, in the order of its first passage; a copy counts for its original."""
    carriers: dict[str, set[str]] = {}
    for evidence in found:
        names = carriers.setdefault(evidence.passage.article.id, {evidence.passage.article.id})
        names.update(copy.id for copy in evidence.copies)
    return [
        frozenset(i for i, spans in enumerate(facts) if any(gold.article_id in names for gold in spans))
        for names in carriers.values()
    ]


def _core(text: str, start: int) -> tuple[str, int, int]:
    """Text and offsets without a dateline and what is neither letter nor digit at either end."""
    opening = opening_length(text)
    text, start = text[opening:], start + opening
    letters = [i for i, character in enumerate(text) if character.isalnum()]
    if not letters:
        return text, start, start + len(text)
    first, last = letters[0], letters[-1] + 1
    return _folded(text[first:last]), start + first, start + last


def _folded(text: str) -> str:
    return " ".join(text.split())


def scores_by_metric(scored: Sequence[Mapping[str, float | None]]) -> dict[str, list[float | None]]:
    """Turn one mapping a case into one list of scores a metric, in the cases' order."""
    names = dict.fromkeys(name for scores in scored for name in scores)
    return {name: [scores.get(name) for scores in scored] for name in names}
