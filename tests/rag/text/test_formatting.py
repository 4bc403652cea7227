"""Dates, counts and long texts in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

from rag.text.formatting import (
    clipped,
    count,
    day_in_words,
    days_in_short,
    days_in_words,
    limits_in_words,
    month_in_words,
    to_the_minute,
    when_in_words,
)

FIRST, LAST = date(2024, 6, 9), date(2024, 6, 17)


def test_a_day_is_written_without_a_leading_zero() -> None:
    assert day_in_words(FIRST) == "9 June 2024"
    assert day_in_words(datetime(2024, 6, 9, 23, 59, tzinfo=UTC)) == "9 June 2024"
    assert month_in_words(FIRST) == "Jun 2024"
    assert to_the_minute(datetime(2024, 6, 9, 3, 5, tzinfo=UTC)) == "2024-06-09 03:05"


def test_an_unknown_day_is_said_as_the_caller_wants_it() -> None:
    assert day_in_words(None) == ""
    assert day_in_words(None, unknown="undated") == "undated"


def test_a_single_day_is_not_written_as_a_range() -> None:
    assert days_in_words(FIRST, LAST) == "9 June 2024 to 17 June 2024"
    assert days_in_words(FIRST, FIRST) == "9 June 2024"


def test_a_heading_names_month_and_year_once_where_both_days_have_them() -> None:
    assert days_in_short(FIRST, LAST) == "9 to 17 June 2024"
    assert days_in_short(date(2024, 5, 28), FIRST) == "28 May to 9 June 2024"
    assert days_in_short(date(2023, 12, 28), FIRST) == "28 December 2023 to 9 June 2024"
    assert days_in_short(FIRST, FIRST) == "9 June 2024"
    assert days_in_short(date(2023, 6, 9), FIRST) == "9 June 2023 to 9 June 2024"


def test_limits_say_which_of_them_are_set() -> None:
    assert limits_in_words(FIRST, LAST) == "from 9 June 2024 to 17 June 2024"
    assert limits_in_words(FIRST, None) == "since 9 June 2024"
    assert limits_in_words(None, LAST) == "until 17 June 2024"
    assert limits_in_words(None, None) == ""


def test_a_count_takes_the_plural_it_is_given() -> None:
    assert [count(number, "story", "stories") for number in (1, 2)] == ["1 story", "2 stories"]
    assert count(0, "article") == "0 articles"


def test_a_long_text_is_cut_at_a_word() -> None:
    assert clipped("The bridge\n fell into the harbour", 14) == "The bridge…"
    assert clipped("The bridge fell", 15) == "The bridge fell"


def test_a_whole_year_or_month_is_named_and_other_days_are_told_from_first_to_last() -> None:
    assert when_in_words(date(1977, 1, 1), date(1977, 12, 31)) == "1977"
    assert when_in_words(date(2024, 2, 1), date(2024, 2, 29)) == "February 2024"
    assert when_in_words(FIRST, LAST) == days_in_words(FIRST, LAST)
    assert when_in_words(FIRST, FIRST) == "9 June 2024"
    assert when_in_words(date(2023, 1, 1), date(2024, 12, 31)) == "1 January 2023 to 31 December 2024"
