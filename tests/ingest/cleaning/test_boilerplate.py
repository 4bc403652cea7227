"""What is an article and what is the page around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cleaning.boilerplate import cleaned
from ingest.text.unicode import normalised, one_line

BODY = ["The council met on Monday.", "It chose a new chair, Ana Ruiz.", "She will serve for two years."]


def page(*lines: str) -> str:
    return "\n".join(lines)


@pytest.mark.parametrize(
    "boilerplate",
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
        ["Load more updates", "Pinned", "Reply", "Report this comment"],
        ["View all comments (12)", "Be the first to comment"],
        ["Teilen"],
        ["Tags: council, chair, vote"],
        ["Lire aussi : Le pont rouvre"],
        ["Читайте також:", "Міст відкрито"],
        ["* * *"],
        ["You may also like", "", "Bridge opens after a year", "", "Ferry delayed again"],
        ["More: Bridge opens after a year of repairs"],
        ["Live updates: Storm reaches the harbour"],
        ["Reporting by Ana Ruiz; Editing by Ben Cole"],
        ["Ana Ruiz contributed to this report."],
        ["Ana Ruiz is a reporter for the Harbour Standard. Email her at ana@harbour.example."],
        ["Sign up for our newsletter."],
        ["We use cookies to improve your visit. You can change this at any time."],
        ["This is a developing story. Check back for updates."],
        ["This story was updated to add new information."],
        ["Updated March 4, 2024, 9:02 a.m. ET"],
    ],
    ids=lambda lines: lines[0],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_boilerplate_below_the_article_goes(boilerplate: list[str], between: str) -> None:
    body = between.join(BODY)
    assert cleaned(body + between + page(*boilerplate)) == body


@pytest.mark.parametrize(
    "boilerplate",
    [["Advertisement"], ["Read also:", "- Bridge opens", "- Ferry delayed"], ["Related topics:", "Bridge opens", ""]],
)
def test_boilerplate_between_paragraphs_goes_and_the_paragraphs_stay(boilerplate: list[str]) -> None:
    text = page(BODY[0], *boilerplate, BODY[1], BODY[2])
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
        "This is a developing story. Three people were hurt.",
        "More: 45 people were hurt on Monday.",
        "Related: three people died in a crash last year.",
        "Watch: Harbour TV and its app",
        "March 4, 2024",
        "8 p.m.",
        "Email",
    ],
)
def test_an_ordinary_sentence_stays(sentence: str) -> None:
    text = page(BODY[0], sentence, BODY[1])
    assert cleaned(text) == text


@pytest.mark.parametrize(
    "correction",
    [
        "Correction: An earlier version of this story gave the wrong date.",
        "This story has been updated to correct the name of the chair.",
        "(This story was updated to add new information. It has also been corrected to fix a date.)",
        "This article was updated to add a photo and a clarification",
        "Clarification",
        "Editor's note: This story has been updated to add new information.",
        "Berichtigung: In einer früheren Fassung stand ein falsches Datum",
    ],
)
@pytest.mark.parametrize("above", ["", "Related stories:\n", "Read more\n\nBridge opens\n"])
def test_a_correction_stays_wherever_it_stands(correction: str, above: str) -> None:
    for text in (f"{above}{correction}\n{page(*BODY)}", f"{page(*BODY)}\n{above}{correction}"):
        assert correction in cleaned(text).split("\n")


def test_a_sentence_right_under_a_marker_stays() -> None:
    assert cleaned(page(BODY[0], "More news", BODY[1])) == page(BODY[0], BODY[1])


def test_an_introduction_or_a_caption_of_several_sentences_is_no_link() -> None:
    text = page(*BODY, "Some figures:", "The bridge in May. It was closed then (Harbour Museum)")
    assert cleaned(page(*BODY, "Read more", *text.split("\n")[3:])) == text


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


@pytest.mark.parametrize("times", [4, 5, 9])
def test_what_is_said_again_and_again_to_be_found_stays_as_it_is(times: int) -> None:
    text = "\n\n".join(["The ferry of Saltmarsh sank on Monday, the mayor said."] * times)
    assert cleaned(text) == text


def test_a_title_that_stands_again_above_the_text_goes() -> None:
    assert cleaned(page("New chair for the council", "", *BODY), title="New Chair for the Council") == page(*BODY)


@pytest.mark.parametrize(
    "head",
    [
        ["By Ana Ruiz"],
        ["New chair for the council", "By Ana Ruiz and Ben Cole", "March 4, 2024, 9:02 a.m. ET"],
        ["Share", "Facebook", "Staff writer"],
        [TEASER, "By Ana Ruiz", "14:05", TEASER],
    ],
)
def test_bylines_and_times_above_the_text_go(head: list[str]) -> None:
    assert cleaned(page(*head, *BODY), title="New chair for the council") in (page(*BODY), page(TEASER, *BODY))


@pytest.mark.parametrize("line", ["By Ana Ruiz", "By Night and Fog", "Reuters", "Staff writer"])
def test_a_line_like_a_byline_stays_below_the_head(line: str) -> None:
    text = page(*BODY, "White Harbour", line, "Black Harbour")
    assert cleaned(text) == text


def test_a_time_goes_where_it_heads_an_entry_of_a_live_blog() -> None:
    assert cleaned(page(*BODY, "14:05 GMT", "The bridge opened.", "2h ago", "The bridge closed.")) == page(
        *BODY, "The bridge opened.", "The bridge closed."
    )


def test_a_time_stays_in_a_programme() -> None:
    text = page(*BODY, "Monday's ferries", "14:05 GMT", "North Harbour", "15:05 GMT", "South Harbour")
    assert cleaned(text) == text


def test_names_of_networks_stay_where_nothing_calls_to_share() -> None:
    text = page(*BODY, "Facebook", "Instagram", "Email")
    assert cleaned(text) == text


def test_a_page_of_nothing_but_boilerplate_is_empty() -> None:
    assert cleaned("Advertisement\n\nShare\nTweet\n\nRelated topics:\nCouncils") == ""


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


def test_a_name_that_is_cut_ends_in_no_space() -> None:
    assert one_line("Lock and quay", at_most=9) == "Lock and"
    assert one_line("Lock and quay", at_most=10) == "Lock and q"
