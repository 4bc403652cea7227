"""Where pages begin is followed through what is taken away of a text, and never guessed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.text.page_starts import followed, page_starts

WORDS = st.text("abc .1", min_size=1, max_size=12).filter(lambda line: any(map(str.isalnum, line)))
LINES = st.lists(WORDS, max_size=8)


def test_pages_begin_where_their_letters_do() -> None:
    text = "A council met. It went on\nand ended.\nThe end."
    starts = page_starts(["A council met. It", "went on and ended.", "The end."], text)
    assert [text[start:][:6] for start in starts] == ["A coun", "went o", "The en"]


def test_a_page_without_text_begins_where_the_next_does() -> None:
    assert page_starts(["One.", "", "Two."], "One.\nTwo.") == (0, 5, 5)
    assert page_starts(["One.", ""], "One.") == (0, 4)


def test_lines_that_go_and_what_goes_in_front_of_one_move_the_places() -> None:
    before = "Title\nBy A Name\nSALTMARSH, 3 June - The bridge closed.\n• It is old.\nShare this\nThe end."
    after = "The bridge closed.\nIt is old.\nThe end."
    starts = tuple(before.index(words) for words in ("Title", "bridge", "It is", "Share"))
    assert [after[start:][:6] for start in followed(starts, before, after)] == ["The br", "bridge", "It is ", "The en"]


def test_of_a_text_that_was_rewritten_nothing_is_told() -> None:
    before, after = "\n".join(f"line {n}" for n in range(60)), "\n".join(f"other words {n}b" for n in range(60))
    assert followed((0, 50), before, after) == ()


@given(LINES, st.data())
def test_a_place_at_a_line_that_stays_is_found_at_that_line(lines: list[str], data: st.DataObject) -> None:
    numbered = [f"{number:02} {line} end{number:02}" for number, line in enumerate(lines)]
    kept = [line for line in numbered if data.draw(st.booleans())]
    before, after = "\n".join(numbered), "\n".join(kept)
    starts = (0, *(before.index(line) for line in kept))
    moved = followed(starts, before, after)
    assert list(moved) == sorted(moved)
    assert moved[1:] == tuple(after.index(line) for line in kept)
