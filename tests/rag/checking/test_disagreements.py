"""Disagreements between outlets: which figures and denials are told, and everything that explains a difference."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.datasets.ours.disagreements import FILE, Pair
from eval.datasets.rows import read_rows
from rag.checking.disagreements import disagreements
from rag.text.quantities import Quantity, quantities
from rag.types import ArticleRef, Citation

PAIRS = read_rows(FILE, Pair)[0]
DEVELOPMENT = [pair for pair in PAIRS if pair.half == "development"]
MORNING = datetime.fromisoformat("2024-05-06T09:00:00+00:00")
TWELVE = "The landslide killed 12 people in the village of Ostrel."
FIFTEEN = "The landslide killed 15 people in the village of Ostrel."


def quote(text: str, outlet: str, *, hours: float = 0, article: str = "", copies: tuple[str, ...] = ()) -> Citation:
    ref = ArticleRef(id=article or f"{outlet}-{hours}", outlet=outlet, published=MORNING + timedelta(hours=hours))
    carriers = tuple(ArticleRef(id=name) for name in copies)
    return Citation(marker=1, article=ref, start=0, end=len(text), quote=text, copies=carriers)


def one_figure(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


@pytest.mark.parametrize("pair", DEVELOPMENT, ids=lambda pair: f"{pair.id}-{pair.why}")
def test_a_shipped_pair_is_told_or_not_told_as_it_should_be(pair: Pair) -> None:
    assert bool(disagreements([pair.one.as_citation(1), pair.other.as_citation(2)])) == pair.differ


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.id}-{pair.why}")
def test_the_order_of_the_two_quotes_changes_nothing(pair: Pair) -> None:
    there = disagreements([pair.one.as_citation(1), pair.other.as_citation(2)])
    back = disagreements([pair.other.as_citation(2), pair.one.as_citation(1)])
    assert [(one.values, one.kind) for one in there] == [(two.values[::-1], two.kind) for two in back]


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if not pair.differ], ids=lambda pair: f"{pair.id}-{pair.why}")
def test_no_shipped_pair_is_told_wrongly(pair: Pair) -> None:
    assert disagreements([pair.one.as_citation(1), pair.other.as_citation(2)]) == ()


def test_a_disagreement_holds_both_quotes_and_both_figures_as_written() -> None:
    one, other = quote(TWELVE, "Harbour Post"), quote(FIFTEEN, "Evening Mail")
    (found,) = disagreements([one, other])
    assert (found.kind, found.values, found.one, found.other) == ("figure", ("12", "15"), one, other)


def test_a_denial_has_no_figures() -> None:
    (found,) = disagreements(
        [
            quote("The minister signed the order to close the Dray mill.", "Harbour Post"),
            quote("The minister never signed the order to close the Dray mill.", "Evening Mail"),
        ]
    )
    assert (found.kind, found.values) == ("statement", ("", ""))


def test_an_outlet_that_corrected_itself_disagrees_with_nobody() -> None:
    quotes = [quote(TWELVE, "Harbour Post"), quote(FIFTEEN, "Harbour Post", hours=5), quote(FIFTEEN, "Evening Mail")]
    assert disagreements(quotes) == ()


def test_copies_of_one_text_are_one_source() -> None:
    quotes = [quote(TWELVE, "Harbour Post"), quote(TWELVE, "Lindow Echo"), quote(FIFTEEN, "Evening Mail")]
    assert len(disagreements(quotes)) == 1


def test_an_article_that_carries_the_other_text_is_no_second_source() -> None:
    assert (
        disagreements([quote(TWELVE, "Harbour Post", copies=("mail",)), quote(FIFTEEN, "Evening Mail", article="mail")])
        == ()
    )


def test_a_claim_that_an_outlet_makes_twice_is_told_once() -> None:
    again = "In the village of Ostrel 12 people were killed by the landslide."
    quotes = [quote(TWELVE, "Harbour Post"), quote(again, "Harbour Post"), quote(FIFTEEN, "Evening Mail")]
    assert len(disagreements(quotes)) == 1


def test_a_sentence_that_gives_the_others_figure_as_the_old_one_does_not_disagree() -> None:
    revised = "The landslide killed 15 people in the village of Ostrel, up from 12 people killed in the first count."
    assert disagreements([quote(TWELVE, "Harbour Post"), quote(revised, "Evening Mail")]) == ()


def test_nothing_is_found_in_nothing() -> None:
    assert disagreements([]) == ()


@given(st.integers(2, 90), st.integers(2, 90))
def test_small_counts_disagree_exactly_where_they_differ(one: int, other: int) -> None:
    texts = (f"The landslide killed {number} people in the village of Ostrel." for number in (one, other))
    first, second = (quote(text, outlet) for text, outlet in zip(texts, ("Harbour Post", "Evening Mail"), strict=True))
    assert bool(disagreements([first, second])) == (one != other)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("It killed 12 people.", 12, 12),
        ("It killed at least 12 people.", 12, math.inf),
        ("It killed fewer than 12 people.", -math.inf, 12),
        ("It killed about 1,200 people.", 1080, 1320),
        ("It killed between 30 and 40 people.", 30, 40),
        ("It killed 30 to 40 people.", 30, 40),
        ("It cost 2 to 3 million people their homes.", 2_000_000, 3_000_000),
        ("It cost $25 million.", 24_510_000, 25_490_000),
        ("It cost $2.5 million.", 2_451_000, 2_549_000),
        ("It killed 1,150 people.", 1145.1, 1154.9),
    ],
)
def test_a_figure_allows_what_its_writing_allows(text: str, low: float, high: float) -> None:
    found = one_figure(text)
    assert [found.low, found.high] == pytest.approx([low, high])


@pytest.mark.parametrize(
    "text",
    ["It happened in 2019.", "They won 3-1.", "The driver, 34, left.", "A 34-year-old driver left.",
     "It was the third fire.", "Dozens left.", "They met on 5 November 2024."],
)  # fmt: skip
def test_years_scores_ages_ordinals_and_dates_are_no_counts(text: str) -> None:
    assert quantities(text) == ()


def test_what_is_counted_is_the_noun_behind_the_figure() -> None:
    assert one_figure("The flood destroyed 60 houses in Korrin.").things == {"hous"}


def test_peoples_are_counted_apart() -> None:
    assert not one_figure("Thirteen Israelis died.").is_same_thing(one_figure("Thirty Palestinians died."))


def test_a_change_is_not_held_against_a_level() -> None:
    assert one_figure("Pay rose by 3%.").is_change
    assert not one_figure("Pay rose to 3%.").is_change


def test_a_sentence_that_begins_with_a_pronoun_is_held_against_nothing() -> None:
    quotes = [
        quote("His bond was set at $200,000 in Almar.", "A"),
        quote("His bond was set at $100,000 in Almar.", "B"),
    ]
    assert disagreements(quotes) == ()


def test_another_deed_counts_another_thing() -> None:
    assert not one_figure("The rebels freed 14 hostages.").is_same_thing(one_figure("The rebels hold 30 hostages."))


def test_a_sentence_that_knows_both_figures_does_not_disagree() -> None:
    both = "The fire service said at first that 22 people died in the Almar crash, then lowered the toll to 16."
    assert disagreements([quote(both, "A"), quote("The Almar crash killed 16 people.", "B")]) == ()
