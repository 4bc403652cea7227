"""A story is told by what happened first, each thing once, and whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.storage.library import Library
from rag.summaries.source_sentences import source_sentences
from rag.summaries.story_quotes import story_quotes
from rag.summaries.summary_types import Length
from rag.testing import make_article
from rag.types import Article
from tests.rag.makers import library_with

REPORT = make_article(
    "OSTREL — The council of Ostrel voted by 31 votes to 13 on Monday to close the old bridge over the Dray.\n\n"
    "However, the mayor did not attend. Mayor Anna Hale was in Lindow that day. Hale will sign the order in May.\n\n"
    "Reporters of the Harbour Post counted the votes twice.",
    title="Ostrel votes to close old bridge",
    outlet="Harbour Post",
    url="https://post.example/bridge",
    published="2024-05-06T09:00:00+00:00",
)
CORRECTION = make_article(
    "An article about the old bridge of Ostrel gave a wrong figure for the vote of the council.\n\n"
    "The article said that the council had voted by 31 votes to 13. That was wrong. It voted by 31 votes to 12.",
    title="Correction: the vote on the old bridge of Ostrel",
    outlet="Harbour Post",
    url="https://post.example/correction",
    published="2024-05-07T09:00:00+00:00",
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_with(tmp_path / "library", [REPORT, CORRECTION]) as opened:
        yield opened


def quotes(library: Library, *articles: Article, sentences: int = 3) -> list[str]:
    found = story_quotes(library, [one.ref.id for one in articles], length=Length(sentences=sentences))
    return [quote.quote for quote in found.quotes]


def test_what_happened_stands_first_and_without_its_dateline(library: Library) -> None:
    assert quotes(library, REPORT)[0].startswith("The council of Ostrel voted by 31 votes")


def test_a_correction_gives_the_figure_in_the_place_of_the_wrong_one(library: Library) -> None:
    first, *others = quotes(library, REPORT, CORRECTION, sentences=4)
    assert first.startswith("The council of Ostrel voted")
    told = " ".join(others)
    assert "That was wrong. It voted by 31 votes to 12." in told
    assert "gave a wrong figure" not in told


def test_what_another_story_said_is_not_said_again(library: Library) -> None:
    told = story_quotes(library, [REPORT.ref.id], length=Length(sentences=1))
    again = story_quotes(library, [REPORT.ref.id], length=Length(sentences=5), said=np.asarray(told.vectors))
    assert told.quotes[0].quote not in [quote.quote for quote in again.quotes]


def test_an_outlet_that_speaks_of_its_own_work_is_not_quoted(library: Library) -> None:
    assert not [one for one in quotes(library, REPORT, sentences=9) if "Reporters of" in one]


def test_who_was_named_in_full_before_is_known_by_surname_only_after(library: Library) -> None:
    sentences = source_sentences(library.archive.passages(REPORT.ref.id), most=20)
    assert [sorted(one.by_surname) for one in sentences if "sign" in one.text] == [["hale"]]
    assert not [one for one in sentences if one.by_surname and "sign" not in one.text]
