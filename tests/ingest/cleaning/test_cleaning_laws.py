"""What holds for the cleaning of any text: it is done once, it only takes lines away, and its work is bounded."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cleaning import boilerplate
from ingest.cleaning.boilerplate import MAX_BOILERPLATE_CHARACTERS, cleaned

BODY = ["The council met on Monday.", "It chose a new chair, Ana Ruiz.", "She will serve for two years."]
TEASER = "The council has a new chair after months of dispute."
LINES = [
    *BODY, TEASER, "", "***", "A heading", "Related stories:", "More news", "- a link", "1. A numbered link", "Share",
    "Tweet", "Facebook", "Print", "By Ana Ruiz", "New chair", "14:05", "Reuters", "— Reuters", "Advertisement",
    "Photo: Lea Orne", "Updated March 4, 2024, 9:02 a.m. ET", "This is a developing story.", "* - Read more",
    "Follow @anaruiz on X.", "Correction: The vote was on Monday.", "More: Bridge opens after a year",
    f"{TEASER} It took a year.", "- By Ana Ruiz",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(LINES) | st.text(max_size=20)).map("\n".join)


@given(TEXTS, st.sampled_from(["", "New chair", TEASER]))
def test_cleaning_what_is_clean_changes_nothing(text: str, title: str) -> None:
    once = cleaned(text, title=title)
    assert cleaned(once, title=title) == once


@given(TEXTS)
def test_every_line_was_a_line_of_the_text_and_their_order_is_kept(text: str) -> None:
    given_lines = iter(line.strip() for line in text.split("\n"))
    for line in filter(None, cleaned(text).split("\n")):
        assert any(
            line == before or re.fullmatch(rf"(?:[-*•·▪►]\s+)+{re.escape(line)}", before) for before in given_lines
        )


@given(TEXTS)
def test_no_sentence_and_no_correction_is_lost(text: str) -> None:
    given_lines = {line.strip() for line in text.split("\n")}
    kept = cleaned(text)
    for sentence in (*BODY, TEASER, "Correction: The vote was on Monday."):
        assert sentence not in given_lines or sentence in kept


HOSTILE = [
    "Share ", "by A ", "a@", "a.a.", "By A and ", "photo: A/", "this story ", "1:1 ", "sign up for a ", "- ", "'\"“",
    "reporting, editing and ", "A contributed ", "more new ", "©", "14:05 | ", "news, news ", "Follow A ",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("size", [MAX_BOILERPLATE_CHARACTERS - 1, 200_000])
def test_no_hostile_line_is_too_much_work(unit: str, size: int) -> None:
    line = (unit * size)[:size].strip()
    text = "\n".join([*BODY, *[f"{line}{number}" for number in range(3)]])
    assert cleaned(cleaned(text)) == cleaned(text)


def test_no_rule_reads_a_line_longer_than_any_boilerplate(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def recording(line: str) -> bool:
        read.append(len(line))
        return False

    for rule in ("is_notice", "is_credit", "is_contact", "is_byline", "is_correction", "timestamp_kind"):
        monkeypatch.setattr(boilerplate, rule, recording)
    lengths = (10_000, MAX_BOILERPLATE_CHARACTERS, MAX_BOILERPLATE_CHARACTERS + 1)
    cleaned("\n".join(["Related:", *("x" * length for length in lengths), *("y " * length for length in lengths)]))
    assert max(read) == MAX_BOILERPLATE_CHARACTERS


@pytest.mark.parametrize(
    "lines",
    [
        ["Related:", "", "A link", ""] * 500 + [BODY[0]],
        ["Related:", "A link"] * 500 + [BODY[0]],
        [TEASER] * 1000,
        ["Share", TEASER] * 500,
        ["14:05"] * 1000,
    ],
    ids=["links", "links without blank lines", "teasers", "teasers and buttons", "times"],
)
def test_the_work_grows_with_the_number_of_lines_and_no_faster(
    lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0

    def counted(rule: Callable[[str], bool]) -> Callable[[str], bool]:
        def counting(line: str) -> bool:
            nonlocal looks
            looks += 1
            return rule(line)

        return counting

    for name in ("_is_link", "_is_above_text", "_is_button", "_is_time", "_ends_sentence"):
        monkeypatch.setattr(boilerplate, name, counted(getattr(boilerplate, name)))
    cleaned("\n".join(lines))
    assert 0 < looks <= 60 * len(lines)
