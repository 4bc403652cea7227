"""Stories: which articles a briefing puts together, and that every article is in exactly one of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.summaries.story_clustering import DAYS_APART, ArticleFeatures, clusters, sketch

DAY = 86400.0


def at(*vector: float, terms: str = "", day: float | None = None) -> ArticleFeatures:
    pointing = np.array(vector, dtype=np.float32)
    return ArticleFeatures(
        vector=pointing / np.linalg.norm(pointing),
        terms=frozenset(terms.split()),
        published=None if day is None else day * DAY,
    )


def test_articles_with_one_direction_and_the_same_names_are_one_story() -> None:
    assert clusters([at(1, 0, terms="oran quake"), at(0, 1, terms="cup lindow"), at(1, 0.1, terms="oran quake")]) == [
        [0, 2], [1],
    ]  # fmt: skip


def test_other_names_keep_articles_of_one_topic_apart() -> None:
    near = [at(1, 0.9, terms="oran mayor"), at(0.9, 1, terms="oran mayor"), at(0.2, 1, terms="korrin miners")]
    assert clusters(near, alike=0.8) == [[0, 1], [2]]


def test_the_same_words_days_later_are_another_story() -> None:
    assert clusters([at(1, 0, terms="cup", day=0), at(1, 0, terms="cup", day=DAYS_APART + 0.1)]) == [[0], [1]]
    assert clusters([at(1, 0, terms="cup", day=0), at(1, 0, terms="cup", day=DAYS_APART - 0.1)]) == [[0, 1]]


def test_an_undated_article_may_join() -> None:
    assert clusters([at(1, 0, terms="cup", day=0), at(1, 0, terms="cup")]) == [[0, 1]]


def test_a_chain_of_neighbours_is_no_story_where_its_ends_have_nothing_in_common() -> None:
    chain = [at(np.cos(turn), np.sin(turn)) for turn in np.linspace(0, np.pi / 2, 7)]
    assert len(clusters(chain, alike=0.65)) > 1


def test_no_articles_make_no_stories() -> None:
    assert clusters([]) == []


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0.1, 1), st.sampled_from(["a b", "b c", "d"])), max_size=24))
def test_every_article_is_in_exactly_one_story_and_the_result_repeats(given: list[tuple[float, float, str]]) -> None:
    sketches = [at(x, y, terms=terms) for x, y, terms in given]
    found = clusters(sketches)
    assert sorted(position for story in found for position in story) == list(range(len(sketches)))
    assert clusters(sketches) == found


def test_a_sketch_has_a_unit_vector_and_the_names_of_the_lead() -> None:
    vectors = np.array([[3, 0], [0, 3]], dtype=np.float32)
    made = sketch("Ferry sinks", "On Monday the mayor, Ana Ruiz, spoke.", vectors, published=None)
    assert np.isclose(np.linalg.norm(made.vector), 1.0)
    assert {"ferri", "sink", "ana", "ruiz"} <= made.terms
