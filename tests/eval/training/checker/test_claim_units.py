from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from eval.training.checker.claim_units import ClaimUnits
from eval.training.checker.claims import Twins
from eval.training.checker.figures import best_threshold, checker_figures
from rag.models.checker.rows import CitedQuote

ONE = Twins(
    id="c1",
    article="a1",
    claim="According to Anna Bell, 12 people saw Bert Cole leave.",
    context="Anna Bell is mayor.",
    supporting="Mayor Anna Bell said 12 people had seen Bert Cole leave.",
    failing="Mayor Anna Bell said 2 people had seen Bert Cole leave.",
    kind="reported",
    as_written=True,
    outlet="Wire",
    published=date(2020, 1, 15),
)
OTHER = replace(
    ONE, id="c2", claim="Carl Dorn and Emma Fall agreed.", supporting="They agreed.", failing="They did not."
)
UNITS = ClaimUnits([ONE, OTHER])


def test_a_name_becomes_another_in_claim_and_both_sources() -> None:
    changed = {UNITS.renamed(ONE, random.Random(seed)) for seed in range(40)} - {ONE}

    assert changed
    for twins in changed:
        new = next(name for name in ("Carl Dorn", "Emma Fall") if name in twins.claim)
        assert new in twins.supporting
        assert new in twins.failing


def test_a_broken_source_says_another_number_or_name_than_the_claim() -> None:
    broken = [found for seed in range(40) if (found := UNITS.broken(ONE, random.Random(seed)))]

    assert broken
    for twins in broken:
        assert twins.supporting == ONE.supporting
        assert twins.failing != ONE.supporting
        assert sum(part not in twins.failing for part in ("12", "Anna Bell", "Bert Cole")) == 1


def test_a_miscited_claim_gets_the_source_of_another_claim_of_its_article() -> None:
    found = UNITS.miscited(ONE, random.Random(1))

    assert found is not None
    assert (found.claim, found.supporting, found.failing) == (ONE.claim, ONE.supporting, "They agreed.")


def test_the_written_pair_is_always_drawn() -> None:
    assert all(UNITS.draw(ONE, random.Random(seed))[0].twins.kind == "reported" for seed in range(10))


def test_figures_of_a_scorer_that_counts_shared_words() -> None:
    def shared(claims: list[tuple[str, list[CitedQuote]]]) -> list[float]:
        return [float(len(set(claim.split()) & set(quotes[0].text.split()))) for claim, quotes in claims]

    figures = checker_figures([ONE], shared)  # type: ignore[arg-type]

    assert figures["twin_order_right"] == 1.0
    assert figures["both_twins_right"] == 1.0
    assert figures["auroc"] == 1.0


def test_the_threshold_keeps_enough_of_what_is_supported() -> None:
    good, bad = [float(i) for i in range(100)], [float(i) - 5 for i in range(100)]

    at = best_threshold(good, bad, least_kept=0.9)

    assert sum(score >= at for score in good) >= 90


def test_a_turned_sentence_fails_its_edited_self() -> None:
    turned = [found for seed in range(40) if (found := UNITS.turned(ONE, random.Random(seed)))]

    assert turned
    for twins in turned:
        assert twins.claim in twins.supporting
        assert twins.failing != twins.supporting
