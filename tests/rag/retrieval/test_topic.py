"""Which articles are about a topic: of one word, those that keep to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.retrieval.topic import ranks_about
from rag.scope import Scope
from rag.storage.library import Library
from rag.testing import make_article
from tests.rag.makers import library_with

FILLER = " ".join(
    f"The path to the {number} old mills of the Dray valley is steep and long." for number in range(40, 70)
)
HIKES = make_article(
    f"{FILLER} A war was fought here once. {FILLER}", title="Ten hikes in the Dray valley", article_id="hikes"
)
FRONT = make_article(
    f"{' '.join('The war went on at Ostrel, and nobody slept.' for _ in range(60))}",
    title="Shells fall on Ostrel",
    article_id="front",
)
NOTICE = make_article("The war in the Dray valley is over.", title="Peace at last", article_id="notice")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_with(tmp_path / "library", [HIKES, FRONT, NOTICE]) as opened:
        yield opened


def about(library: Library, topic: str) -> set[str]:
    return set(ranks_about(library, topic, scope=Scope(), now=datetime(2024, 5, 8, tzinfo=UTC)))


def test_one_mention_makes_a_long_article_not_one_about_the_word(library: Library) -> None:
    assert about(library, "war") == {"front", "notice"}


def test_a_word_of_the_headline_is_what_the_article_is_about(library: Library) -> None:
    assert "hikes" in about(library, "hikes")


def test_each_part_of_a_topic_is_looked_for(library: Library) -> None:
    assert about(library, "war, hikes") == {"front", "notice", "hikes"}
