"""Measures on a ranked list, worked by hand and held against ir-measures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.per_case import recall_at_k, reciprocal_rank
from eval.metrics.ranking import all_found_at_k, official_average_precision, success_at_k

NOTHING: frozenset[int] = frozenset()


def ranking(*facts: set[int]) -> list[frozenset[int]]:
    return [frozenset(held) for held in facts]


def test_success_needs_any_fact_and_all_found_needs_every_one() -> None:
    found = ranking(set(), {1}, {0, 1}, {2})
    assert [success_at_k(found, 3, k) for k in (1, 2, 10)] == [0, 1, 1]
    assert [all_found_at_k(found, 3, k) for k in (3, 4)] == [0, 1]


def test_nothing_wanted_gives_no_score() -> None:
    assert success_at_k([NOTHING], 0, 1) is None
    assert all_found_at_k([NOTHING], 0, 1) is None
    assert official_average_precision([NOTHING], 0) is None


@pytest.mark.parametrize(("facts", "perfect"), [(2, 0.75), (3, 0.6111), (4, 0.5208)])
def test_the_official_precision_of_a_perfect_ranking_is_below_one(facts: int, perfect: float) -> None:
    found = ranking(*({fact} for fact in range(facts)))
    assert official_average_precision(found, facts) == pytest.approx(perfect, abs=1e-4)


def test_the_official_precision_counts_new_facts_only_and_looks_at_eleven_results() -> None:
    # ranks: 2 has one of two facts, 3 has it again and the other, 11 has a third: 1/2 + 1/3 + 1/11, over 3
    found = ranking(set(), {0}, {0, 1}, *[set[int]()] * 7, {2}, {3})
    assert official_average_precision(found, 3) == pytest.approx((1 / 2 + 1 / 3 + 1 / 11) / 3)
    assert official_average_precision(ranking({0, 1}), 2) == 1


@given(st.lists(st.booleans(), min_size=1, max_size=15), st.integers(1, 12))
def test_the_measures_agree_with_ir_measures(relevant: list[bool], k: int) -> None:
    measures = pytest.importorskip("ir_measures")
    names = [f"d{rank:02}" for rank in range(len(relevant))]
    held = [frozenset([i]) if flag else NOTHING for i, flag in enumerate(relevant)]
    qrels = {"q": {name: 1 for name, flag in zip(names, relevant, strict=True) if flag} or {"elsewhere": 1}}
    run = {"q": {name: float(-rank) for rank, name in enumerate(names)}}
    success, rr, recall = measures.Success @ k, measures.RR @ k, measures.R @ k
    theirs = measures.calc_aggregate([success, rr, recall], qrels, run)
    wanted = len(qrels["q"])
    assert success_at_k(held, wanted, k) == theirs[success]
    assert reciprocal_rank(held, wanted, k) == pytest.approx(theirs[rr])
    assert recall_at_k(held, wanted, k) == pytest.approx(theirs[recall])
