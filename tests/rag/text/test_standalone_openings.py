"""What stands before a sentence and is not part of what it says, and what it leans on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.standalone import leans_back, opening_length


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        ("PORT EDEN — ", "The harbour was closed on Monday."),
        ("WHITE QUAY, New Avalon, Sept 7 — ", "The ferry landed empty."),
        ("LONDON, July 19 – ", "A faulty update crashed the tills."),  # noqa: RUF001
        ("OSTRAVIA/PORT EDEN - ", "Two ministers signed."),
        ("Port Eden, 3 June (Northern Wire) - ", "Dockers went home."),
        ("10:42 GMT — ", "The bridge is open again."),
        ("BREAKING: ", "The mayor has resigned."),
    ],
)
def test_datelines_times_and_kickers_are_left_off(opening: str, said: str) -> None:
    assert opening_length(opening + said) == len(opening)


@pytest.mark.parametrize(
    "sentence",
    [
        "NATO and the EU - both based in Brussels - agreed.",
        "The harbour — the largest of the coast — was closed.",
        "Mayor Hale (Labour) - who lost - conceded.",
        "A 10-year plan - and its costs - were published.",
        "TV is dead.",
    ],
)
def test_a_sentence_with_dashes_is_left_whole(sentence: str) -> None:
    assert opening_length(sentence) == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "To make room for them, Crew 9 will fly with two people.",
        "Two more turned up after the ferry reached Lindow.",
        "Others blame the county for the delay.",
        "It was built in 1901.",
        "Now, he's helping to bring back a bird that died out in New Zealand.",
    ],
)
def test_what_only_the_sentence_before_explains_leans_back(sentence: str) -> None:
    assert leans_back(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It was initially reported that the fire broke out in a lorry.",
        "It is expected that the harbour will open in June.",
        "Two more than the mayor had promised were built.",
        "In their letter, the ministers ask for help.",
    ],
)
def test_a_word_that_points_to_nothing_before_it_leans_on_nothing(sentence: str) -> None:
    assert not leans_back(sentence)


@given(st.text(max_size=200))
def test_something_is_always_left(sentence: str) -> None:
    assert 0 <= opening_length(sentence) < max(1, len(sentence))
