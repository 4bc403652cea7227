"""What probably answers comes first, and nothing that was found is lost or found anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.answering.sentence_reading import read_evidence
from rag.retrieval.reading_order import IN_A_TURN, READ, READ_OF_SEVERAL, best_first
from rag.retrieval.retrieve import retrieve
from rag.storage.library import Library
from rag.testing import make_article
from rag.types import Evidence, Passage, Question, Span
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
    read = [(one.text, one.score) for one in after.ranked]
    assert read == [(one.text, one.score) for one in before.ranked][: len(read)]
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
    assert len(reader.every_passage) == READ


BUYERS = (
    "Adby",
    "Belton",
    "Corby",
    "Dunham",
    "Elby",
    "Farnby",
    "Goxhill",
    "Haxby",
    "Ingham",
    "Jarrow",
    "Kelby",
    "Lusby",
)


def one_each() -> tuple[Evidence, ...]:
    """As many passages as are read at all, each of a town of its own."""
    texts = [f"{town} paid for it." for town in BUYERS]
    refs = [make_article(text, title=text).ref for text in texts]
    return tuple(
        Evidence(
            passage=Passage(
                article=ref, position=0, start=0, end=len(text), text=text, sentences=(Span(start=0, end=len(text)),)
            ),
            score=1 / rank,
            rank=rank,
        )
        for rank, (text, ref) in enumerate(zip(texts, refs, strict=True), start=1)
    )


def test_what_is_behind_a_sure_answer_is_left_unread(library: Library) -> None:
    library.reader = reader = ScriptedReader({"Corby": 0.9, "Ingham": 0.95})
    ordered = best_first(library, ASKED, one_each())
    assert len(reader.every_passage) == IN_A_TURN
    assert ordered[0].prior_rank == 3
    assert [piece.prior_rank for piece in ordered if piece.is_unread] == list(range(IN_A_TURN + 1, len(BUYERS) + 1))
    read_evidence(library, ASKED, ordered)
    assert len(reader.every_passage) == 2 * IN_A_TURN


def test_reading_goes_on_until_something_answers(library: Library) -> None:
    library.reader = reader = ScriptedReader({"Farnby": 0.9})
    assert best_first(library, ASKED, one_each())[0].prior_rank == 6
    assert len(reader.every_passage) == 2 * IN_A_TURN
    library.reader = reader = ScriptedReader({"Farnby": 0.7})
    assert sum(piece.is_unread for piece in best_first(library, ASKED, one_each())) == len(BUYERS) - READ
    assert len(reader.every_passage) == READ


@pytest.mark.parametrize("asked", ["How many boats sank?", "Which towns bought a ferry?", "How long is the ferry?"])
def test_all_is_read_for_a_list_and_for_figures_that_may_differ(library: Library, asked: str) -> None:
    library.reader = reader = ScriptedReader({"Adby": 0.9})
    best_first(library, Question(text=asked), one_each())
    assert len(reader.every_passage) == READ_OF_SEVERAL == len(BUYERS)


def test_the_rest_is_read_where_what_seemed_to_answer_is_about_somebody_else(library: Library) -> None:
    asked = Question(text="What did the ferry cost the town of Goxhill?")
    library.reader = ScriptedReader({"Belton": 0.95, "Goxhill": 0.9})
    ordered = best_first(library, asked, one_each())
    assert any(piece.is_unread for piece in ordered)
    reading = read_evidence(library, asked, ordered)
    assert reading.ranked[0].text.startswith("Goxhill")
