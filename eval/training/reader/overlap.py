"""Fits the constants of `rag.retrieval.overlap_reader`: `python -m eval train overlap --data DIR...` prints them.

The weight of coverage beside cosine is chosen on the training half, calibration and thresholds on the development half.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.training.news import NewsArticle, read_articles, read_questions
from eval.training.reader.constants import reader_constants
from eval.training.reader.export import decisions
from eval.training.reader.figures import Evidence, Scorer, news_figures, passages_of
from eval.training.reader.training import evidence_for
from eval.training.sources import Sources
from rag.models.load_embedder import open_embedder
from rag.models.reader.reader import PassageLogits
from rag.models.reader.windows import ReadPassage
from rag.retrieval.overlap_reader import OverlapReader, Rarity
from rag.settings import Settings
from rag.storage.indexes.bm25 import rarity_of
from rag.text.search_terms import content_terms

COVERAGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2)
QUESTIONS_FITTED = 800


def fit_overlap(sources: Sources, *, cache: Path) -> dict[str, Any]:
    """The constants, and the development half's figures beside them."""
    articles = read_articles(sources)
    rarity = rarity_in(articles)
    held = read_questions(sources.questions_dev, articles)
    kept_out = {question.article for question in held}
    asked = [q for q in read_questions(sources.questions, articles) if q.article not in kept_out]
    fitted = evidence_for(asked[:: max(1, len(asked) // QUESTIONS_FITTED)], articles, cache)
    tried = {share: _sentence_at_1(fitted, rarity, share) for share in COVERAGES}
    coverage = max(tried, key=lambda share: tried[share])
    found, passages = passages_of(evidence_for(held, articles, cache), scorer(rarity, coverage))
    constants = reader_constants(found, passages)
    shown = decisions(found, constants)
    return {"coverage": coverage, "tried": tried, **constants, "figures": news_figures(found) | shown}


def _sentence_at_1(evidence: Sequence[Evidence], rarity: Rarity, coverage: float) -> float:
    found, _ = passages_of(evidence, scorer(rarity, coverage))
    return news_figures(found)["sentence_at_1"]


def scorer(rarity: Rarity, coverage: float) -> Scorer:
    """The overlap reader's scores in the place of a network's logits."""
    reader = OverlapReader(open_embedder(Settings()), rarity, coverage=coverage)

    def scored(pairs: Sequence[tuple[str, ReadPassage]]) -> list[PassageLogits]:
        return [
            PassageLogits(sentences=tuple(reader.scores(question, passage.sentences)), nothing=0.0)
            for question, passage in pairs
        ]

    return scored


def rarity_in(articles: Mapping[str, NewsArticle]) -> Rarity:
    """How rare terms are among the articles' passages, as a library over them would say."""
    counts: Counter[str] = Counter()
    total = 0
    for article in articles.values():
        for cut in article.passages():
            total += 1
            counts.update(set(content_terms(" ".join(cut.passage().sentences))))

    def rarity(terms: Iterable[str]) -> dict[str, float]:
        return {term: rarity_of(counts[term], total) for term in terms}

    return rarity
