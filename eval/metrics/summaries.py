"""What is measured of a summary: likeness to a reference, citations, support, repetition and length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eval.metrics.rouge import rouge
from rag.checking.check import check_sentence
from rag.summaries.summary_types import Summary

if TYPE_CHECKING:
    from rag.desk import Desk

ROUGE = ("rouge_1", "rouge_2", "rouge_l")
SHOWN = ("cited_share", "supported_share", "redundancy", "length_kept")
COLUMNS = (*ROUGE, *SHOWN)


def scores(desk: Desk, summary: Summary, reference: str) -> dict[str, float | None]:
    """Every measure of one summary: ROUGE against a reference, and `shown_scores`."""
    text = " ".join(sentence.text for sentence in summary.sentences)
    return {**rouge_scores(text, reference), **shown_scores(desk, summary)}


def shown_scores(desk: Desk, summary: Summary) -> dict[str, float | None]:
    """What needs no reference; only `length_kept` applies to a summary without sentences.

    `cited_share`: sentences that cite only exact quotes of their articles. `supported_share`: sentences that the check
    of answers lets through. `redundancy`: the highest cosine of a sentence to another, on average (from two sentences
    on; lower is better). `length_kept`: whether the summary is as long as asked for, or shorter.
    """
    texts = [sentence.text for sentence in summary.sentences]
    return {
        "cited_share": _share([_is_cited(desk, summary, number) for number in range(len(texts))]),
        "supported_share": _share([_is_supported(summary, number) for number in range(len(texts))]),
        "redundancy": _redundancy(desk, texts),
        "length_kept": float(summary.length.holds(texts)),
    }


def rouge_scores(text: str, reference: str) -> dict[str, float]:
    """ROUGE F by the names of `ROUGE`."""
    found = rouge(text, reference)
    return {"rouge_1": found.rouge_1, "rouge_2": found.rouge_2, "rouge_l": found.rouge_l}


def _is_cited(desk: Desk, summary: Summary, number: int) -> bool:
    quotes = [quote for quote in summary.citations if quote.marker in summary.sentences[number].citations]
    return bool(quotes) and all(
        desk.article(quote.article.id).text[quote.start : quote.end] == quote.quote for quote in quotes
    )


def _is_supported(summary: Summary, number: int) -> bool:
    sentence = summary.sentences[number]
    quotes = [quote.quote for quote in summary.citations if quote.marker in sentence.citations]
    return check_sentence(sentence.text, quotes).supported


def _redundancy(desk: Desk, texts: list[str]) -> float | None:
    if len(texts) < 2:
        return None
    vectors = desk.library.embedder.embed_passages(texts)
    alike = vectors @ vectors.T
    np.fill_diagonal(alike, -1.0)
    return float(alike.max(axis=1).mean())


def _share(flags: list[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None
