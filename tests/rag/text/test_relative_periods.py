"""Periods that a question names are moments of publication, counted from the day it is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.relative_periods import days_written_out, relative_period

WEDNESDAY = datetime(2024, 6, 19, 15, 30, tzinfo=UTC)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "after", "before"),
    [
        ("What did the minister say yesterday?", day("2024-06-18"), WEDNESDAY),
        ("What did the minister say the day before yesterday?", day("2024-06-17"), day("2024-06-19")),
        ("What changed in the last fortnight?", WEDNESDAY - timedelta(weeks=2), WEDNESDAY),
        ("What happened last week?", day("2024-06-10"), day("2024-06-18")),
        ("What happened the week before last?", day("2024-06-03"), day("2024-06-11")),
        ("What was decided this week?", day("2024-06-17"), WEDNESDAY),
        ("Who resigned last month?", day("2024-05-01"), day("2024-06-02")),
        ("Who resigned this year?", day("2024-01-01"), WEDNESDAY),
        ("What closed last year?", day("2023-01-01"), day("2024-01-02")),
        ("What changed in the past 24 hours?", WEDNESDAY - timedelta(hours=24), WEDNESDAY),
        ("What changed over the last three days?", WEDNESDAY - timedelta(days=3), WEDNESDAY),
        ("What changed in the past sixty days?", WEDNESDAY - timedelta(days=60), WEDNESDAY),
        ("What changed in the last few weeks?", WEDNESDAY - timedelta(weeks=3), WEDNESDAY),
        ("What changed in the last days?", WEDNESDAY - timedelta(days=3), WEDNESDAY),
        ("What changed these last two days?", WEDNESDAY - timedelta(days=2), WEDNESDAY),
        ("What are the stories of the last 48 hours?", WEDNESDAY - timedelta(hours=48), WEDNESDAY),
        ("What changed in last three days?", WEDNESDAY - timedelta(days=3), WEDNESDAY),
        ("What changed over the past half-year?", WEDNESDAY - timedelta(days=182), WEDNESDAY),
        ("What changed over the last decade?", WEDNESDAY - timedelta(days=3652), WEDNESDAY),
        ("What did it earn last quarter?", day("2024-01-01"), day("2024-04-02")),
        ("What did it earn this quarter?", day("2024-04-01"), WEDNESDAY),
        ("What changed in the last week?", WEDNESDAY - timedelta(weeks=1), WEDNESDAY),
    ],
)
def test_a_period_is_counted_from_the_day_of_the_question(text: str, after: datetime, before: datetime) -> None:
    period = relative_period(text, WEDNESDAY)
    assert period is not None
    assert (period.after, period.before) == (after, before)
    assert period.words in text


@pytest.mark.parametrize(
    "text",
    [
        "Why does China object?",
        "Who was the last president?",
        "What did yesterday's paper say?",
        "How long did it last?",
        "Did the strike last three days?",
        "What happened in the last three days of the fair?",
        "What happened in the last days before the vote?",
    ],
)
def test_a_question_without_a_period_names_none(text: str) -> None:
    assert relative_period(text, WEDNESDAY) is None


@given(
    now=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)),
    words=st.sampled_from(
        ["yesterday", "last week", "this week", "last month", "this month", "last year", "this year"]
    ),
)
def test_a_period_begins_before_it_ends_and_never_lies_in_the_future(now: datetime, words: str) -> None:
    period = relative_period(f"What happened {words}?", now)
    assert period is not None
    assert period.after <= period.before <= now


def test_a_period_longer_than_any_calendar_begins_a_thousand_years_back() -> None:
    period = relative_period("What changed in the last 999 decades?", WEDNESDAY)
    assert period is not None
    assert period.after.year == 1025


def test_dates_are_read_with_their_place_and_impossible_ones_are_none() -> None:
    text = "Between 5 November 2023 and December 1, 2023, not on 31 June 2023"
    assert days_written_out(text) == [(8, datetime(2023, 11, 5)), (28, datetime(2023, 12, 1))]


def test_a_month_or_a_day_without_a_year_is_no_full_date() -> None:
    assert days_written_out("in October 2023, or on 5 November") == []
