"""What probably answers comes first, and nothing that was found is lost or found anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.answering.sentence_reading import read_evidence
from rag.retrieval.reading_order import READ, best_first
from rag.retrieval.retrieve import retrieve
from rag.storage.library import Library
from rag.testing import make_article
from rag.types import Evidence, Question
from tests.rag.makers import library_with
from tests.rag.scripted_reader import ScriptedReader

ASKED = Question(text="What did the ferry cost?")
TOWNS = ("Port Lindow", "Elmford", "Marren", "Oakvale", "Stenby")
ARTICLES = [make_article(f"The ferry cost {town} a lot. It sailed for years.", title=town) for town in TOWNS]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_with(tmp_path_factory.mktemp("ferries") / "library", ARTICLES) as library:
        yield library


@pytest.fixture(scope="module")
def found(library: Library) -> tuple[Evidence, ...]:
    found = retrieve(library, ASKED, limit=10)
    assert len(found) == len(TOWNS)
    return found


def ordered(library: Library, evidence: tuple[Evidence, ...], believed: Mapping[str, float]) -> tuple[Evidence, ...]:
    library.reader = ScriptedReader(believed)
    return best_first(library, ASKED, evidence)


def test_what_the_reader_takes_for_an_answer_comes_first(library: Library, found: tuple[Evidence, ...]) -> None:
    last = found[-1].passage.article.title
    first = ordered(library, found, {last: 0.9})[0]
    assert (first.passage.article.title, first.rank, first.prior_rank) == (last, 1, len(TOWNS))


@given(st.lists(st.floats(min_value=0.02, max_value=0.98), min_size=5, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_another_order_changes_nothing_else(
    library: Library, found: tuple[Evidence, ...], probabilities: list[float]
) -> None:
    believed = dict(zip(TOWNS, probabilities, strict=True))
    moved = ordered(library, found, believed)
    assert [piece.rank for piece in moved] == [1, 2, 3, 4, 5]
    assert [piece.score for piece in moved] == [piece.score for piece in found]
    assert sorted(piece.prior_rank for piece in moved) == [1, 2, 3, 4, 5]
    for piece in moved:
        assert piece.passage == found[piece.prior_rank - 1].passage
    assert best_first(library, ASKED, moved) == moved


def test_what_answers_does_not_depend_on_the_order(library: Library, found: tuple[Evidence, ...]) -> None:
    library.reader = reader = ScriptedReader({TOWNS[3]: 0.9, TOWNS[1]: 0.8})
    reader.rank_weight = 0.2
    before = read_evidence(library, ASKED, found)
    after = read_evidence(library, ASKED, best_first(library, ASKED, found))
    assert [(one.text, one.score) for one in after.ranked] == [(one.text, one.score) for one in before.ranked]
    assert after.confidence == before.confidence


def test_a_low_place_in_the_search_weighs_against_a_passage(library: Library, found: tuple[Evidence, ...]) -> None:
    library.reader = reader = ScriptedReader({found[4].passage.article.title: 0.9, found[0].passage.article.title: 0.8})
    reader.rank_weight = 1.0
    assert best_first(library, ASKED, found)[0].passage == found[0].passage


def test_without_a_reader_and_with_a_reranker_the_order_is_that_of_the_search(
    library: Library, found: tuple[Evidence, ...]
) -> None:
    class Reranker:
        def scores(self, question: str, passages: Sequence[str]) -> list[float]:
            return [0.0 for _ in passages]

    library.reader = None
    assert best_first(library, ASKED, found) == found
    library.reader, library.reranker = ScriptedReader({found[2].passage.article.title: 0.9}), Reranker()
    try:
        assert best_first(library, ASKED, found) == found
    finally:
        library.reranker = None


def test_who_asks_for_the_present_gets_the_newest_first(library: Library, found: tuple[Evidence, ...]) -> None:
    library.reader = ScriptedReader({found[2].passage.article.title: 0.9})
    latest = Question(text="What did the ferry cost at the latest sailing?")
    assert best_first(library, latest, found) == found


def test_a_period_that_the_question_names_leads(library: Library, found: tuple[Evidence, ...]) -> None:
    def of(year: int, piece: Evidence) -> Evidence:
        article = replace(piece.passage.article, published=datetime(year, 5, 6, tzinfo=UTC))
        return replace(piece, passage=replace(piece.passage, article=article))

    dated = tuple(of(2023 if piece.rank in (2, 4) else 2024, piece) for piece in found)
    library.reader = ScriptedReader({found[2].passage.article.title: 0.9, found[3].passage.article.title: 0.8})
    ordered = best_first(library, Question(text="What did the ferry cost in May 2023?"), dated)
    assert [piece.prior_rank for piece in ordered][:3] == [4, 2, 3]


def test_what_lies_far_behind_is_not_read(library: Library, found: tuple[Evidence, ...]) -> None:
    many = tuple(Evidence(passage=found[0].passage, score=1 / rank, rank=rank) for rank in range(1, READ + 4))
    library.reader = reader = ScriptedReader({})
    assert [piece.prior_rank for piece in best_first(library, ASKED, many)][READ:] == [READ + 1, READ + 2, READ + 3]
    assert len(reader.read_passages) == READ
