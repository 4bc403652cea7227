"""Two libraries with disjoint halves of the sample find what one library with the whole finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from eval import cases
from eval.datasets.ours.golden_halves import halves
from eval.runs.observe import articles_by_url, desk_over, desk_over_each
from ingest.sample import sample_folder
from rag.desk import Desk
from rag.settings import Settings
from rag.types import Evidence

READ = 12
"""Passages that are read for a question (the setting `max_passages`)."""

FLOOR = 0.02
"""So much less of the facts may be found over both halves."""


@pytest.fixture(scope="module")
def desks() -> Iterator[tuple[Desk, Desk]]:
    """Over the whole, and over both halves."""
    settings = Settings(embedder="hashing", vector_index="exact")
    with ExitStack() as opened:
        whole = opened.enter_context(desk_over([sample_folder()], settings))
        yield whole, opened.enter_context(desk_over_each(halves(), settings))


def test_the_halves_are_disjoint_and_of_one_size() -> None:
    one, other = halves()
    assert not {*one} & {*other}
    assert abs(len(one) - len(other)) <= 1


def test_the_halves_hold_the_articles_and_the_stories_of_the_whole(desks: tuple[Desk, Desk]) -> None:
    whole, both = desks
    assert [ref.id for ref in both.articles()] == [ref.id for ref in whole.articles()]
    assert {ref.library for ref in both.articles()} == {"part-0", "part-1"}
    stories: list[set[frozenset[str]]] = []
    for desk in desks:
        archive = desk.library.archive
        named = set(archive.stories_of(archive.article_ids()).values())
        members = archive.story_members(sorted(named)).values()
        stories.append({frozenset(ref.id for ref in refs) for refs in members})
    assert stories[0] == stories[1]


def test_the_facts_of_the_golden_questions_are_found_over_both_as_over_the_whole(desks: tuple[Desk, Desk]) -> None:
    loaded = [case for case in cases.load_cases(cases.golden_files()) if case.facts and not case.history]
    located = cases.locate(loaded, articles_by_url(desks[0]))
    whole, both = (sum(_found(desk, one) for one in located) / len(located) for desk in desks)
    assert both >= whole - FLOOR


def _found(desk: Desk, located: cases.LocatedCase) -> float:
    """The share of a case's facts that stand in the passages that are read for it."""
    evidence = desk.search(located.case.question, limit=READ)
    return sum(any(_holds(one, span) for one in evidence for span in spans) for spans in located.facts) / len(
        located.facts
    )


def _holds(one: Evidence, span: cases.GoldSpan) -> bool:
    passage = one.passage
    is_here = passage.article.id == span.article_id and passage.start <= span.start and span.end <= passage.end
    return is_here or (span.text in passage.text and span.article_id in {ref.id for ref in one.copies})
