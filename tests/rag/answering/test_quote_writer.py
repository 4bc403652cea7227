"""Quotes: enough, not too many, none twice, in an order that reads, with who said it and when."""

from __future__ import annotations

import numpy as np

from ingest.preparing.chunking import cut_passages
from rag.answering.answer_selection import select_quotes
from rag.answering.quote_writer import attribution, in_quotation_marks, quoted
from rag.answering.sentence_scoring import Candidate, Weights
from rag.testing import make_article
from rag.types import Article, Evidence, Question, Span
from tests.rag.makers import BRIDGE, STRIKE, UNDATED

WEIGHTS = Weights(
    bias=0.0,
    weights={},
    answer_thresholds={"other": 0.2, "why": 0.1},
    further_share=0.6,
    reasons_share=0.3,
    confidence={"slope": 1.0, "intercept": 0.0},
    sure=0.8,
)


def candidate(article: Article, sentence: int, probability: float, *, direction: int | None = None) -> Candidate:
    """`direction` makes the sentence's vector: the same number means the same meaning."""
    passage = cut_passages(article)[0]
    span: Span = passage.sentences[sentence]
    vector = np.zeros(8, dtype=np.float32)
    vector[sentence if direction is None else direction] = 1.0
    return Candidate(
        evidence=Evidence(passage=passage, score=1.0, rank=1),
        span=span,
        text=passage.sentence(span),
        probability=probability,
        vector=vector,
    )


def texts(kind: str, *ranked: Candidate, limit: int = 5) -> list[float]:
    return [c.probability for c in select_quotes(Question(text=kind), ranked, limit=limit, weights=WEIGHTS)]


def test_nothing_is_shown_below_the_threshold() -> None:
    assert texts("What happened?", candidate(BRIDGE, 0, 0.19)) == []
    assert texts("What happened?") == []


def test_further_sentences_must_come_near_the_best_one() -> None:
    ranked = (candidate(BRIDGE, 0, 0.9), candidate(BRIDGE, 1, 0.6), candidate(BRIDGE, 2, 0.5))
    assert texts("What happened?", *ranked) == [0.9, 0.6]


def test_a_why_gathers_more_reasons_and_has_its_own_threshold() -> None:
    ranked = (candidate(BRIDGE, 0, 0.9), candidate(BRIDGE, 1, 0.6), candidate(BRIDGE, 2, 0.5))
    assert texts("Why?", *ranked) == [0.9, 0.6, 0.5]
    assert texts("Why?", candidate(BRIDGE, 0, 0.15)) == [0.15]


def test_the_limit_holds_and_no_sentence_says_the_same_again() -> None:
    ranked = (candidate(BRIDGE, 0, 0.9), candidate(BRIDGE, 0, 0.8), candidate(BRIDGE, 1, 0.7))
    assert texts("What happened?", *ranked) == [0.9, 0.7]
    assert texts("What happened?", *ranked, limit=1) == [0.9]


def test_several_reasons_of_one_article_stand_before_a_stray_sentence_of_another() -> None:
    _, citations = quoted([candidate(STRIKE, 2, 0.9), candidate(BRIDGE, 1, 0.6), candidate(BRIDGE, 0, 0.5)])
    assert [citation.article.outlet for citation in citations] == ["Evening Mail", "Evening Mail", "Harbour Post"]


def test_articles_come_by_what_they_answer_and_sentences_in_the_article_s_order() -> None:
    sentences, citations = quoted([candidate(STRIKE, 2, 0.9), candidate(BRIDGE, 1, 0.8), candidate(STRIKE, 0, 0.7)])
    assert [citation.article.outlet for citation in citations] == ["Harbour Post", "Harbour Post", "Evening Mail"]
    assert [citation.marker for citation in citations] == [1, 2, 3]
    assert citations[0].start < citations[1].start
    assert [sentence.lead_in for sentence in sentences] == [
        "Harbour Post, 11 June 2024:",
        "",
        "Evening Mail, 6 May 2024:",
    ]


def test_attribution_says_what_is_known() -> None:
    assert attribution(UNDATED.ref) == ""
    assert attribution(make_article("It rains.", outlet="Mail").ref) == "Mail:"


def test_a_quote_with_its_own_marks_gets_no_second_pair() -> None:
    assert in_quotation_marks("“Yes,” she said.") == "“Yes,” she said."
    assert in_quotation_marks("She said yes.") == "“She said yes.”"
