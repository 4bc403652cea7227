"""Stories over days: what goes on is one line of dated notes, each new and exact; what only sounds alike is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from rag.storage.library import Library
from rag.summaries.story_clustering import ArticleFeatures, storylines
from rag.summaries.story_texts import silent, story_texts
from rag.summaries.storylines import Storyline, build_storylines, storyline_of, storylines_json
from rag.testing import make_article
from rag.types import Article
from tests.rag.makers import library_with

NOW = datetime(2024, 5, 31, tzinfo=UTC)


def article(title: str, text: str, day: int, outlet: str = "Lindow Echo") -> Article:
    url = f"https://{outlet.lower().replace(' ', '-')}.example/{title.lower().replace(' ', '-')}"
    return make_article(text, title=title, outlet=outlet, url=url, published=f"2024-05-{day:02}T09:00:00+00:00")


STRIKE = article("Dray ferry crews strike", "Ferry crews in Dray began a strike over pay at the Dray ferry company.", 2)
TALKS = article(
    "Dray ferry strike talks fail", "Talks on pay between ferry crews and the Dray ferry company failed in Lindow.", 9
)
END = article(
    "Dray ferry strike ends", "The strike of ferry crews at the Dray ferry company ended with 4% more pay.", 16
)
CUP = article("Lindow wins the cup", "Lindow beat Ostrel in the final of the county cup on Thursday.", 9)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_with(tmp_path / "library", [STRIKE, TALKS, END, CUP]) as opened:
        yield opened


def told(library: Library, topic: str = "") -> tuple[Storyline, ...]:
    return build_storylines(library, topic=topic, now=NOW)


def test_what_goes_on_is_one_line_of_dated_notes_oldest_first(library: Library) -> None:
    (line,) = told(library)
    assert [note.day.day for note in line.notes] == [2, 9, 16]
    assert {ref.id for ref in line.articles} == {STRIKE.ref.id, TALKS.ref.id, END.ref.id}


def test_notes_are_exact_and_each_says_something_else(library: Library) -> None:
    (line,) = told(library)
    quotes = [note.quote for note in line.notes]
    assert len({quote.quote for quote in quotes}) == len(quotes)
    assert [quote.marker for quote in quotes] == [1, 2, 3]
    for quote in quotes:
        stored = library.archive.article(quote.article.id)
        assert stored is not None
        assert stored.text[quote.start : quote.end] == quote.quote


def test_an_event_of_several_days_is_noted_with_how_it_ended(tmp_path: Path) -> None:
    semis = [
        article(
            f"{town} sees Lindow reach the cup final", f"Lindow beat Dray in the {town} semifinal of the cup.", 7, town
        )
        for town in ("Ostrel", "Eden", "Kell")
    ]
    final = article("Lindow wins cup", "Lindow beat Port Eden by three goals to none, and Ann Hale got the cup.", 9)
    with library_with(tmp_path / "cup", [*semis, final]) as library:
        line = storyline_of(library, [story_texts(library, library.archive.refs(), silent)])
        assert line is not None
        assert [(note.day.day, len(note.articles)) for note in line.notes] == [(7, 3), (9, 1)]
        assert line.notes[-1].quote.article.id == final.ref.id
        assert line.title == final.ref.title


def test_a_topic_also_tells_what_happened_once(library: Library) -> None:
    assert [[ref.id for ref in line.articles] for line in told(library, "county cup final")] == [[CUP.ref.id]]


def test_the_same_library_gives_the_same_storylines(library: Library) -> None:
    assert json.dumps(storylines_json(told(library))) == json.dumps(storylines_json(told(library)))


def features(angle: float, day: float | None) -> ArticleFeatures:
    vector = np.array([np.cos(angle), np.sin(angle)], dtype=np.float32)
    return ArticleFeatures(vector=vector, terms=frozenset(), published=None if day is None else day * 86400)


def test_after_a_long_silence_a_story_begins_anew() -> None:
    sketches = [features(0, 0), features(0, 10), features(0, 30)]
    assert storylines(sketches, [[0], [1], [2]]) == [[0, 1], [2]]


def test_what_is_not_alike_is_another_story() -> None:
    assert storylines([features(0, 0), features(1.5, 1)], [[0], [1]]) == [[0], [1]]


def test_undated_events_belong_to_no_storyline() -> None:
    assert storylines([features(0, 0), features(0, None)], [[0], [1]]) == [[0]]


def test_without_events_there_is_no_storyline() -> None:
    assert storylines([], []) == []
