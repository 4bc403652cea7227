"""Dates that sources give, and dates that they do not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.metadata.dates import all_stated, first_stated, published_of, stated_date

NINETEENTH = datetime(2024, 6, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "moment", "precision"),
    [
        ("2024-06-19", NINETEENTH, "day"),
        ("20240619", NINETEENTH, "day"),
        (date(2024, 6, 19), NINETEENTH, "day"),
        ("2024-06-19T10:30:00Z", NINETEENTH.replace(hour=10, minute=30), "minute"),
        ("2024-06-19T10:30:00+02:00", NINETEENTH.replace(hour=8, minute=30), "minute"),
        ("2024-06-19 10:30", NINETEENTH.replace(hour=10, minute=30), "minute"),
        (datetime(2024, 6, 19, 10, 30), NINETEENTH.replace(hour=10, minute=30), "minute"),
        ("Wed, 19 Jun 2024 10:30:00 GMT", NINETEENTH.replace(hour=10, minute=30), "minute"),
    ],
)
def test_iso_dates_are_read_with_their_precision(value: str | date, moment: datetime, precision: str) -> None:
    assert published_of(value) == (moment, precision)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2024",
        "2024-06",
        "2024-13-01",
        "2024-W25",
        "12h ago",
        "03/04/2024",
        "0001-01-01T00:00+14:00",
        "x" * 1000,
    ],
)
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        published_of(value)


@given(st.text(max_size=40))
def test_any_text_is_a_date_with_a_zone_or_refused(text: str) -> None:
    try:
        moment, _ = published_of(text)
    except ValueError:
        return
    assert moment.astimezone(UTC) == moment


def test_a_date_keeps_the_zone_of_its_source_and_so_its_day() -> None:
    moment, precision = published_of("2024-06-19T22:05:00-05:00")
    assert (moment.isoformat(), precision) == ("2024-06-19T22:05:00-05:00", "minute")


@pytest.mark.parametrize("value", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"])
def test_a_moment_that_utc_does_not_have_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        published_of(value)


@pytest.mark.parametrize(
    "text",
    ["June 19, 2024", "19 June 2024", "Jun. 19, 2024", "Wednesday, June 19, 2024", "19th June 2024",
     "2024-06-19", "2024/06/19", "19.06.2024",
     "19 juin 2024", "19. Juni 2024", "19 de junio de 2024"],
)  # fmt: skip
def test_a_date_in_words_is_read(text: str) -> None:
    assert stated_date(text) == (NINETEENTH, "day")


@pytest.mark.parametrize(
    "text",
    ["June 19, 2024, 9:15 a.m. EDT", "19 June 2024 at 13:15 GMT", "19 June 2024, 15:15 +02:00", "2024-06-19 13:15"],
)
def test_a_time_in_words_is_read_with_its_zone(text: str) -> None:
    assert stated_date(text) == (NINETEENTH.replace(hour=13, minute=15), "minute")


@pytest.mark.parametrize(
    "text",
    [
        "June 19",
        "on June 18",
        "2024",
        "31 June 2024",
        "19 Juneteenth 2024",
        "June 2024",
        "06/07/2024",
        "19-21 June 2024",
        "19 June 2024 13:15 XYZ",
        "",
    ],
)
def test_a_date_without_a_year_or_sense_is_none(text: str) -> None:
    assert stated_date(text) is None


@pytest.mark.parametrize(
    ("line", "moment", "precision"),
    [
        ("Posted on June 19, 2024 by Ana Ruiz", NINETEENTH, "day"),
        ("Written: 2024-06-19 15:03 / Updated: 2024-06-20", NINETEENTH.replace(hour=15, minute=3), "minute"),
        ("Erschienen am: 19.06.2024", NINETEENTH, "day"),
    ],
)
def test_the_first_date_of_a_line_is_read(line: str, moment: datetime, precision: str) -> None:
    assert first_stated(line) == (moment, precision)


@pytest.mark.parametrize("line", ["Room 12019-06-2024", "Part 2024-06-191", "no date", ""])
def test_a_line_without_a_date_has_none(line: str) -> None:
    assert first_stated(line) is None


def test_the_dates_of_a_text_come_in_order() -> None:
    dates = all_stated("From 20 June 2024 to 2024-07-01, first planned for May 3, 2024.")
    assert [moment.date().isoformat() for moment, _ in dates] == ["2024-06-20", "2024-07-01", "2024-05-03"]
