"""How probably an answer is right: it stands when less is read with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.certainty import FITTED_FOR, SecondReading, read_again
from rag.models.reader.reader import Reader
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


def test_the_constants_belong_to_the_reader_that_ships(reader: Reader) -> None:
    assert reader.identity == FITTED_FOR


@given(LOGITS, LOGITS, LOGITS, LOGITS)
def test_more_for_the_answer_never_makes_it_less_certain(alone: float, hurry: float, bare: float, ahead: float) -> None:
    read = SecondReading(alone=alone, in_a_hurry=hurry, without_heading=bare, ahead=ahead)
    assert 0.0 <= read.probability <= 1.0
    for name in ("alone", "in_a_hurry", "without_heading", "ahead"):
        assert replace(read, **{name: getattr(read, name) + 1.0}).probability >= read.probability


def test_an_answer_is_more_certain_than_a_sentence_that_does_not_answer(reader: Reader) -> None:
    question = "How much more pay does the ferry union ask for?"

    def read(sentence: int) -> float:
        score = reader.read(question, [STRIKE]).passages[0].sentences[sentence].score
        again = read_again(reader, question, STRIKE, sentence=sentence, score=score, ahead=0.0)
        return replace(again, without_heading=0.0).probability

    assert read(1) > max(read(0), read(2))
