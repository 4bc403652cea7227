"""Quotes: enough, not too many, none twice, in an order that reads, with who said it and when."""

from __future__ import annotations

from ingest.preparing.chunking import cut_passages
from rag.answering.answer_selection import select_quotes
from rag.answering.quote_writer import attribution, in_quotation_marks, quoted
from rag.answering.sentence_reading import Candidate, EvidenceReading
from rag.models.hashing_embedder import HashingEmbedder
from rag.testing import make_article
from rag.types import Article, Evidence
from tests.rag.makers import BRIDGE, STRIKE, UNDATED


def candidate(article: Article, sentence: int, probability: float) -> Candidate:
    passage = cut_passages(article)[0]
    span = passage.sentences[sentence]
    return Candidate(
        evidence=Evidence(passage=passage, score=1.0, rank=1),
        span=span,
        text=passage.sentence(span),
        score=probability,
        probability=probability,
    )


def shown(*ranked: Candidate, limit: int = 5, answers: bool = True) -> list[float]:
    reading = EvidenceReading(ranked=ranked, confidence=0.5, answers=answers, is_sure=False, shown_within=0.4)
    return [one.probability for one in select_quotes(HashingEmbedder(), reading, limit=limit)]


def test_nothing_is_shown_where_the_reader_finds_no_answer() -> None:
    assert shown(candidate(BRIDGE, 0, 0.9), answers=False) == []


def test_the_best_sentence_is_shown_and_those_that_come_near_it_too() -> None:
    assert shown(candidate(BRIDGE, 0, 0.9)) == [0.9]
    assert shown(candidate(BRIDGE, 0, 0.9), candidate(BRIDGE, 1, 0.6), candidate(BRIDGE, 2, 0.4)) == [0.9, 0.6]


def test_the_limit_holds_and_no_sentence_says_the_same_again() -> None:
    ranked = (candidate(BRIDGE, 0, 0.9), candidate(BRIDGE, 0, 0.8), candidate(BRIDGE, 1, 0.7))
    assert shown(*ranked) == [0.9, 0.7]
    assert shown(*ranked, limit=1) == [0.9]


def test_a_sentence_with_another_figure_is_shown_however_alike_it_is() -> None:
    counted = make_article("The mill lost 40 of its workers this week. The mill lost 50 of its workers this week.")
    assert shown(candidate(counted, 0, 0.9), candidate(counted, 1, 0.8)) == [0.9, 0.8]


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
