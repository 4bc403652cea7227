"""What pages on several machines share, on every engine: users, counted attempts, spending, feedback."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import StorageError
from rag.storage.archive.archive import Archive
from rag.storage.archive.database import Place
from rag.storage.archive.shared import feedback

NOON = 1_700_000_000.0
MINUTE = 60.0


@pytest.fixture
def other(archive: Archive, place: Place) -> Iterator[Archive]:
    """The same archive as another process has it open."""
    opened = Archive(place)
    yield opened
    opened.close()


def test_a_user_that_one_machine_adds_is_known_to_another(archive: Archive, other: Archive) -> None:
    archive.shared.users.put("ada", "hash 1")
    other.shared.users.put("Émile", "hash 2")
    archive.shared.users.put("ada", "hash 3")
    assert other.shared.users.hashes() == {"ada": "hash 3", "Émile": "hash 2"}
    assert other.shared.users.remove("ada")
    assert not archive.shared.users.remove("ada")
    assert archive.shared.users.hashes() == {"Émile": "hash 2"}


def test_attempts_of_two_machines_count_together_until_their_time_is_over(archive: Archive, other: Archive) -> None:
    first, second = archive.shared.attempts, other.shared.attempts
    assert first.add("ada", at_most=2, seconds=MINUTE, now=NOON)
    assert second.add("ada", at_most=2, seconds=MINUTE, now=NOON + 30)
    assert not first.add("ada", at_most=2, seconds=MINUTE, now=NOON + 40)
    assert second.until("ada", now=NOON + 40) == NOON + MINUTE
    assert first.add("grace", at_most=2, seconds=MINUTE, now=NOON + 40)
    assert second.add("ada", at_most=2, seconds=MINUTE, now=NOON + MINUTE)
    assert not second.add("ada", at_most=2, seconds=MINUTE, now=NOON + MINUTE)


def test_no_more_than_allowed_come_through_at_once(archive: Archive) -> None:
    def attempt(_: int) -> bool:
        return archive.shared.attempts.add("ada", at_most=5, seconds=MINUTE, now=NOON)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(24))) == 5


def test_attempts_of_whoever_does_not_come_back_are_forgotten(archive: Archive) -> None:
    for number in range(300):
        archive.shared.attempts.add(f"reader {number}", at_most=1, seconds=1, now=NOON + 2 * number)
    assert archive.shared.attempts.until("reader 0", now=NOON) == NOON


def test_whose_attempts_they_are_is_not_kept(archive: Archive) -> None:
    from rag.storage.archive import schema

    archive.shared.attempts.add("ada of 192.0.2.7", at_most=1, seconds=1, now=NOON)
    with archive.database.reading() as connection:
        (row,) = connection.execute(schema.attempts.select())
    assert "ada" not in row.key
    assert "192" not in row.key


@given(st.lists(st.integers(-500, 1000), max_size=12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_costs_passes_the_limit_of_a_day_or_falls_below_nothing(archive: Archive, cents: list[int]) -> None:
    account, day = archive.shared.spending, f"day {len(cents)} {hash(tuple(cents))}"
    expected = account.spent(day)
    for cost in cents:
        fits = expected + cost <= 2000
        assert account.add(day, cost, at_most=2000) is fits
        expected = max(0.0, expected + cost) if fits else expected
        assert account.spent(day) == expected


def test_costs_at_once_do_not_pass_the_limit_together(archive: Archive) -> None:
    def spend(_: int) -> bool:
        return archive.shared.spending.add("2024-05-01", 1.0, at_most=3.0)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(spend, range(16))) == 3
    assert archive.shared.spending.spent("2024-05-01") == 3.0
    assert archive.shared.spending.spent("2024-05-02") == 0.0


def test_what_readers_said_is_kept_in_its_order_until_it_is_deleted(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "MOST_ROWS", 2)
    rows = [{"verdict": "good", "reason": "ä"}, {"verdict": "bad", "history": ["Why?"]}]
    for row in rows:
        archive.shared.feedback.add(row)
    with pytest.raises(StorageError, match="feedback clear"):
        archive.shared.feedback.add({})
    assert list(archive.shared.feedback.rows()) == rows
    assert archive.shared.feedback.clear() == 2
    assert list(archive.shared.feedback.rows()) == []
