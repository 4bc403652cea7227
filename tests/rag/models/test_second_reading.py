"""How probably an answer is right: it stands when less is read with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.models.reader.certainty import TOLD, Certainty, SecondReading
from rag.models.reader.reader import Reader
from rag.models.reader.second_reading import read_again
from rag.models.reader.windows import ReadPassage

STRIKE = ReadPassage(
    sentences=(
        "Ferry crews in Port Lindow began a strike on Tuesday.",
        "The union asks for 7% more pay.",
        "The company offered 3% because fuel has become dearer.",
    ),
    title="Ferry crews walk out",
    outlet="Harbour Post",
)
LOGITS = st.floats(min_value=-15, max_value=15)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.open(threads=1)


@pytest.fixture(scope="module")
def certainty(reader: Reader) -> Certainty:
    assert reader.certainty is not None
    return reader.certainty


def test_the_reader_that_ships_warns_of_some_of_what_it_shows(certainty: Certainty) -> None:
    assert 0.0 < certainty.read_from < 1.0
    assert 0.0 < certainty.answer_from < certainty.sure_at < 1.0


@given(LOGITS, LOGITS, LOGITS)
def test_more_for_the_answer_never_makes_it_less_certain(
    certainty: Certainty, alone: float, bare: float, ahead: float
) -> None:
    read = SecondReading(alone=alone, without_heading=bare, ahead=ahead)
    assert 0.0 <= certainty.probability(read) <= 1.0
    for name in TOLD:
        more = replace(read, **{name: getattr(read, name) + 1.0})
        assert certainty.probability(more) >= certainty.probability(read)


def test_an_answer_is_more_certain_than_a_sentence_that_does_not_answer(reader: Reader, certainty: Certainty) -> None:
    question = "How much more pay does the ferry union ask for?"

    def read(sentence: int) -> float:
        again = read_again(reader, question, STRIKE, quotes=[STRIKE.sentences[sentence]], ahead=0.0)
        return certainty.probability(replace(again, without_heading=0.0))

    assert read(1) > max(read(0), read(2))
