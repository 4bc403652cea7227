"""A scope cannot exist in a wrong state, and is made of what readers type."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from rag.errors import UsageError
from rag.scope import Scope

JUNE = datetime(2024, 6, 1, tzinfo=UTC)


def test_a_day_counts_whole_at_either_end() -> None:
    scope = Scope.of(after="2024-06-01", before=date(2024, 6, 1), outlets=["Evening Mail"], articles=["a"])
    assert scope.after == JUNE
    assert scope.before == JUNE + timedelta(days=1, microseconds=-1)
    assert (scope.outlets, scope.articles) == (("Evening Mail",), ("a",))


def test_a_time_keeps_its_zone_and_has_utc_without_one() -> None:
    assert Scope.of(after="2024-06-01T10:00:00+02:00").after == JUNE.replace(hour=8)
    assert Scope.of(before=datetime(2024, 6, 1, 10)).before == JUNE.replace(hour=10)


def test_nothing_typed_limits_nothing() -> None:
    assert Scope.of(after="", before=None, outlets=[]) == Scope()
    assert Scope().is_empty
    assert not Scope(articles=("a",)).is_empty


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"after": "next week"}, "'next week' is not a date; write it as 2024-06-19"),
        ({"before": "2024-02-30"}, "'2024-02-30' is not a date"),
        ({"after": "2024-07-01", "before": "2024-06-01"}, "2024-07-01, is later than the last, 2024-06-01; swap"),
    ],
)
def test_what_cannot_be_a_scope_is_refused_in_words(typed: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Scope.of(**typed)  # type: ignore[arg-type]


def test_a_wrong_scope_cannot_exist() -> None:
    with pytest.raises(ValueError, match="later than"):
        Scope(after=JUNE, before=JUNE - timedelta(days=1))
    with pytest.raises(ValueError, match="time zone"):
        Scope(before=datetime(2024, 6, 1))


def test_dates_are_inclusive_and_leave_undated_articles_out() -> None:
    scope = Scope(after=JUNE, before=JUNE + timedelta(days=1))
    assert scope.holds_date(JUNE)
    assert scope.holds_date((JUNE + timedelta(days=1)).astimezone(timezone(timedelta(hours=9))))
    assert not scope.holds_date(JUNE - timedelta(microseconds=1))
    assert not scope.holds_date(JUNE + timedelta(days=1, microseconds=1))
    assert not scope.holds_date(None)
    assert Scope(outlets=("Evening Mail",)).holds_date(None)
