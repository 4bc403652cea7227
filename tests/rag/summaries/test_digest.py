"""A week or month rolled up from storylines: what was known before, what came, nothing twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rag.storage.library import Library
from rag.summaries.digest import Digest, Span, build_digest, days_of, digest_json
from tests.rag.makers import library_with
from tests.rag.summaries.test_storylines import CUP, END, STRIKE, TALKS

NOW = datetime(2024, 5, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder: Path = tmp_path_factory.mktemp("digest") / "library"
    with library_with(folder, [STRIKE, TALKS, END, CUP]) as opened:
        yield opened


def told(library: Library, last: int, span: Span = "week") -> Digest:
    return build_digest(library, days_of(span, date(2024, 5, last)), now=NOW)


def test_a_week_tells_what_came_after_what_was_known(library: Library) -> None:
    found = told(library, 12)
    assert {note.day.day for story in found.stories for note in story.notes} == {9}
    strike = next(story for story in found.stories if TALKS.ref in story.articles)
    assert [note.day.day for note in strike.earlier] == [2]
    assert {ref.id for story in found.stories for ref in story.articles} == {TALKS.ref.id, CUP.ref.id}
    assert found.in_words == "6 to 12 May 2024: 2 stories, 1 of them from before."


def test_a_month_tells_each_day_of_its_storylines(library: Library) -> None:
    first = told(library, 30, "month").stories[0]
    assert (first.earlier, [note.day.day for note in first.notes]) == ((), [2, 9, 16])


def test_quotes_are_exact_said_once_and_numbered_through(library: Library) -> None:
    quotes = list(told(library, 30, "month").citations)
    assert [quote.marker for quote in quotes] == list(range(1, len(quotes) + 1))
    assert len({quote.quote for quote in quotes}) == len(quotes)
    for quote in quotes:
        stored = library.archive.article(quote.article.id)
        assert stored is not None
        assert stored.text[quote.start : quote.end] == quote.quote


def test_a_week_without_news_says_so(library: Library) -> None:
    found = told(library, 31)
    assert (found.stories, found.in_words) == ((), "25 to 31 May 2024: no story.")


def test_the_same_library_and_day_give_the_same_digest(library: Library) -> None:
    assert json.dumps(digest_json(told(library, 12))) == json.dumps(digest_json(told(library, 12)))
