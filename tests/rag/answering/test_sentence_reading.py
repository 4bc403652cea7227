"""What the reader is given of the evidence, and what of its judgement is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from rag.answering.candidate import Candidate
from rag.answering.sentence_reading import read_evidence
from rag.models.reader.certainty import TOLD, Certainty
from rag.retrieval.retrieve import retrieve
from rag.storage.library import Library
from rag.testing import make_article
from rag.types import Article, Question, Scope
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


def twice(probabilities: Mapping[str, float]) -> ScriptedReader:
    """A reader that reads once more what it takes for an answer."""
    reader = ScriptedReader(probabilities)
    reader.certainty = Certainty(
        weights=dict.fromkeys(TOLD, 1.0), offset=0.0, read_from=0.5, answer_from=0.1, sure_at=0.2
    )
    return reader


MONEY = "The first is money."
LOCKS = "Every lock between the two towns would have to be rebuilt at the cost of the county."
WATER = "The second is water."
RIVER = "The river that would feed the canal has been lower each summer than the one before."
REASONS = make_article(
    f"The council refuses the canal, and it gives two reasons for that.\n\n{MONEY} {LOCKS}\n\n{WATER} {RIVER}",
    title="No canal",
)


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("Why does the council refuse the canal?", (f"{MONEY} {LOCKS}", f"{WATER} {RIVER}")),
        ("Who spoke of water?", (f"{WATER} {RIVER}",)),
    ],
)
def test_what_would_be_shown_is_read_once_more_alone(tmp_path: Path, question: str, quotes: tuple[str, ...]) -> None:
    reader = twice({"The second is water": 0.9})
    with opened(tmp_path, reader, [REASONS]) as library:
        ranked(library, Question(text=question))
    assert quotes in [passage.sentences for passage in reader.every_passage]


@pytest.mark.parametrize(("chosen", "answers"), [((), False), ((REASONS.ref.id,), True)])
def test_of_a_story_that_the_reader_chose_the_nearest_is_shown_with_a_warning(
    tmp_path: Path, chosen: tuple[str, ...], answers: bool
) -> None:
    reader = twice({"The second is water": 0.6})
    reader.certainty = Certainty(
        weights=dict.fromkeys(TOLD, 0.0), offset=-1.0, read_from=0.1, answer_from=0.5, sure_at=0.7
    )
    with opened(tmp_path, reader, [REASONS]) as library:
        question = Question(text="And the second?", scope=Scope(articles=chosen))
        reading = read_evidence(library, question, retrieve(library, question, limit=12))
    assert (reading.answers, reading.is_sure) == (answers, False)


def test_without_evidence_nothing_answers(tmp_path: Path) -> None:
    with opened(tmp_path, ScriptedReader({})) as library:
        reading = read_evidence(library, Question(text="moths"), [])
    assert (reading.ranked, reading.confidence, reading.answers) == ((), 0.0, False)
