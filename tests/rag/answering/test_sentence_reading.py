"""What the reader is given of the evidence, and what of its judgement is taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.answering.sentence_reading import Candidate, read_evidence
from rag.retrieval.retrieve import retrieve
from rag.storage.library import Library
from rag.testing import make_article
from rag.types import Article, Question
from tests.rag.makers import BRIDGE, STRIKE, library_with
from tests.rag.scripted_reader import ScriptedReader


def opened(folder: Path, reader: ScriptedReader, articles: Sequence[Article] = (BRIDGE, STRIKE)) -> Library:
    library = library_with(folder / "library", articles)
    library.reader = reader
    return library


def ranked(library: Library, question: Question) -> tuple[Candidate, ...]:
    return read_evidence(library, question, retrieve(library, question, limit=12)).ranked


def test_the_best_sentence_comes_first_whatever_its_passage(tmp_path: Path) -> None:
    with opened(tmp_path, ScriptedReader({"nine weeks": 0.9, "7%": 0.6})) as library:
        found = ranked(library, Question(text="how long do repairs take, and what do crews want?"))
    assert ["nine weeks" in found[0].text, "7%" in found[1].text] == [True, True]


def test_a_passage_is_read_with_its_title_outlet_and_day(tmp_path: Path) -> None:
    reader = ScriptedReader({})
    with opened(tmp_path, reader, [STRIKE]) as library:
        ranked(library, Question(text="ferry crews"))
    (passage,) = reader.read_passages
    assert (passage.title, passage.outlet, str(passage.published)) == (
        "Ferry crews walk out",
        "Harbour Post",
        "2024-06-11",
    )
    assert " ".join(passage.sentences) == STRIKE.text


def test_a_follow_up_is_read_as_it_is_meant(tmp_path: Path) -> None:
    reader = ScriptedReader({})
    with opened(tmp_path, reader) as library:
        ranked(
            library, Question(text="Why was it closed?", context="The bridge", standalone="Why was the bridge closed?")
        )
        ranked(library, Question(text="And how long?", context="Why was the bridge closed?"))
    assert reader.asked == ["Why was the bridge closed?", "Why was the bridge closed? And how long?"]


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("What did Ana Ruiz say of the repairs?", True),
        ("What did Ana Petrova say of the repairs?", True),
        ("What did Olga Petrova say of the repairs?", False),
        ("what did olga petrova say of the repairs?", True),
    ],
)
def test_a_name_that_stands_nowhere_in_passage_or_heading_vetoes(tmp_path: Path, question: str, answers: bool) -> None:
    with opened(tmp_path, ScriptedReader({"nine weeks": 0.9}), [BRIDGE]) as library:
        found = ranked(library, Question(text=question))
    assert bool(found) is answers


def test_a_short_answer_is_a_part_of_the_article(tmp_path: Path) -> None:
    with opened(tmp_path, ScriptedReader({"nine weeks": 0.9}, short_answer="nine weeks"), [BRIDGE]) as library:
        best = ranked(library, Question(text="How long will repairs take?"))[0]
        other = ranked(library, Question(text="What did the mayor say?"))[0]
    assert best.short_answer is not None
    assert BRIDGE.text[best.short_answer.start : best.short_answer.end] == "nine weeks"
    assert other.short_answer is None


def test_headings_are_no_answers(tmp_path: Path) -> None:
    heading = make_article("What happens next\nThe mill will be sold in nine weeks.", title="The mill")
    with opened(tmp_path, ScriptedReader({"What happens": 0.9, "sold": 0.6}), [heading]) as library:
        assert [one.text for one in ranked(library, Question(text="the mill"))] == [
            "The mill will be sold in nine weeks."
        ]


def test_without_evidence_nothing_answers(tmp_path: Path) -> None:
    with opened(tmp_path, ScriptedReader({})) as library:
        reading = read_evidence(library, Question(text="moths"), [])
    assert (reading.ranked, reading.confidence, reading.answers) == ((), 0.0, False)
