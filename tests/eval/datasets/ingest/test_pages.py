"""How what is read of a page is held against what a person noted, worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from eval.datasets.ingest.article_extraction import NOTES
from eval.datasets.ingest.pages import Notes, Reading, author_counts, faults, folded, scores, stored
from eval.datasets.rows import read_rows
from tests.eval.rows import PROSE, page


def test_titles_are_compared_without_case_spaces_and_kinds_of_quotation_marks() -> None:
    assert folded("The  “new” chair’s\nday – NOW…") == folded('the "new" chair\'s day - now...')  # noqa: RUF001
    assert folded("New chair") != folded("New chair!")


@pytest.mark.parametrize(
    ("noted", "found", "counts"),
    [
        ("Ana Ruiz; Tom Hale", ("TOM HALE", "Kim Berg"), (1, 1, 1)),
        ("By Ana Ruiz and Tom Hale", ("Ana Ruiz", "Tom Hale"), (2, 0, 0)),
        ("Ana Ruiz", ("Ana Ruiz, Tom Hale",), (1, 1, 0)),
        ("Ana Ruiz", (), (0, 0, 1)),
        ("", ("Ana Ruiz",), (0, 1, 0)),
        (None, ("Ana Ruiz",), (0, 0, 0)),
    ],
)
def test_authors_are_counted_as_sets_of_names(
    noted: str | None, found: tuple[str, ...], counts: tuple[int, int, int]
) -> None:
    assert author_counts(noted, found) == counts


NOTED = Notes(id="1", title="New chair", author="Ana Ruiz", date="2024-06-19", outlet=["The Harbour", "Harbour News"])


def test_a_reading_is_scored_field_by_field() -> None:
    right = Reading(title="New chair", authors=("Ana Ruiz",), day=date(2024, 6, 19), outlet="harbour")
    wrong = Reading(title="Chair", authors=("Kim Berg",), day=date(2024, 6, 20), outlet="harbour.example")
    assert list(scores(NOTED, right).values()) == [1.0, 2.0, 2.0, 1.0, 1.0, 1.0]
    assert list(scores(NOTED, wrong).values()) == [0.0, 0.0, 2.0, 1.0, 0.0, 0.0]
    assert (faults(NOTED, right), len(faults(NOTED, wrong))) == ([], 4)


def test_a_date_that_was_not_found_is_neither_right_nor_wrong() -> None:
    found = scores(NOTED, Reading())
    assert (found["date_found"], found["date_right"]) == (0.0, None)


def test_what_was_not_noted_has_no_score() -> None:
    assert set(scores(Notes(id="1"), Reading(title="New chair", authors=("Ana Ruiz",))).values()) == {None}


def test_a_page_is_read_as_ingest_stores_it() -> None:
    head = '<meta name="author" content="Ana Ruiz"><meta property="article:published_time" content="2024-06-19">'
    found = stored(page(*PROSE, head=head), name="1", url="https://harbour.example/1")
    assert (found.title, found.authors, found.outlet) == ("New chair chosen", ("Ana Ruiz",), "harbour.example")
    assert (found.day, found.text.split("\n")) == (date(2024, 6, 19), PROSE)
    assert stored("", name="1", url="") == Reading()


def test_every_note_can_be_read() -> None:
    notes, _ = read_rows(NOTES, Notes)
    assert len({note.id for note in notes}) == len(notes) == 83
    assert all(note.title and (note.day or note.date is None) for note in notes)
