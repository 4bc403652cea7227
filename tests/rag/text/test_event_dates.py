"""When a sentence says that something happened, counted from the day of publication."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.event_dates import EventDate, dates_something_else, event_date, speaks_of_another_time

THURSDAY = date(2024, 6, 20)


def days(sentence: str, published: date | None = THURSDAY) -> tuple[str, str] | None:
    found = event_date(sentence, published)
    return None if found is None else (found.first.isoformat(), found.last.isoformat())


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("They signed it on 5 November 2023.", "2023-11-05"),
        ("They signed it on 19 June.", "2024-06-19"),
        ("They signed it on December 30.", "2023-12-30"),
        ("They signed it on Tuesday.", "2024-06-18"),
        ("They signed it on Thursday.", "2024-06-20"),
        ("They signed it last Thursday.", "2024-06-13"),
        ("They will sign it on Tuesday.", "2024-06-25"),
        ("Streets were closed ahead of Monday's funeral.", "2024-06-24"),
        ("They sign it next Thursday.", "2024-06-27"),
        ("They signed it yesterday.", "2024-06-19"),
        ("They signed it last night.", "2024-06-19"),
        ("They sign it tomorrow.", "2024-06-21"),
        ("They signed it this morning.", "2024-06-20"),
        ("They signed it three days ago.", "2024-06-17"),
        ("They signed it two weeks ago.", "2024-06-06"),
        ("They signed it thirteen days ago.", "2024-06-07"),
        ("On June 9 and 12 others were hurt.", "2024-06-09"),
        ("They expect to sign it on Friday.", "2024-06-21"),
        ("They signed it on Wednesday, The Sunday Times said.", "2024-06-19"),
        ("They signed it on Saturday after Thursday's election.", "2024-06-15"),
    ],
)
def test_a_day_is_understood(sentence: str, day: str) -> None:
    assert days(sentence) == (day, day)


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        ("They met last week.", "2024-06-10", "2024-06-16"),
        ("They met from 9-12 October 2023.", "2023-10-09", "2023-10-12"),
        ("They meet from July 9 to 12.", "2024-07-09", "2024-07-12"),
        ("It is closed between 3 May and 7 May.", "2024-05-03", "2024-05-07"),
        ("It lasted from December 2018 to January 2019.", "2018-12-01", "2019-01-31"),
        ("They met this month.", "2024-06-01", "2024-06-30"),
        ("They meet next year.", "2025-01-01", "2025-12-31"),
        ("They met in February 2024.", "2024-02-01", "2024-02-29"),
        ("They met in 1961.", "1961-01-01", "1961-12-31"),
    ],
)
def test_a_longer_time_has_a_first_and_a_last_day(sentence: str, first: str, last: str) -> None:
    assert days(sentence) == (first, last)


def test_around_new_year_a_date_without_a_year_is_the_nearest() -> None:
    assert days("They met on 30 December.", date(2024, 1, 2)) == ("2023-12-30", "2023-12-30")
    assert days("They meet on 3 January.", date(2023, 12, 28)) == ("2024-01-03", "2024-01-03")


def test_a_day_is_preferred_to_a_longer_time() -> None:
    assert days("Last year they met, and on Monday they signed.") == ("2024-06-17", "2024-06-17")


@pytest.mark.parametrize("sentence", ["They met.", "They met on 31 June 2024.", "Shops were full on Black Friday."])
def test_a_sentence_without_a_date_has_none(sentence: str) -> None:
    assert days(sentence) is None


def test_without_a_day_of_publication_only_a_date_with_its_year_is_understood() -> None:
    assert days("They met on Tuesday.", None) is None
    assert days("They met on 5 November.", None) is None
    assert days("They met on 5 November 2023.", None) == ("2023-11-05", "2023-11-05")


def test_the_words_of_the_date_stand_in_the_sentence() -> None:
    sentence = "They will meet again next Tuesday in Lindow."
    found = event_date(sentence, THURSDAY)
    assert found is not None
    assert found.words in sentence


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(["Monday", "Friday", "Sunday"]))
def test_a_weekday_of_the_past_is_within_the_last_seven_days(published: date, weekday: str) -> None:
    found = event_date(f"It burned on {weekday}.", published)
    assert found is not None
    assert f"{found.first:%A}" == weekday
    assert published - timedelta(days=6) <= found.first <= published


def test_a_time_that_ends_before_it_begins_cannot_exist() -> None:
    with pytest.raises(ValueError, match="later than"):
        EventDate(first=THURSDAY, last=THURSDAY - timedelta(days=1), words="x")


@pytest.mark.parametrize(
    "sentence", ["Visit USA TODAY for more.", "They played in 1995-1996.", "It was Thursday's vote."]
)
def test_a_name_or_half_a_range_is_no_date(sentence: str) -> None:
    assert days(sentence) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Three years ago they met.",
        "In December they met.",
        "She was born on 02/03/1961.",
        "It ran from 2015 to 2019.",
        "It moves two weeks earlier each year.",
    ],
)
def test_another_time_that_cannot_be_read_is_noticed(sentence: str) -> None:
    assert days(sentence) is None
    assert speaks_of_another_time(sentence)


@pytest.mark.parametrize(
    ("sentence", "is_of_something_else"),
    [
        ("Divers have found two of the men who died when the bridge fell on Tuesday.", True),
        ("The search has been halted that began when the ferry sank on Tuesday.", True),
        ("The bridge has been closed since Tuesday.", False),
        ("The bridge fell on Tuesday.", False),
        ("Officials who have seen the pier closed the bridge on Tuesday.", False),
        ("On Tuesday, as divers have told the county, the bridge fell.", False),
    ],
)
def test_a_date_beside_a_present_perfect_is_of_something_else(sentence: str, is_of_something_else: bool) -> None:
    when = event_date(sentence, THURSDAY)
    assert when is not None
    assert dates_something_else(sentence, when) == is_of_something_else
