"""Measures of one marked question, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.cases import GoldSpan
from eval.metrics.question_scores import MarkedQuestion, answer_scores, passage_scores
from rag.types import Article
from tests.eval.fakes import BRIDGE, CLOSED, COPY, COST, CRACKS, FERRY, make_answer, make_evidence


def span(text: str, article: Article = BRIDGE) -> GoldSpan:
    start = article.text.index(text)
    return GoldSpan(article_id=article.ref.id, start=start, end=start + len(text), text=text)


def marked(*facts: str, partial: tuple[str, ...] = ()) -> MarkedQuestion:
    return MarkedQuestion(
        article_id="bridge",
        facts=tuple((span(fact),) for fact in facts),
        partial=tuple(span(text) for text in partial),
    )


def test_passages_count_for_the_article_and_for_the_sentence() -> None:
    found = passage_scores(marked(COST), make_evidence(FERRY, BRIDGE))
    assert found == {"article_at_1": 0, "article_at_10": 1, "passage_at_5": 1}
    assert passage_scores(marked(COST), make_evidence(FERRY))["passage_at_5"] == 0


def test_a_sentence_that_answers_counts_in_another_article_too() -> None:
    assert passage_scores(marked(CLOSED), make_evidence(COPY))["article_at_1"] == 1
    assert passage_scores(marked(COST), make_evidence(COPY))["article_at_1"] == 0
    assert passage_scores(marked(COST), make_evidence(FERRY, copies=[BRIDGE]))["article_at_1"] == 1


def test_passages_say_nothing_of_a_question_that_cannot_be_answered() -> None:
    assert set(passage_scores(marked(), make_evidence(BRIDGE)).values()) == {None}


def test_a_shown_answer_is_scored_by_its_quotes() -> None:
    answer = make_answer((BRIDGE, CLOSED), (BRIDGE, COST), (FERRY, "It is free for cyclists."))
    found = answer_scores(marked(COST, CRACKS, partial=(CLOSED,)), replace(answer, confidence=0.7, doubt="Read it."))
    assert found["shown_right"] == found["right"] == 1
    assert found["fact_recall"] == 0.5
    assert found["first_right"] == 0
    assert found["quote_precision"] == pytest.approx(1 / 3)
    assert found["quote_precision_with_partial"] == pytest.approx(2 / 3)
    assert (found["wrongly_refused"], found["refused_unanswerable"], found["cost"]) == (0, None, 0)
    assert (found["confidence"], found["doubt_on_right"], found["doubt_on_wrong"]) == (0.7, 1, None)


def test_the_same_sentence_of_another_article_is_right() -> None:
    found = answer_scores(marked(CLOSED), make_answer((COPY, CLOSED)))
    assert found["shown_right"] == found["first_right"] == found["quote_precision"] == 1


def test_partial_sentences_alone_mislead() -> None:
    found = answer_scores(marked(COST, partial=(CLOSED,)), make_answer((BRIDGE, CLOSED)))
    assert (found["shown_right"], found["right"], found["cost"]) == (0, 0, 3)
    assert found["quote_precision_with_partial"] == 1
    assert (found["doubt_on_right"], found["doubt_on_wrong"]) == (None, 0)


def test_a_refusal_finds_no_fact() -> None:
    found = answer_scores(marked(COST), make_answer())
    assert (found["wrongly_refused"], found["shown_right"], found["fact_recall"], found["cost"]) == (1, 0, 0, 1)
    shown = ("first_right", "quote_precision", "quote_precision_with_partial", "confidence", "right", "doubt_on_wrong")
    assert {found[name] for name in shown} == {None}


def test_whatever_is_shown_for_an_unanswerable_question_is_wrong() -> None:
    near_miss = marked(partial=(CLOSED,))
    found = answer_scores(near_miss, make_answer((BRIDGE, CLOSED)))
    assert (found["refused_unanswerable"], found["cost"], found["first_right"]) == (0, 3, 0)
    assert found["quote_precision"] == found["quote_precision_with_partial"] == 0
    assert (found["wrongly_refused"], found["shown_right"], found["fact_recall"]) == (None, None, None)
    refused = answer_scores(near_miss, make_answer())
    assert (refused["refused_unanswerable"], refused["cost"]) == (1, 0)


def test_what_is_told_without_a_quote_is_a_refusal() -> None:
    told = replace(make_answer(), outcome="told", message="There are 36 articles.")
    found = answer_scores(marked(COST), told)
    assert (found["wrongly_refused"], found["cost"], found["first_right"]) == (1, 1, None)
