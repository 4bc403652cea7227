"""Articles of the period that a question names come first; those of another time are not lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rag.answering.chain import build_chain
from rag.testing import make_article
from rag.text.relative_periods import distance_in_words
from rag.types import Answer, Question
from tests.rag.makers import library_with

TOLD = "Ferry crews in Port Lindow began a strike because the company offered 3%."
MAY, JUNE, UNDATED = (
    make_article(TOLD + more, title="Ferry crews walk out", url=f"https://post.example/{number}", published=published)
    for number, (more, published) in enumerate(
        [(" Buses ran.", "2024-05-14"), (" Trains ran.", "2024-06-12"), (" Nothing ran.", None)]
    )
)


@pytest.mark.parametrize(("asked", "first"), [("2024-06-19", JUNE), ("2024-05-22", MAY)])
def test_articles_of_last_week_stand_first_and_the_others_stay(tmp_path: Path, asked: str, first: object) -> None:
    with library_with(tmp_path, [MAY, JUNE, UNDATED]) as library:
        chain = build_chain(library, now=lambda: datetime.fromisoformat(asked).replace(tzinfo=UTC))
        question = Question(text="Why did ferry crews begin a strike last week?")
        answer: Answer = chain.invoke({"question": question, "history": []})["answer"]
    found = [piece.passage.article.id for piece in answer.evidence]
    assert found[0] == first.ref.id  # type: ignore[attr-defined]
    assert set(found) == {MAY.ref.id, JUNE.ref.id, UNDATED.ref.id}


@pytest.mark.parametrize(
    ("words", "told"),
    [("on 12 June 2024", JUNE), ("in May 2024", MAY), ("in May", MAY), ("between 10 and 14 June", JUNE),
     ("since June", JUNE), ("before 20 May 2024", MAY), ("on Wednesday", JUNE)],
)  # fmt: skip
def test_a_date_that_is_written_out_leads_the_search_and_the_answer(tmp_path: Path, words: str, told: object) -> None:
    with library_with(tmp_path, [MAY, JUNE, UNDATED]) as library:
        chain = build_chain(library, now=lambda: datetime(2024, 6, 14, 12, tzinfo=UTC))
        question = Question(text=f"Why did ferry crews begin a strike {words}?")
        answer: Answer = chain.invoke({"question": question, "history": []})["answer"]
    assert len(answer.evidence) == 3
    assert {citation.article.id for citation in answer.citations} == {told.ref.id}  # type: ignore[attr-defined]
    assert answer.provenance.notice.startswith(f"“{words}” is read as ")
    assert "another time" not in answer.provenance.notice


def test_a_date_that_may_be_two_days_is_said_and_limits_nothing(tmp_path: Path) -> None:
    with library_with(tmp_path, [MAY, JUNE]) as library:
        chain = build_chain(library, now=lambda: datetime(2024, 6, 19, tzinfo=UTC))
        question = Question(text="Why did ferry crews begin a strike on 05/06/2024?")
        answer: Answer = chain.invoke({"question": question, "history": []})["answer"]
    assert answer.provenance.notice.startswith("“05/06/2024” may be 5 June 2024 or 6 May 2024")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("last week", "“last week” is read as 10 June 2024 to 18 June 2024."),
        ("last month", "“last month” is read as 1 May 2024 to 2 June 2024."),
    ],
)
def test_the_reader_is_told_how_a_period_was_read(tmp_path: Path, words: str, said: str) -> None:
    with library_with(tmp_path, [MAY, JUNE]) as library:
        chain = build_chain(library, now=lambda: datetime(2024, 6, 19, tzinfo=UTC))
        question = Question(text=f"Why did ferry crews begin a strike {words}?")
        answer: Answer = chain.invoke({"question": question, "history": []})["answer"]
        assert answer.provenance.notice.startswith(said)
        plain = chain.invoke({"question": Question(text="Why did ferry crews strike?"), "history": []})["answer"]
        assert plain.provenance.notice == ""


def test_quotes_of_another_time_are_counted(tmp_path: Path) -> None:
    with library_with(tmp_path, [MAY]) as library:
        chain = build_chain(library, now=lambda: datetime(2024, 6, 19, tzinfo=UTC))
        question = Question(text="Why did ferry crews begin a strike last week?")
        answer: Answer = chain.invoke({"question": question, "history": []})["answer"]
    assert answer.provenance.notice.endswith("The quotes are of another time, or of articles without a date.")


@pytest.mark.parametrize(
    ("text", "now", "said"),
    [
        ("Why are ferry crews currently on strike?", "2024-06-12T20:00", ""),
        (
            "Why are ferry crews currently on strike?",
            "2024-06-15T20:00",
            "The newest of these quotes is of 12 June 2024, 3 days ago.",
        ),
        (
            "Why are ferry crews currently on strike?",
            "2026-11-29T20:00",
            "The newest of these quotes is of 12 June 2024, 2 years ago.",
        ),
        ("Why did ferry crews begin a strike?", "2026-11-29T20:00", ""),
    ],
)
def test_what_is_old_for_a_question_about_the_present_says_its_age(
    tmp_path: Path, text: str, now: str, said: str
) -> None:
    with library_with(tmp_path, [MAY, JUNE]) as library:
        chain = build_chain(library, now=lambda: datetime.fromisoformat(now).replace(tzinfo=UTC))
        answer: Answer = chain.invoke({"question": Question(text=text), "history": []})["answer"]
    assert answer.sentences
    assert answer.provenance.notice == said


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(minutes=5), "0 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=13), "13 days"),
        (timedelta(days=14), "2 weeks"),
        (timedelta(days=60), "8 weeks"),
        (timedelta(days=61), "2 months"),
        (timedelta(days=731), "2 years"),
    ],
)
def test_a_distance_is_told_in_the_largest_unit_that_it_fills_twice(distance: timedelta, words: str) -> None:
    assert distance_in_words(distance) == words
