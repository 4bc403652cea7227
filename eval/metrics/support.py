"""Holds sentences against an article as the check holds a model's sentences against the evidence."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingest.preparing.article import article_from
from ingest.preparing.chunking import cut_passages
from ingest.types import RawArticle
from rag.errors import SourceError
from rag.models.checker.rows import CitedQuote
from rag.text.sentences import split_sentences
from rag.types import Evidence

if TYPE_CHECKING:
    from eval.metrics.estimates import Estimate
    from rag.checking.sentence_check import SentenceCheck

QUOTES = 2
"""Sentences of an article that a claim is held against for its score: as many as the check cites of one passage."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What the check says of a text: whether every sentence of it is `kept`, and the lowest score of its sentences.

    `overlap` is the same for a plain count of shared words, as a baseline. `reason` is the check's; `seconds` is the
    time for one sentence.
    """

    kept: bool
    score: float
    overlap: float
    reason: str
    seconds: float


class Source:
    """An article that texts are held against: cleaned, and cut into passages and sentences as ingest does."""

    def __init__(self, text: str, check: SentenceCheck) -> None:
        self._check = check
        self.evidence: tuple[Evidence, ...] = ()
        try:
            article = article_from(RawArticle(where="article", text=text), fetched=datetime.now(UTC))
        except SourceError:
            return
        self.evidence = tuple(
            Evidence(passage=passage, score=0.0, rank=rank)
            for rank, passage in enumerate(cut_passages(article), start=1)
        )

    @property
    def sentences(self) -> list[str]:
        """Every sentence of the article, in order."""
        return [piece.passage.sentence(span) for piece in self.evidence for span in piece.passage.sentences]

    def judge(self, text: str) -> Judgement:
        """Check a text of one or more sentences.

        `kept` comes from the door that a model's draft goes through, without marks; the score from the article's
        sentences that cover each claim best.
        """
        from rag.answering.citing import checked_draft

        claims = [text[span.start : span.end] for span in split_sentences(text)] or [text]
        start = time.perf_counter()
        drafts = [checked_draft(claim, self.evidence, check=self._check) for claim in claims]
        seconds = (time.perf_counter() - start) / len(claims)
        sentences = self.sentences
        quotes = [covering(claim, sentences) for claim in claims]
        verdicts = self._check.check(
            [(claim, [CitedQuote(text=quote) for quote in held]) for claim, held in zip(claims, quotes, strict=True)]
        )
        return Judgement(
            kept=all(draft.sentences and not draft.removed for draft in drafts),
            score=min(verdict.support for verdict in verdicts),
            overlap=min(shared_words(claim, held) for claim, held in zip(claims, quotes, strict=True)),
            reason=next((removed.reason for draft in drafts for removed in draft.removed), ""),
            seconds=seconds,
        )


def covering(claim: str, sentences: Sequence[str], count: int = QUOTES) -> list[str]:
    """The sentences that together hold most of the claim's content words: each adds the most to those before it."""
    from rag.text.search_terms import content_terms

    missing = set(content_terms(claim))
    left = {text: frozenset(content_terms(text)) for text in sentences}
    chosen: list[str] = []
    while left and len(chosen) < count:
        best = max(left, key=lambda text: len(missing & left[text]))
        if chosen and not missing & left[best]:
            break
        chosen.append(best)
        missing -= left.pop(best)
    return chosen


def shared_words(claim: str, quotes: Sequence[str]) -> float:
    """Share of the claim's content words, stemmed, that stand in the quotes; 0 for a claim without one."""
    from rag.text.search_terms import content_terms

    wanted = set(content_terms(claim))
    held = {term for quote in quotes for term in content_terms(quote)}
    return len(wanted & held) / len(wanted) if wanted else 0.0


def support_scores(judgement: Judgement, *, is_supported: bool) -> dict[str, float | None]:
    """The columns of one judged text."""
    return {
        "kept_supported": float(judgement.kept) if is_supported else None,
        "removed_unsupported": None if is_supported else float(not judgement.kept),
        "score": judgement.score,
        "overlap": judgement.overlap,
        "supported": float(is_supported),
        "milliseconds": judgement.seconds * 1000,
    }


def support_estimates() -> dict[str, Estimate]:
    """Balanced accuracy of keeping and removing, AUROC of the score, both recalls, the baseline, and the time."""
    from eval.metrics.estimates import Estimate, mean_of

    return {
        "balanced_accuracy": Estimate(statistic="balanced accuracy", columns=("kept_supported", "removed_unsupported")),
        "auroc": Estimate(statistic="auroc", columns=("score", "supported")),
        **mean_of("kept_supported", "removed_unsupported"),
        "overlap_auroc": Estimate(statistic="auroc", columns=("overlap", "supported")),
        **mean_of("milliseconds"),
    }
