from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.formatting import clipped
from web.page.html.words import age_in_words, language_tag


@given(st.text(), st.integers(min_value=2, max_value=50))
def test_a_clipped_text_is_a_short_line(value: str, limit: int) -> None:
    short = clipped(value, limit)
    assert len(short) <= limit + 1
    assert "\n" not in short


def test_clipping_ends_at_a_word() -> None:
    assert clipped("one two three four", 12) == "one two…"


def test_only_a_language_tag_becomes_a_language() -> None:
    assert language_tag("pt-BR") == "pt-BR"
    assert language_tag('en" onclick="x') == ""


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, ""), (0, "today"), (1, "yesterday"), (2, "2 days ago"), (13, "13 days ago"), (14, "2 weeks ago"),
        (59, "8 weeks ago"), (60, "2 months ago"), (729, "24 months ago"), (730, "2 years ago"),
    ],
)  # fmt: skip
def test_ages_are_told_in_the_largest_unit_of_which_there_are_two(days: int, words: str) -> None:
    now = datetime(2025, 6, 1, 12, tzinfo=UTC)
    assert age_in_words(now - timedelta(days=days), now) == words
