"""A library as it stood: what became known later changes not one byte of an answer."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.preparing.prepare import preparer
from rag.desk import Desk
from rag.errors import StorageError, UsageError
from rag.models.hashing_embedder import HashingEmbedder
from rag.public_json import answer_json
from rag.storage.archive.archive import Archive
from rag.storage.archive.history import MAX_FORMER_VERSIONS
from rag.storage.archive.snapshot import past_of
from rag.storage.library import Library, Prepared
from rag.storage.library_snapshot import day_of
from rag.storage.place import ARCHIVE_FILE
from rag.types import Answer, Article
from tests.rag.makers import settings_for
from tests.rag.past_news import FLOOD, FLOOD_LATER, HISTORY, RATES, end_of, known_by, library_of, said

ASKED = (
    ("2024-01-31", "When will the ferry Alma run?"),
    ("2024-02-01", "When will the ferry Alma run?"),
    ("2024-05-01", "Will the ferry Alma run this year?"),
    ("2024-05-02", "Will the ferry Alma run this year?"),
    ("2024-02-19", "What was seen over the old mill?"),
    ("2024-02-20", "What was seen over the old mill?"),
    ("2024-05-10", "Which moths are over the mill in Ostrin?"),
    ("2024-03-04", "How many people were led from the lower town of Ostrin?"),
    ("2024-03-05", "How many people were led from the lower town of Ostrin?"),
    ("2024-03-19", "How many people were led from the lower town of Ostrin?"),
    ("2024-03-20", "How many people were led from the lower town of Ostrin?"),
    ("2024-03-21", "How many people were led from the lower town of Ostrin?"),
    ("2024-04-10", "Was a relief fund opened in Ostrin?"),
    ("2024-04-09", "Was a relief fund opened in Ostrin?"),
    ("2024-03-10", "What did the Central Bank of Norvia do last week?"),
    ("2024-04-08", "What did the Central Bank of Norvia do last week?"),
    ("2024-03-31", "What is the main rate of Norvia now?"),
    ("2024-06-30", "What is the main rate of Norvia now?"),
    ("2024-06-06", "Who is chair of the harbour board?"),
    ("2024-06-07", "Who is chair of the harbour board?"),
)


def same_parts(answer: Answer) -> str:
    """Everything of an answer that may not differ, as bytes of JSON would have it."""
    shown: dict[str, Any] = answer_json(answer)
    for name in ("revision", "timings_ms"):
        del shown["provenance"][name]
    return json.dumps(shown)


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with library_of(tmp_path_factory.mktemp("today"), HISTORY) as library:
        yield Desk(library)


@pytest.mark.parametrize(("day", "question"), ASKED)
def test_the_answer_as_of_a_day_is_that_of_a_library_that_never_held_anything_later(
    today: Desk, tmp_path: Path, day: str, question: str
) -> None:
    with today.as_of(day, preparer) as then, library_of(tmp_path, known_by(day)) as library:
        answer = then.ask(question)
        plain = Desk(library, snapshot_at=then.snapshot_at).ask(question)
    assert same_parts(answer) == same_parts(plain)
    assert answer_json(answer)["provenance"]["as_of"] == day


def test_most_of_these_questions_are_answered_otherwise_today(today: Desk) -> None:
    changed = 0
    for day, question in ASKED:
        with today.as_of(day, preparer) as then:
            changed += then.ask(question).citations != today.ask(question).citations
    assert changed >= len(ASKED) / 2


@pytest.mark.parametrize(
    ("day", "count"),
    [("2024-03-04", "40"), ("2024-03-19", "40"), ("2024-03-20", "65"), ("2024-04-09", "65"), ("2024-04-10", "70")],
)
def test_a_correction_answers_from_the_day_of_its_fetching_on(today: Desk, day: str, count: str) -> None:
    with today.as_of(day, preparer) as then:
        quotes = {c.quote for c in then.ask("How many people did fire crews lead from Ostrin?").citations}
    assert f"Fire crews led {count} people from the lower town of Ostrin." in quotes


def test_copies_are_those_of_then(today: Desk) -> None:
    question = "How many people did fire crews lead from the lower town of Ostrin?"
    with today.as_of("2024-03-04", preparer) as then:
        assert then.search(question)[0].copies == ()
    with today.as_of("2024-03-19", preparer) as then:
        assert [copy.id for copy in then.search(question)[0].copies] in (["copy"], ["flood"])


@pytest.mark.parametrize(
    ("day", "newest"), [("2024-02-08", "ferry"), ("2024-05-07", "no-ferry"), ("2024-05-13", "gypsy")]
)
def test_last_week_counts_back_from_the_day(today: Desk, day: str, newest: str) -> None:
    question = "What was told of Ostrin or Skerry last week?"
    with today.as_of(day, preparer) as then:
        assert then.now() == end_of(day)
        assert then.search(question)[0].passage.article.id == newest
        assert then.ask(question).evidence[0].passage.article.id == newest


def test_versions_come_in_the_order_in_which_they_were_stored(today: Desk) -> None:
    with past_of(today.library.archive, end_of("2024-03-20")) as past:
        batches = [[standing.article.ref.id for standing in batch] for batch in past.batches(4)]
    assert batches == [["ferry", "moths", "copy", "rates"], ["chair", "flood"]]


def test_before_the_first_article_nothing_is_known_and_the_first_day_is_named(today: Desk) -> None:
    with today.as_of("2024-01-31", preparer) as then:
        answer = then.ask("When will the ferry Alma run?")
    assert answer.outcome == "not_found"
    assert "Nothing here was known by 31 January 2024" in answer.provenance.notice
    assert "from 1 February 2024" in answer.provenance.notice


def test_an_empty_library_names_no_first_day(tmp_path: Path) -> None:
    with library_of(tmp_path, []) as library, Desk(library).as_of("2024-01-31", preparer) as then:
        answer = then.ask("When will the ferry Alma run?")
    assert (answer.outcome, answer.provenance.notice) == ("not_found", "")


def test_an_article_that_was_moved_to_a_later_date_stands_with_its_former_version(today: Desk) -> None:
    with today.as_of("2024-04-09", preparer) as then:
        assert then.article("flood") == FLOOD_LATER


def test_what_stood_before_the_oldest_version_kept_is_not_replaced_by_a_later_one(tmp_path: Path) -> None:
    first = date(2024, 3, 1)
    days = [str(first + timedelta(days=number)) for number in range(MAX_FORMER_VERSIONS + 3)]
    told = [said(f"The count is {n} votes.", days[0], fetched=day, name="count") for n, day in enumerate(days)]
    with library_of(tmp_path, told) as library:
        desk = Desk(library)
        oldest = desk.versions("count")[0].number
        with desk.as_of(days[oldest - 2], preparer) as then:
            assert then.articles() == []
        with desk.as_of(days[oldest - 1], preparer) as then:
            assert then.article("count") == told[oldest - 1]


def test_only_new_words_are_embedded(tmp_path: Path) -> None:
    class Counting(HashingEmbedder):
        def __init__(self) -> None:
            super().__init__()
            self.texts: list[str] = []

        def embed_passages(self, texts: Sequence[str]) -> Any:
            self.texts += texts
            return super().embed_passages(texts)

    with library_of(tmp_path, HISTORY) as library:
        library.embedder = counting = Counting()
        with Desk(library).as_of("2024-03-19", preparer):
            pass
    assert len(counting.texts) == 1
    assert "led 40 people" in counting.texts[0]


def test_the_temporary_folder_is_removed_and_the_library_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    with library_of(tmp_path / "library", HISTORY) as library:
        library.catch_up()
        before = files_of(tmp_path / "library")
        with Desk(library).as_of("2024-03-19", preparer) as then:
            then.ask("How many people were led from Ostrin?")
            assert len(list(scratch.iterdir())) == 1
        assert list(scratch.iterdir()) == []

        def failing(archive: Archive) -> Any:
            def prepare(article: Article, passages: object) -> Prepared:
                raise StorageError(f"the disk with {str(archive.place)!r} is full")

            return prepare

        with pytest.raises(StorageError, match="full"):
            Desk(library).as_of("2024-03-19", failing)
        assert list(scratch.iterdir()) == []
        assert files_of(tmp_path / "library") == before


def test_a_library_that_cannot_be_written_answers_as_of_a_day(tmp_path: Path) -> None:
    with library_of(tmp_path, HISTORY):
        pass
    before = files_of(tmp_path)
    chosen = settings_for(tmp_path, vector_index="exact", read_only=True, keep_answers=True)
    archive = Archive(tmp_path / ARCHIVE_FILE, read_only=True)
    with (
        Library(chosen, archive, embedder=HashingEmbedder(), stay_open=False) as library,
        Desk(library).as_of("2024-03-05", preparer) as then,
    ):
        assert "40 people" in then.ask("How many people did fire crews lead from the lower town of Ostrin?").text
    assert files_of(tmp_path) == before


def files_of(folder: Path) -> dict[str, bytes]:
    """The library's files; SQLite's scratch file of shared memory holds nothing of it."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.endswith(("-shm", "lock"))
    }


@pytest.mark.parametrize("bad", ["", "last week", "2024-13-01", "2024-06-19T10:00", datetime(2024, 6, 19, tzinfo=UTC)])
def test_what_is_no_day_is_refused_in_words(bad: str | date) -> None:
    with pytest.raises(UsageError, match="2024-06-19"):
        day_of(bad)


@dataclass(frozen=True)
class Told:
    """One version in a generated history: which article, what it says, and on which day."""

    name: str
    text: int
    gap: int


TEXTS = (FLOOD.format(count="40"), FLOOD.format(count="65"), RATES.format(rate="4.25"), "The old dam held in Ostrin.")
TOLD = st.builds(
    Told, name=st.sampled_from("abc"), text=st.integers(0, len(TEXTS) - 1), gap=st.integers(min_value=0, max_value=2)
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(told=st.lists(TOLD, max_size=7), cut=st.integers(min_value=0, max_value=10))
def test_whatever_comes_later_an_answer_as_of_a_day_stays_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, told: list[Told], cut: int
) -> None:
    folder = tmp_path_factory.mktemp("law")
    history, passed, dated = [], 0, dict[str, str]()
    for step in told:
        passed += step.gap
        day = str(date(2024, 3, 1) + timedelta(days=passed))
        published = dated.setdefault(step.name, day)
        history.append(said(TEXTS[step.text], published, fetched=day, name=step.name, outlet=f"Outlet {step.name}"))
    day = str(date(2024, 3, 1) + timedelta(days=cut))
    question = "How many people were led from the lower town of Ostrin?"
    with (
        library_of(folder / "all", history) as everything,
        library_of(folder / "then", known_by(day, history)) as library,
        Desk(everything).as_of(day, preparer) as then,
    ):
        answer = then.ask(question)
        plain = Desk(library, snapshot_at=then.snapshot_at).ask(question)
    assert same_parts(answer) == same_parts(plain)
