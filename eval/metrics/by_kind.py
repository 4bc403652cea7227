"""The figures of a set for each kind of case by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from eval.metrics.estimates import Cases, Estimate, estimated
from eval.metrics.per_case import Metric


def estimated_by_kind(
    estimates: Mapping[str, Estimate], cases: Cases, *, negative_kind: str = "", against_negatives: Collection[str] = ()
) -> dict[str, dict[str, Metric]]:
    """Kind -> its figures, the kinds in the order in which they appear; every case names its "kind".

    The figures `against_negatives` tell a kind from the cases of the `negative_kind`, which count beside its own.
    """
    apart = {name: estimate for name, estimate in estimates.items() if name in against_negatives}
    own = {name: estimate for name, estimate in estimates.items() if name not in against_negatives}
    found = {}
    for kind in dict.fromkeys(case["kind"] for case in cases):
        of_kind = [case for case in cases if case["kind"] == kind]
        both = [case for case in cases if case["kind"] in (kind, negative_kind)]
        figures = estimated(own, of_kind) | estimated(apart, both)
        found[kind] = {name: figures[name] for name in estimates if name in figures}
    return found
