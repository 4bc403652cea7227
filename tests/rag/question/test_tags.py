"""Tags are taken as they are typed, and an unknown one is refused with what is near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.question.tags import LONGEST_TAG, known_tags, tags_of


def test_tags_are_read_from_lines_with_commas_in_any_case_and_each_once() -> None:
    assert tags_of(["Energy,  Wind   Power ;energy", "RAIL"]) == ("energy", "wind power", "rail")
    assert tags_of(["", " , ;"]) == ()


def test_what_nobody_sees_is_no_part_of_a_tag() -> None:
    assert tags_of(["wind\u200bfarms\u202e"]) == tags_of(["windfarms"])


def test_a_tag_of_a_paragraph_is_refused() -> None:
    with pytest.raises(UsageError, match=f"{LONGEST_TAG} are most"):
        tags_of(["x" * (LONGEST_TAG + 1)])


def test_a_known_tag_is_found_in_any_case() -> None:
    assert known_tags(["ENERGY"], ["energy", "rail"]) == ("energy",)


@pytest.mark.parametrize(
    ("known", "advice"),
    [
        (["energy", "rail"], "did you mean 'energy'"),
        (["rail", "sea"], "the tags here are rail, sea"),
        ([f"z{n}" for n in range(12)], "and 2 more that `newsdesk tags` lists"),
        ([], "give it to some with `newsdesk tag ARTICLE_ID --add 'enregy'`"),
    ],
)
def test_an_unknown_tag_is_refused_with_what_is_near(known: list[str], advice: str) -> None:
    with pytest.raises(UsageError, match="no article has the tag 'enregy'") as refused:
        known_tags(["enregy"], known)
    assert advice in str(refused.value)


@given(st.lists(st.text(max_size=30), max_size=4))
def test_reading_tags_again_changes_nothing(given_: list[str]) -> None:
    once = tags_of(given_)
    assert tags_of(once) == once
    assert tags_of([", ".join(once)]) == once
