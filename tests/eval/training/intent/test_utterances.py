import random
from typing import get_args

from eval.datasets.rows import read_rows
from eval.training.intent.utterances import HELD_OUT, Utterance, development, with_other_topics
from rag.types import Intent

BRIDGE = Utterance(id="u", text="summarise the harbour fire", intent="summary", topics=["the harbour fire"])


def test_no_utterance_is_in_both_halves_not_even_about_another_topic() -> None:
    held_out = {utterance.shape() for utterance in read_rows(HELD_OUT, Utterance)[0]}
    assert not held_out & {utterance.shape() for utterance in development()}


def test_both_halves_have_every_intent() -> None:
    for half in (development(), read_rows(HELD_OUT, Utterance)[0]):
        assert {utterance.intent for utterance in half} == set(get_args(Intent))


def test_an_utterance_is_told_about_other_topics_in_its_own_case() -> None:
    texts = with_other_topics(BRIDGE, random.Random(1), ["Lake Marrow", "Orvel"], 3)
    assert texts[0] == BRIDGE.text
    assert set(texts[1:]) <= {"summarise lake marrow", "summarise orvel"}


def test_an_utterance_without_a_topic_has_no_copies() -> None:
    bare = Utterance(id="u", text="hi", intent="greeting", topics=[])
    assert with_other_topics(bare, random.Random(1), ["Orvel"], 3) == ["hi"]
