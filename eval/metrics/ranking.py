"""Measures on one ranked list beside those of `metrics`: `found[i]` are the facts in the result at rank i + 1.

They are few lines each and held against ir-measures in the tests, so that a run needs no further package.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet


def success_at_k(found: Sequence[AbstractSet[int]], wanted: int, k: int) -> float | None:
    """1 where any of the first `k` results holds a fact, else 0: TREC's success@k, Hits@k of MultiHop-RAG.

    Voorhees, Overview of the TREC 2005 Robust Retrieval Track. Does not apply where nothing is wanted.
    """
    return float(any(found[:k])) if wanted else None


def all_found_at_k(found: Sequence[AbstractSet[int]], wanted: int, k: int) -> float | None:
    """1 where the first `k` results together hold every fact, else 0. Does not apply where nothing is wanted."""
    return float(len(set().union(*found[:k])) == wanted) if wanted else None


def official_average_precision(found: Sequence[AbstractSet[int]], wanted: int, k: int = 10) -> float | None:
    """What MultiHop-RAG calls average precision (github.com/yixuantt/MultiHop-RAG, retrieval_evaluate.py).

    The sum over ranks of the number of facts first found there divided by the rank, over min(wanted, 10). It differs
    from average precision: the numerator is not cumulative, so that a perfect ranking with one of n facts a result
    scores only (1 + 1/2 + ... + 1/n) / n. As upstream, eleven results are looked at, and the cut-off of 10 stands only
    in the divisor.
    """
    if not wanted:
        return None
    seen: set[int] = set()
    total = 0.0
    for rank, facts in enumerate(found[: k + 1], start=1):
        total += len(facts - seen) / rank
        seen |= facts
    return total / min(wanted, k)
