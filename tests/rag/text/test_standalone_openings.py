"""What stands before a sentence and is not part of what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.standalone import opening_length


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


@given(st.text(max_size=200))
def test_something_is_always_left(sentence: str) -> None:
    assert 0 <= opening_length(sentence) < max(1, len(sentence))
