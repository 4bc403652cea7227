"""Addresses of articles and quotes: they open what they were made for, or say that it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from rag import open_desk
from rag.desk import Desk
from rag.types import Citation
from web.page.chat import panel_html
from web.page.html.article import LOST
from web.page.places import opened_place, quote_reference

TEXT = "The harbour of Kell froze on Monday. Two ferries stayed in port. Nobody was hurt."
QUOTE = "Two ferries stayed in port."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    file = tmp_path / "kell.md"
    file.write_text(
        f"---\ntitle: Ice at Kell\noutlet: Kell Post\nurl: https://kell.example/ice\n---\n{TEXT}\n", "utf-8"
    )
    with open_desk(tmp_path / "library", stay_open=False) as opened:
        ingest([file], opened.library)
        yield opened


def reference(desk: Desk) -> str:
    (ref,) = desk.articles()
    start = desk.article(ref.id).text.index(QUOTE)
    return quote_reference(Citation(marker=1, article=ref, start=start, end=start + len(QUOTE), quote=QUOTE))


def test_the_address_of_a_quote_opens_its_article_at_its_words(desk: Desk) -> None:
    opened = opened_place(desk, reference(desk))
    assert opened is not None
    assert (opened.quote, opened.is_lost) == (QUOTE, False)


def test_where_other_words_stand_nothing_is_marked_and_the_article_says_so(desk: Desk, tmp_path: Path) -> None:
    name = reference(desk)
    file = tmp_path / "kell.md"
    file.write_text(file.read_text("utf-8").replace("Two ferries", "Six ferries"), "utf-8")
    ingest([file], desk.library)
    html = panel_html(desk, lambda: opened_place(desk, name), name)
    assert LOST in html
    assert "<mark>" not in html


@pytest.mark.parametrize(
    "given", ["", "article:", "article:nothing", "quote:x", "quote:x:1-2-zzzzzzzz", "0:citation:1"]
)
def test_what_names_nothing_opens_nothing(desk: Desk, given: str) -> None:
    assert opened_place(desk, given) is None


def test_half_a_character_names_nothing(desk: Desk) -> None:
    assert opened_place(desk, "article:\ud800") is None
    assert opened_place(desk, "article:\x00") is None
