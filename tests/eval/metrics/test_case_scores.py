"""What counts as found and as shown, on a library of three articles."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from eval.cases import locate
from eval.metrics.case_scores import Observation, score_case, scores_by_metric
from rag.types import Answer, Article, Citation
from tests.eval.fakes import ARTICLES, BRIDGE, CLOSED, COPY, COST, CRACKS, FERRY, make_answer, make_case, make_evidence

BY_URL = {article.ref.url: article for article in ARTICLES}
Quote = tuple[Article, str]


def observed(
    facts: Sequence[Quote], answer: Answer, *, also_fine: Sequence[Quote] = (), inexact: tuple[Citation, ...] = ()
) -> Observation:
    (located,) = locate([make_case(*facts, also_fine=also_fine)], BY_URL)
    return Observation(located=located, answer=answer, inexact=inexact, seconds=0.1)


def test_a_quote_is_right_where_it_is_a_fact_or_also_fine() -> None:
    answer = make_answer((BRIDGE, CRACKS), (BRIDGE, CLOSED), (BRIDGE, COST))
    scores = score_case(observed([(BRIDGE, CRACKS)], answer, also_fine=[(BRIDGE, CLOSED)]))
    assert scores["quote_precision"] == pytest.approx(2 / 3)
    assert scores["quote_recall"] == 1.0


def test_each_fact_is_recalled_by_itself() -> None:
    scores = score_case(observed([(BRIDGE, CRACKS), (BRIDGE, COST)], make_answer((BRIDGE, COST))))
    assert (scores["quote_precision"], scores["quote_recall"]) == (1.0, 0.5)


def test_the_same_sentence_in_a_wire_copy_counts() -> None:
    scores = score_case(observed([(BRIDGE, CRACKS)], make_answer((COPY, CRACKS))))
    assert (scores["quote_precision"], scores["quote_recall"]) == (1.0, 1.0)


def test_marks_around_a_sentence_and_a_neighbour_quoted_with_it_do_not_matter_but_half_of_it_does() -> None:
    without_stop = score_case(observed([(BRIDGE, COST)], make_answer((BRIDGE, COST.removesuffix(".")))))
    with_neighbour = score_case(observed([(BRIDGE, COST)], make_answer((BRIDGE, f"{CRACKS} {COST}"))))
    half = score_case(observed([(BRIDGE, COST)], make_answer((BRIDGE, "Repairs will cost"))))
    assert without_stop["quote_precision"] == 1.0
    assert with_neighbour["quote_precision"] == 1.0
    assert half["quote_precision"] == 0.0


def test_a_refusal_shows_no_fact_and_has_no_precision() -> None:
    scores = score_case(observed([(BRIDGE, COST)], make_answer()))
    assert (scores["quote_precision"], scores["quote_recall"], scores["exact_quotes"]) == (None, 0.0, None)
    assert (scores["outcome_accuracy"], scores["cost"]) == (0.0, 1.0)


def test_an_answer_to_what_cannot_be_answered_is_wrong_throughout() -> None:
    scores = score_case(observed([], make_answer((FERRY, "It is free for cyclists."))))
    assert (scores["quote_precision"], scores["quote_recall"], scores["cost"]) == (0.0, None, 3.0)
    assert (scores["abstention_recall"], scores["mrr_at_10"]) == (0.0, None)


def test_an_answer_without_one_right_quote_misleads() -> None:
    assert score_case(observed([(BRIDGE, COST)], make_answer((FERRY, "It is free for cyclists."))))["cost"] == 3.0


def test_an_inexact_citation_is_counted() -> None:
    answer = make_answer((BRIDGE, COST), (BRIDGE, CRACKS))
    scores = score_case(observed([(BRIDGE, COST)], answer, inexact=answer.citations[1:]))
    assert scores["exact_quotes"] == 0.5


def test_retrieval_is_scored_by_passage_and_by_article_in_the_order_of_the_evidence() -> None:
    answer = make_answer((BRIDGE, COST), evidence=make_evidence(FERRY, BRIDGE))
    scores = score_case(observed([(BRIDGE, COST), (BRIDGE, CRACKS)], answer))
    assert (scores["passage_recall_at_1"], scores["passage_recall_at_5"], scores["mrr_at_10"]) == (0.0, 1.0, 0.5)
    assert (scores["article_recall_at_1"], scores["article_recall_at_5"]) == (0.0, 1.0)


def test_a_passage_of_a_copy_holds_the_facts_that_it_repeats_and_its_article_counts_for_the_original() -> None:
    answer = make_answer((COPY, CRACKS), evidence=make_evidence(COPY, copies=[BRIDGE]))
    scores = score_case(observed([(BRIDGE, CRACKS), (BRIDGE, COST)], answer))
    assert scores["passage_recall_at_1"] == 0.5
    assert scores["article_recall_at_1"] == 1.0


def test_scores_are_gathered_by_metric_in_the_order_of_the_cases() -> None:
    assert scores_by_metric([{"a": 1.0, "b": None}, {"a": 0.0, "b": 0.5}]) == {"a": [1.0, 0.0], "b": [None, 0.5]}
