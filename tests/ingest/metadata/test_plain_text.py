"""What a bare text says about itself, and what it does not say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.metadata.plain_text import stated_in

BODY = "The council met on Monday. It chose a new chair."
NINETEENTH = datetime(2024, 6, 19, tzinfo=UTC)


def test_title_byline_and_date_above_the_text_are_read_and_taken_off() -> None:
    stated = stated_in(
        f"New chair for the council\n\nBy Ana Ruiz and Tom Hale, Harbour Standard\nJune 19, 2024\n\n{BODY}"
    )
    assert (stated.title, stated.outlet, stated.authors) == (
        "New chair for the council", "Harbour Standard", ("Ana Ruiz", "Tom Hale"),
    )  # fmt: skip
    assert (stated.published, stated.precision, stated.text) == (NINETEENTH, "day", BODY)


def test_header_lines_are_read() -> None:
    stated = stated_in(
        f"Title: New chair\nSource: Harbour Standard\nDate: 2024-06-19T10:30Z\nURL: https://x.example/a\n\n{BODY}"
    )
    assert (stated.title, stated.outlet, stated.url) == ("New chair", "Harbour Standard", "https://x.example/a")
    assert (stated.published, stated.text) == (NINETEENTH.replace(hour=10, minute=30), BODY)


def test_a_dateline_gives_outlet_and_date_and_stays_in_the_text() -> None:
    text = f"LONDON, June 19, 2024 (Reuters) - {BODY}"
    stated = stated_in(text)
    assert (stated.outlet, stated.published, stated.text) == ("Reuters", NINETEENTH, text)


def test_a_dateline_without_a_year_gives_no_date() -> None:
    stated = stated_in(f"LONDON, June 19 (Reuters) - {BODY}")
    assert (stated.outlet, stated.published) == ("Reuters", None)


@pytest.mark.parametrize(
    "line", ["Published: June 19, 2024", "Published on 19 June 2024", "Posted 2024-06-19", "19 June 2024"]
)
def test_a_line_that_states_the_date_is_read(line: str) -> None:
    stated = stated_in(f"{line}\n{BODY}")
    assert (stated.published, stated.text) == (NINETEENTH, BODY)


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        f"The ties are stronger than ever, Time notes.\n{BODY}\nRecall that on June 18 he arrived.",
        f"By Monday, the council had a new chair.\n{BODY}",
        f"Updated: June 19, 2024.\n{BODY}",
        "One line that has no full stop and no other line",
        f"- a list item\n{BODY}",
        "",
    ],
)
def test_what_the_text_does_not_state_stays_unknown(text: str) -> None:
    stated = stated_in(text)
    assert (stated.title, stated.outlet, stated.published, stated.authors) == ("", "", None, ())
    assert stated.text == text


def test_a_long_first_line_is_no_title() -> None:
    line = " ".join(["word"] * 30)
    assert stated_in(f"{line}\n{BODY}").title == ""


def test_a_line_beginning_with_by_is_no_byline_where_it_names_nobody() -> None:
    assert stated_in(f"A title\nBy Monday Night It Was Over, They Said\n{BODY}").authors == ()


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Harbour Standard, 19 June 2024", ()),
        ("Harbour Standard | June 19, 2024", ()),
        ("19 June 2024 - Harbour Standard", ()),
        ("Harbour Standard (19 June 2024)", ()),
        ("(Harbour Standard, 19 June 2024)", ()),
        ("Harbour Standard: 19 June 2024", ()),
        ("Source: Harbour Standard, 19 June 2024", ()),
        ("From the Harbour Standard of 19 June 2024", ()),
        ("Published by Harbour Standard on 19 June 2024", ()),
        ("Harbour Standard \u00b7 June 19, 2024 \u00b7 4 min read", ()),
        ("Harbour Standard - June 19, 2024 - 4 min read", ()),
        ("Harbour Standard \u2014 Wednesday 19 June 2024 \u2014 page 4", ()),
        ("Harbour Standard, 19 June 2024, p. A12", ()),
        ("Harbour Standard/19 June 2024", ()),
        ("First published: 19 June 2024 in the Harbour Standard", ()),
        ("Ana Ruiz, Harbour Standard, 19 June 2024", ("Ana Ruiz",)),
        ("By Ana Ruiz | Harbour Standard | 19 June 2024", ("Ana Ruiz",)),
    ],
)
@pytest.mark.parametrize("template", ["New chair for the council\n{}\n\n{}", "{}\nNew chair for the council\n\n{}"])
def test_a_line_of_outlet_and_date_is_read_above_and_below_the_title(
    template: str, line: str, authors: tuple[str, ...]
) -> None:
    stated = stated_in(template.format(line, BODY))
    assert (stated.title, stated.outlet, stated.authors) == ("New chair for the council", "Harbour Standard", authors)
    assert (stated.published, stated.precision, stated.text) == (NINETEENTH, "day", BODY)


@pytest.mark.parametrize(
    ("line", "outlet", "authors"),
    [
        ("The Harbour Standard | Wednesday, June 19, 2024 | Ana Ruiz", "The Harbour Standard", ("Ana Ruiz",)),
        ("Ana Ruiz · 19 June 2024 · The Harbour Standard", "The Harbour Standard", ("Ana Ruiz",)),
        ("Harbour Standard | 19 June 2024 | By Ana Ruiz", "Harbour Standard", ("Ana Ruiz",)),
        ("19 June 2024 | By Ana Ruiz | Harbour Standard", "Harbour Standard", ("Ana Ruiz",)),
        ("Harbour Standard | 19 June 2024 | Ana Ruiz", "", ()),
    ],
)
def test_names_around_a_date_are_told_apart_or_left_out(line: str, outlet: str, authors: tuple[str, ...]) -> None:
    stated = stated_in(f"New chair for the council\n{line}\n\n{BODY}")
    assert (stated.outlet, stated.authors, stated.published) == (outlet, authors, NINETEENTH)
    assert stated.text == BODY


def test_a_name_alone_between_byline_and_date_is_the_outlet() -> None:
    stated = stated_in(f"New chair for the council\nBy Ana Ruiz\nHarbour Standard\n19 June 2024\n\n{BODY}")
    assert (stated.outlet, stated.authors, stated.published, stated.text) == (
        "Harbour Standard",
        ("Ana Ruiz",),
        NINETEENTH,
        BODY,
    )
    assert stated_in(f"New chair\nHarbour Council\n19 June 2024\n\n{BODY}").outlet == ""


def test_a_place_with_a_date_is_no_outlet() -> None:
    stated = stated_in(f"New chair for the council\nNorthby, 19 June 2024\n\n{BODY}")
    assert (stated.outlet, stated.published, stated.text) == ("", NINETEENTH, BODY)


def test_an_author_in_a_place_is_no_outlet() -> None:
    stated = stated_in(f"New chair for the council\nAna Ruiz in Northby, 19 June 2024\n\n{BODY}")
    assert (stated.outlet, stated.authors, stated.published) == ("", ("Ana Ruiz",), NINETEENTH)


def test_the_source_that_a_cutting_names_at_its_end_is_read() -> None:
    stated = stated_in(f"New chair for the council\n\n{BODY}\n\n(Harbour Standard, 19 June 2024)\n")
    assert (stated.outlet, stated.published, stated.text) == ("Harbour Standard", NINETEENTH, BODY)


def test_an_author_with_a_place_and_a_labelled_source_below_a_title_are_read() -> None:
    above = "New chair for the council\nPublished: 19 June 2024\nBy Ana Ruiz in Northby\nSource: Harbour Standard"
    stated = stated_in(f"{above}\n\n{BODY}")
    assert (stated.outlet, stated.authors, stated.published, stated.text) == (
        "Harbour Standard",
        ("Ana Ruiz",),
        NINETEENTH,
        BODY,
    )


def test_a_byline_in_small_letters_names_author_and_outlet() -> None:
    stated = stated_in(f"New chair for the council\nby Ana Ruiz, for the Harbour Standard\n19 June 2024\n\n{BODY}")
    assert (stated.outlet, stated.authors, stated.text) == ("Harbour Standard", ("Ana Ruiz",), BODY)


@pytest.mark.parametrize("title", ["NEW CHAIR FOR THE COUNCIL", "New chair for the council"])
def test_a_title_before_outlet_and_date_is_the_title(title: str) -> None:
    stated = stated_in(f"{title} \u2014 Harbour Standard, 19 June 2024\n\n{BODY}")
    assert (stated.title, stated.authors, stated.outlet, stated.text) == (title, (), "Harbour Standard", BODY)


def test_a_sentence_that_ends_with_a_date_stays() -> None:
    text = f"The council votes on the pier, 19 June 2024\n{BODY}"
    assert stated_in(text).outlet == ""
    assert stated_in(f"A title\n{text}").published is None
