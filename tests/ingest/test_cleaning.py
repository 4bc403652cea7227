"""What is an article and what is the page around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.characters import normalised, one_line
from ingest.cleaning import cleaned

BODY = ["The council met on Monday.", "It chose a new chair, Ana Ruiz.", "She will serve for two years."]


def page(*lines: str) -> str:
    return "\n".join(lines)


@pytest.mark.parametrize(
    "furniture",
    [
        ["Related topics:", "More news"],
        ["Related topics:", "Councils", "Ana Ruiz", "More news", "Bridge opens after a year", "- Ferry delayed again"],
        ["Read also: Bridge opens after a year"],
        ["READ MORE: https://news.example/bridge"],
        ["Advertisement"],
        ["Subscribe to our newsletter and never miss a story."],
        ["Follow us on Telegram and Facebook!"],
        ["Share", "Facebook", "Twitter", "Copy link"],
        ["Photo: Lea Orne"],
        ["(Photo by Lea Orne/Getty Images)"],
        ["Lea Orne/AFP"],
        ["REUTERS/Lea Orne"],
        ["© 2024 Harbour Standard. All rights reserved."],
        ["Tags: council, chair, vote"],
        ["Lire aussi : Le pont rouvre"],
        ["Читайте також:", "Міст відкрито"],
        ["* * *"],
        ["You may also like", "", "Bridge opens after a year", "", "Ferry delayed again"],
    ],
    ids=lambda lines: lines[0],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_furniture_below_the_article_goes(furniture: list[str], between: str) -> None:
    body = between.join(BODY)
    assert cleaned(body + between + page(*furniture)) == body


@pytest.mark.parametrize(
    "furniture",
    [["Advertisement"], ["Read also:", "- Bridge opens", "- Ferry delayed"], ["Related topics:", "Bridge opens", ""]],
)
def test_furniture_between_paragraphs_goes_and_the_paragraphs_stay(furniture: list[str]) -> None:
    text = page(BODY[0], *furniture, BODY[1], BODY[2])
    assert [line for line in cleaned(text).split("\n") if line] == BODY


@pytest.mark.parametrize(
    "sentence",
    [
        "Related topics were discussed for an hour.",
        "More news is expected on Tuesday.",
        "Advertisements for the post had appeared in March.",
        "Read more books, the minister told pupils.",
        "Share prices fell by 4 percent.",
        "Photo by photo, the archive grew.",
        "Follow-up talks are planned.",
        "Facebook",
        "Topics ranged from ferries to fares.",
        "“Subscribe to my view or leave,” he told the council.",
        "Images of the bridge were shown in court.",
        "Reuters reported that the bridge was closed.",
    ],
)
def test_an_ordinary_sentence_stays(sentence: str) -> None:
    text = page(BODY[0], sentence, BODY[1])
    assert cleaned(text) == text


def test_a_sentence_right_under_a_marker_stays() -> None:
    assert cleaned(page(BODY[0], "More news", BODY[1])) == page(BODY[0], BODY[1])


def test_a_heading_between_links_and_prose_stays() -> None:
    text = page(BODY[0], "Read also", "Bridge opens", "Ferry delayed", "What comes next", BODY[1])
    assert cleaned(text) == page(BODY[0], "What comes next", BODY[1])


TEASER = "The council has a new chair after months of dispute."


def test_a_standfirst_that_stands_again_is_kept_once() -> None:
    assert cleaned(page(TEASER, *BODY, TEASER, "It ended.")) == page(*BODY, TEASER, "It ended.")
    assert cleaned(page(TEASER, BODY[0], f"{TEASER} It took a year.")) == page(BODY[0], f"{TEASER} It took a year.")


def test_a_refrain_far_below_is_no_standfirst() -> None:
    text = page(TEASER, *(f"Paragraph number {number} says something." for number in range(20)), TEASER)
    assert cleaned(text) == text


def test_list_items_lose_their_bullets_and_keep_their_lines_and_numbers() -> None:
    assert cleaned("It said:\n- The bans apply.\n• Others follow.\n1. Restart.\n-5 degrees") == (
        "It said:\nThe bans apply.\nOthers follow.\n1. Restart.\n-5 degrees"
    )


def test_a_title_that_stands_again_above_the_text_goes() -> None:
    assert cleaned(page("New chair for the council", "", *BODY), title="New Chair for the Council") == page(*BODY)


def test_a_page_of_nothing_but_furniture_is_empty() -> None:
    assert cleaned("Advertisement\n\nShare\nTweet\n\nRelated topics:\nCouncils") == ""


@given(
    st.lists(st.sampled_from([*BODY, "", "More news", "A heading", "- a link", "Share", "Tweet", TEASER, "***"])).map(
        "\n".join
    )
)
def test_cleaning_only_takes_lines_away_and_never_an_ordinary_sentence(text: str) -> None:
    kept = cleaned(text).split("\n")
    assert set(kept) <= {*text.split("\n"), "a link", ""}
    assert {line for line in text.split("\n") if line in (*BODY, TEASER)} <= set(kept)


@given(st.text())
def test_normalised_characters_stay_normalised(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once
    once.encode()


def test_control_and_invisible_characters_go_and_line_breaks_are_one_kind() -> None:
    assert normalised("a\x00b\x1b[31mc\u200b\u202ed\ufeff\ud800") == "ab[31mcd"
    assert normalised("a\r\nb\rc\u2028d\x85e\tf") == "a\nb\nc\nd\ne\tf"
    assert normalised("e\u0301") == "é"
    assert normalised("visible\U000e0069\U000e0067") == "visible"


def test_names_are_one_line() -> None:
    assert one_line("  A\n title\u200b ") == "A title"
