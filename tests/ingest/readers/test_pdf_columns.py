"""PDF pages set in columns and tables are read in the order in which people read them."""

from __future__ import annotations

import textwrap

import pytest

from tests.ingest.readers.pdf_files import MET, ROSE, article, document, wrapped


def placed(*pieces: tuple[float, float, str], size: float = 10) -> bytes:
    """The page's program that draws each text at its place, in the order given, all in one text object."""
    drawn = [f"/F1 {size} Tf 1 0 0 1 {left} {bottom} Tm ({text}) Tj" for left, bottom, text in pieces]
    return f"BT {' '.join(drawn)} ET".encode("cp1252")


def columns(*texts: str, width: int = 34) -> list[list[tuple[float, float, str]]]:
    wrapped_texts = [textwrap.wrap(text, width) for text in texts]
    return [
        [(50 + 180 * number, 700 - 12 * line, words) for line, words in enumerate(lines)]
        for number, lines in enumerate(wrapped_texts)
    ]


def across(given: list[list[tuple[float, float, str]]]) -> list[tuple[float, float, str]]:
    return sorted((piece for column in given for piece in column), key=lambda piece: (-piece[1], piece[0]))


THIRD = "Fishermen asked for better berths. The mayor answered that the town had no money left for any of it this year."


@pytest.mark.parametrize("count", [2, 3])
def test_columns_are_read_one_after_the_other_however_they_were_drawn(count: int) -> None:
    texts = (MET, ROSE, THIRD)[:count]
    given = columns(*texts)
    one_after_the_other = [piece for column in given for piece in column]
    for pieces in (one_after_the_other, across(given)):
        assert article(document([placed(*pieces)])).text.split("\n") == list(texts)


def test_columns_whose_lines_do_not_stand_beside_each_other_are_read_one_after_the_other() -> None:
    first, second = columns(MET, ROSE)
    shifted = [(left, bottom - 5, text) for left, bottom, text in second]
    assert article(document([placed(*across([first, shifted]))])).text.split("\n") == [MET, ROSE]


def test_a_headline_across_the_columns_and_a_line_at_the_foot_stand_alone() -> None:
    head, foot = (
        placed((50, 760, "Harbour council elects a chair"), size=20),
        placed((50, 40, "Harbour Standard"), size=8),
    )
    found = article(document([head + b" " + placed(*across(columns(MET, ROSE))) + b" " + foot]))
    assert (found.title, found.text.split("\n")) == ("Harbour council elects a chair", [MET, ROSE, "Harbour Standard"])


def test_a_word_is_joined_within_its_column_alone() -> None:
    left = ["The council met in the old hall and wel-", "comed the new chair. Nobody had ever pas-"]
    right = [
        "tric a motion so fast, said the secretary",
        "of the council. Some had asked for well-",
        "paid posts in the harbour of the town.",
    ]
    pieces = [(50.0, 700.0 - 12 * line, text) for line, text in enumerate([*left, *left, *left])]
    pieces += [(300.0, 700.0 - 12 * line, text) for line, text in enumerate([*right, *right])]
    text = article(document([placed(*across([pieces]))])).text
    assert "welcomed the new chair" in text
    assert "well-paid posts" in text
    assert not any(joined in text for joined in ("pastric", "weltric", "wellpaid", "pascomed"))


def test_cells_of_a_table_stay_apart() -> None:
    rows = [("Landing", "Weeks", "Crowns"), ("East pier", "11", "2400"), ("West pier", "4", "900")]
    cells = [
        (left, 640.0 - 14 * line, text)
        for line, row in enumerate(rows)
        for left, text in zip((50, 160, 230), row, strict=True)
    ]
    prose = [(50.0, 700.0 - 12 * line, text) for line, text in enumerate(wrapped(MET))]
    found = article(document([placed(*prose, *cells)]))
    assert found.text.split("\n") == [MET, "Landing | Weeks | Crowns", "East pier | 11 | 2400", "West pier | 4 | 900"]


def test_lines_that_begin_further_in_make_no_column() -> None:
    lines = wrapped(MET, ROSE, MET)
    pieces = [(62.0 if number % 3 == 0 else 50.0, 700.0 - 12 * number, line) for number, line in enumerate(lines)]
    assert article(document([placed(*pieces)])).text.split() == f"{MET} {ROSE} {MET}".split()
