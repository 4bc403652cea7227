# ruff: noqa: RUF001
"""Days, months, ranges and weekdays of a question are the time of publication that it asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.named_periods import named_period, unclear_date

WEDNESDAY = datetime(2024, 6, 19, 15, 30, tzinfo=UTC)

NAMED = """
What happened in Ostrel on 19 June 2024? | 2024-06-19 | 2024-06-19 | on 19 June 2024
What happened on June 19th, 2024? | 2024-06-19 | 2024-06-19 | on June 19th, 2024
What happened on Wednesday, 12 June 2024? | 2024-06-12 | 2024-06-12 | on Wednesday, 12 June 2024
What happened on Wed 12 June? | 2024-06-12 | 2024-06-12 |
What happened on the 12th of June? | 2024-06-12 | 2024-06-12 | on the 12th of June
What happened on 12 June '24? | 2024-06-12 | 2024-06-12 | on 12 June '24
What happened on June 12, '98? | 1998-06-12 | 1998-06-12 |
What happened on the twelfth of June 2023? | 2023-06-12 | 2023-06-12 | on the twelfth of June 2023
How did prices move in H1 2023? | 2023-01-01 | 2023-06-30 | in H1 2023
What happened in week 23 of 2024? | 2024-06-03 | 2024-06-09 | in week 23 of 2024
What happened on Dec. 24? | 2023-12-24 | 2023-12-24 | on Dec. 24
What was decided on 2024-06-03? | 2024-06-03 | 2024-06-03 |
What was decided on 19.5.2024? | 2024-05-19 | 2024-05-19 |
What was decided on 5/19/2024? | 2024-05-19 | 2024-05-19 |
What happened between 3 and 7 June 2024? | 2024-06-03 | 2024-06-07 | between 3 and 7 June 2024
What happened from 3 to 7 June? | 2024-06-03 | 2024-06-07 | from 3 to 7 June
What happened June 3–7, 2024? | 2024-06-03 | 2024-06-07 |
What happened between 30 May and 7 June 2024? | 2024-05-30 | 2024-06-07 | between 30 May and 7 June 2024
What happened from March to May 2024? | 2024-03-01 | 2024-05-31 | from March to May 2024
What happened between December and February 2024? | 2023-12-01 | 2024-02-29 |
What did the council decide in May 2024? | 2024-05-01 | 2024-05-31 | in May 2024
What did the council decide in May? | 2024-05-01 | 2024-05-31 | in May
What did the council decide in August? | 2023-08-01 | 2023-08-31 | in August
What did it decide in early May 2024? | 2024-05-01 | 2024-05-10 | in early May 2024
What did it decide in late May? | 2024-05-21 | 2024-05-31 | in late May
What did it decide in mid-May? | 2024-05-11 | 2024-05-20 | in mid-May
What did it decide at the end of May 2024? | 2024-05-21 | 2024-05-31 |
What did it decide in the first half of 2023? | 2023-01-01 | 2023-06-30 |
What did it decide in the first week of June? | 2024-06-01 | 2024-06-07 |
What did it decide in 2023? | 2023-01-01 | 2023-12-31 | in 2023
What was built between 2021 and 2023? | 2021-01-01 | 2023-12-31 | between 2021 and 2023
What was opened in summer 2023? | 2023-06-01 | 2023-08-31 |
What was opened in the winter of 2022? | 2022-12-01 | 2023-02-28 |
How did prices move in Q1 2024? | 2024-01-01 | 2024-03-31 |
How did prices move in the first quarter of 2024? | 2024-01-01 | 2024-03-31 |
What has changed since 3 June? | 2024-06-03 | 2024-06-19 | since 3 June
What has changed since March 2024? | 2024-03-01 | 2024-06-19 | since March 2024
What was said after 10 June 2024? | 2024-06-11 | 2024-06-19 | after 10 June 2024
What was said before 10 June 2024? | 1900-01-01 | 2024-06-09 | before 10 June 2024
What was known by the 10th of June? | 1900-01-01 | 2024-06-10 | by the 10th of June
What happened in Ostrel on Monday? | 2024-06-17 | 2024-06-17 | on Monday
What happened last Friday? | 2024-06-14 | 2024-06-14 | last Friday
What happened on Wednesday? | 2024-06-19 | 2024-06-19 | on Wednesday
What did the mayor say today? | 2024-06-19 | 2024-06-19 | today
What happened two days ago? | 2024-06-17 | 2024-06-17 | two days ago
What has changed since Monday? | 2024-06-17 | 2024-06-19 | since Monday
What was said before Tuesday? | 1900-01-01 | 2024-06-17 | before Tuesday
What happened between Friday and Monday? | 2024-06-14 | 2024-06-17 | between Friday and Monday
What happened in the week of 3 June? | 2024-06-03 | 2024-06-09 |
What happened on the 12th? | 2024-06-12 | 2024-06-12 | on the 12th
What happened on the 25th? | 2024-05-25 | 2024-05-25 | on the 25th
What was opened last summer? | 2023-06-01 | 2023-08-31 | last summer
What was opened this spring? | 2024-03-01 | 2024-05-31 | this spring
What was opened in the summer of last year? | 2023-06-01 | 2023-08-31 |
What was opened in May of last year? | 2023-05-01 | 2023-05-31 | in May of 2023
What was opened on 5 May this year? | 2024-05-05 | 2024-05-05 |
What was opened in the third quarter of last year? | 2023-07-01 | 2023-09-30 |
How did prices move in 2023 Q3? | 2023-07-01 | 2023-09-30 | in 2023 Q3
How did prices move in Q3 '23? | 2023-07-01 | 2023-09-30 | in Q3 '23
How did prices move in 3Q23? | 2023-07-01 | 2023-09-30 | in 3Q23
How did prices move in Q3? | 2023-07-01 | 2023-09-30 | in Q3
How did prices move in Q4 last year? | 2023-10-01 | 2023-12-31 | in Q4 2023
How did prices move from Q1 to Q3 2023? | 2023-01-01 | 2023-09-30 | from Q1 to Q3 2023
How did prices move in Q2-Q3 2023? | 2023-04-01 | 2023-09-30 |
How did prices move between the first and third quarter of 2023? | 2023-01-01 | 2023-09-30 |
How did prices move in the 3rd quarter of 2023? | 2023-07-01 | 2023-09-30 | in the 3rd quarter of 2023
How did prices move in third-quarter 2023? | 2023-07-01 | 2023-09-30 | in third–quarter 2023
How did prices move in the last quarter of 2023? | 2023-10-01 | 2023-12-31 | in the last quarter of 2023
How did prices move in the first quarter of the year? | 2024-01-01 | 2024-03-31 |
How did prices move in the second half of the year? | 2023-07-01 | 2023-12-31 |
How did prices move in 1H 2023? | 2023-01-01 | 2023-06-30 | in 1H 2023
How did prices move in 2H23? | 2023-07-01 | 2023-12-31 | in 2H23
How did prices move in the first nine months of 2023? | 2023-01-01 | 2023-09-30 |
How did prices move in the last six months of 2023? | 2023-07-01 | 2023-12-31 |
What was opened in the winter of 2022/23? | 2022-12-01 | 2023-02-28 | in the winter of 2022/23
What was opened in early summer 2023? | 2023-06-01 | 2023-06-30 | in early summer 2023
What was opened in the late summer of 2023? | 2023-08-01 | 2023-08-31 |
What has changed since the second quarter of 2023? | 2023-04-01 | 2024-06-19 |
What happened over the weekend? | 2024-06-15 | 2024-06-16 | over the weekend
What happened last weekend? | 2024-06-15 | 2024-06-16 | last weekend
"""


def rows() -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in NAMED.strip().splitlines()]


@pytest.mark.parametrize(("text", "first", "last", "words"), rows())
def test_a_date_of_a_question_is_a_period_of_publication(text: str, first: str, last: str, words: str) -> None:
    period = named_period(text, WEDNESDAY)
    assert period is not None
    begin, end = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (first, last))
    # Half a day for other clocks in front, and a day in which it was still reported behind.
    assert period.after == begin - timedelta(hours=12)
    assert period.before == min(WEDNESDAY, end + timedelta(days=2))
    if words:
        assert period.words.replace("-", "–") == words.replace("-", "–")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("What happened on 12 June?", "“on 12 June” is read as 12 June 2024"),
        ("What happened in May?", "“in May” is read as 1 May 2024 to 31 May 2024"),
        ("What happened on Monday?", "“on Monday” is read as 17 June 2024"),
        ("What was known before 10 June 2024?", "“before 10 June 2024” is read as until 9 June 2024"),
        ("What was said on 13/6/24?", "“on 13/6/24” is read as 13 June 2024"),
        ("What was said on 13.6.24?", "“on 13.6.24” is read as 13 June 2024"),
        ("What was said at 2024-06-13T14:00?", "“2024-06-13T14:00” is read as 13 June 2024"),
        ("What was said on the 13th of last month?", "“on 13 May 2024” is read as 13 May 2024"),
        ("What happened last week?", "“last week” is read as 10 June 2024 to 18 June 2024"),
    ],
)
def test_a_period_tells_how_it_is_read(text: str, said: str) -> None:
    period = named_period(text, WEDNESDAY)
    assert period is not None
    assert period.in_words() == said


@pytest.mark.parametrize(
    "text",
    [
        "Who may march with June Brown?",
        "What will open on 5 July 2024?",
        "What will the council decide on Friday?",
        "What happened on 31 June 2024?",
        "Who won on Super Tuesday?",
        "Who plays on Monday Night Football?",
        "What is built on the 5th floor?",
        "Was anybody hurt that Sunday?",
        "What did he say a week earlier?",
        "What does Business Today report?",
        "Why was 8 August of the previous year a joyful day?",
        "Which player is the best and may struggle?",
        "Who met on 4 July 1776?",
        "What did The Sunday Times report?",
        "What does 9/11 mean to them?",
        "Why did the price rise to 2024 crowns?",
        "What did the mayor say on 03/04/2024?",
        "What did the mayor say on 03/04/24?",
        "Who made version 19.6.24 of it?",
        "What is 19/6/24?",
        "What did it report on 3 May 2024, 7 May 2024 and 9 June 2024?",
        "Who is the mayor of Ostrel?",
        "How many people died in the January 7 earthquake?",
        "What did the 12 June strike cost?",
        "How much did it earn in fiscal Q3 2023?",
        "Who scored early in the second quarter?",
        "Who got an H1 visa?",
        "What happened in the last two weeks of the war?",
        "How did it go from first to last quarter?",
        "How much was it worth for the last quarter century?",
        "Will the truce last three days?",
        "",
    ],
)
def test_a_question_without_a_time_that_has_begun_names_no_period(text: str) -> None:
    assert named_period(text, WEDNESDAY) is None


def test_a_date_that_may_be_two_days_is_said() -> None:
    said = unclear_date("What did the mayor say on 03/04/2024?")
    short = unclear_date("What did the mayor say on 03/04/24?")
    assert short == "“03/04/24” may be 3 April 2024 or 4 March 2024; write it as 2024-04-03 or 2024-03-04."
    assert said == "“03/04/2024” may be 3 April 2024 or 4 March 2024; write it as 2024-04-03 or 2024-03-04."
    assert unclear_date("What happened on 31 June 2024?") == "There is no “31 June 2024”; correct the day."
    assert unclear_date("What did the mayor say on 19/04/2024?") == unclear_date("Nothing") == ""


def test_since_last_week_reaches_to_now() -> None:
    period = named_period("What has changed since last week?", WEDNESDAY)
    assert period is not None
    assert (period.after, period.before) == (datetime(2024, 6, 10, tzinfo=UTC), WEDNESDAY)


@given(st.text(max_size=80), st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC)))
def test_any_text_has_a_period_that_begins_before_it_ends_and_has_begun_or_none(text: str, now: datetime) -> None:
    period = named_period(text, now)
    assert period is None or period.after <= period.before <= now
