"""A question is planned by what it names: outlets, days and sides of a comparison."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.search_plan import MAX_SUB_QUESTIONS, asks_for_the_present, period_of, sub_questions
from rag.scope import Scope
from rag.types import Question

OUTLETS = ("Harbour Times", "The Ledger", "Ledger Weekly", "Northern Post - Science", "Fortune", "mag")
NOW = datetime(2024, 6, 19, 12, tzinfo=UTC)


def test_each_outlet_is_asked_for_its_own_clause() -> None:
    question = Question(
        text="Does the Harbour Times report a longer strike at the docks, while The Ledger expects ferries to sail?"
    )
    first, second = sub_questions(question, OUTLETS, NOW)
    assert (first.scope.outlets, second.scope.outlets) == (("Harbour Times",), ("The Ledger",))
    assert "strike" in first.text
    assert "ferries" not in first.text
    assert "ferries" in second.text
    assert "strike" not in second.text


def test_outlets_that_share_a_clause_are_both_asked_the_whole_question() -> None:
    question = Question(text="Which mayor resigned over the bridge, as reported by Harbour Times and The Ledger?")
    parts = sub_questions(question, OUTLETS, NOW)
    assert {part.scope.outlets for part in parts} == {("Harbour Times",), ("The Ledger",)}
    assert all("bridge" in part.text for part in parts)


def test_a_day_in_an_outlets_clause_limits_what_is_searched_of_it() -> None:
    question = Question(text="What did The Ledger report about the dock strike on 5 June 2024?")
    (part,) = sub_questions(question, OUTLETS, NOW)
    assert part.scope.after is not None
    assert part.scope.before is not None
    assert part.scope.after <= datetime(2024, 6, 5, tzinfo=UTC)
    assert part.scope.before >= datetime(2024, 6, 5, 23, 59, tzinfo=UTC)
    assert part.scope.before < datetime(2024, 6, 7, tzinfo=UTC)


def test_the_longest_name_wins_and_a_name_without_its_section_is_enough() -> None:
    (weekly,) = sub_questions(Question(text="What does Ledger Weekly say about the strike?"), OUTLETS, NOW)
    assert weekly.scope.outlets == ("Ledger Weekly",)
    (post,) = sub_questions(Question(text="What does the Northern Post say about the comet?"), OUTLETS, NOW)
    assert post.scope.outlets == ("Northern Post - Science",)


@pytest.mark.parametrize(
    "text",
    ["Which Fortune 500 firms moved?", "Who leads Fortune Brands?", "A fortune was lost; where?", "Which mag won?"],
)
def test_a_word_or_a_longer_name_is_no_outlet(text: str) -> None:
    assert sub_questions(Question(text=text), OUTLETS, NOW) == ()


def test_a_comparison_without_outlets_is_searched_side_by_side() -> None:
    question = Question(text="Did fares on the northern line rise in spring, while wages of train drivers stayed flat?")
    parts = sub_questions(question, (), NOW)
    assert len(parts) == 2
    assert "wages" in parts[1].text
    assert "wages" not in parts[0].text


def test_the_readers_own_limits_stay_in_force() -> None:
    question = Question(
        text="What did Harbour Times and The Ledger report on the dock strike on 5 June 2024?",
        scope=Scope(
            outlets=("The Ledger",),
            after=datetime(2024, 6, 5, tzinfo=UTC),
            before=datetime(2024, 6, 5, 12, tzinfo=UTC),
        ),
    )
    (part,) = sub_questions(question, OUTLETS, NOW)
    assert part.scope.outlets == ("The Ledger",)
    assert part.scope.after == question.scope.after
    assert part.scope.before == question.scope.before
    elsewhere = Question(text=question.text, scope=Scope(before=datetime(2024, 5, 1, tzinfo=UTC)))
    assert all(p.scope.before == elsewhere.scope.before for p in sub_questions(elsewhere, OUTLETS, NOW))


@given(text=st.text(min_size=1, max_size=200), outlets=st.lists(st.text(min_size=1, max_size=12), max_size=6))
def test_any_text_has_a_bounded_plan_within_the_library(text: str, outlets: list[str]) -> None:
    parts = sub_questions(Question(text=text), outlets, NOW)
    assert len(parts) <= MAX_SUB_QUESTIONS
    assert all(set(part.scope.outlets) <= set(outlets) for part in parts)


def test_last_week_is_searched_for_itself_unless_the_reader_set_dates() -> None:
    (part,) = sub_questions(Question(text="What was decided last week?"), OUTLETS, NOW)
    assert part.scope.after == datetime(2024, 6, 10, tzinfo=UTC)
    own = Question(text="What was decided last week?", scope=Scope(after=datetime(2023, 1, 1, tzinfo=UTC)))
    assert sub_questions(own, OUTLETS, NOW) == ()


def test_a_written_date_is_searched_for_itself_and_a_weekday_in_an_outlets_name_is_none() -> None:
    (part,) = sub_questions(Question(text="What was decided in May 2024?"), OUTLETS, NOW)
    assert part.scope.after == datetime(2024, 4, 30, 12, tzinfo=UTC)
    assert period_of(Question(text="What did Mail on Sunday report?"), NOW, ["Mail on Sunday"]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("What is the latest on the strike?", True), ("Who currently leads?", True), ("Why did it begin?", False)],
)
def test_only_words_of_the_present_ask_for_the_newest(text: str, expected: bool) -> None:
    assert asks_for_the_present(text) is expected
