"""Characters that take no room stay where they spell, and nowhere else."""

# ruff: noqa: RUF001  (Persian letters)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.unicode import normalised
from newsletter.text import shown
from rag.answering.draft_parser import plain_text
from rag.answering.evidence_prompt import escape
from rag.text.unseen_characters import only_spelling, visible

SPELLED = [
    "می\u200cخواهد کشتی\u200cها",
    "क\u094d\u200dष र\u094d\u200c",
    "ന\u0d4d\u200d",
    "\U0001f469\U0001f3fd\u200d\U0001f680",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u2764\ufe0f\u200d\U0001f525",
    "\U0001f3f3\ufe0f\u200d\U0001f308",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "1\ufe0f\u20e3",
    "葛\U000e0100",
    "\U0001fae9\u200d\u2640\ufe0f",
]


@pytest.mark.parametrize("text", SPELLED)
def test_what_spells_stays_in_articles_newsletters_prompts_and_drafts(text: str) -> None:
    for kept in (normalised, shown, escape, plain_text, visible):
        assert kept(text) == text


@pytest.mark.parametrize(
    "text", ["har\u200dbour", "har\u200cbour", "har\u200bbour", "harbour\U000e0068\U000e0069", "har\u2060bour\ufe0f"]
)
def test_what_spells_nothing_goes(text: str) -> None:
    assert normalised(text).replace("\ufe0f", "") == "harbour"
    assert shown(text).replace("\ufe0f", "") == "harbour"


@given(st.text(alphabet=st.sampled_from("aمक\u094d\u200c\u200d\ufe0f\U0001f3f4\U000e0067\U000e007f\U0001f469 ")))
def test_what_was_stored_is_shown_as_it_is(text: str) -> None:
    stored = normalised(text)
    assert only_spelling(stored) == stored
    assert shown(stored).split() == stored.split()
