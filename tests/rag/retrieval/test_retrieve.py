"""Evidence: fused, ranked, within limits, with wire copies counted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.retrieve import fuse, retrieve
from rag.scope import Scope
from rag.storage.index_contract import Hit
from rag.testing import make_article
from rag.types import Question
from tests.rag.makers import BRIDGE, STRIKE, UNDATED, library_with, prepared

COPY = make_article(
    BRIDGE.text + " Buses run instead.",
    title="Cracks close bridge",
    outlet="Harbour Post",
    url="https://harbour-post.example/bridge",
    published="2024-05-06T11:00:00+00:00",
)


def hits(*names: str) -> list[Hit]:
    return [Hit(passage_id=name, score=0.0) for name in names]


def test_reciprocal_rank_fusion_by_hand() -> None:
    fused = fuse([hits("a", "b"), hits("b", "c")], k=60)
    assert [hit.passage_id for hit in fused] == ["b", "a", "c"]
    assert fused[0].score == 1 / 62 + 1 / 61


@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True), max_size=4))
def test_fusion_keeps_every_passage_once_and_best_first(rankings: list[list[str]]) -> None:
    fused = fuse([hits(*ranking) for ranking in rankings])
    assert sorted(hit.passage_id for hit in fused) == sorted({name for ranking in rankings for name in ranking})
    assert [hit.score for hit in fused] == sorted((hit.score for hit in fused), reverse=True)


def test_evidence_is_ranked_from_one_and_limited(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        evidence = retrieve(library, Question(text="What did the mayor of Saltmarsh say about the bridge?"), limit=1)
        assert [(piece.rank, piece.passage.article.id) for piece in evidence] == [(1, BRIDGE.ref.id)]


def test_a_wire_copy_is_shown_once_and_names_the_other_outlet(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        library.put([prepared(COPY, story=BRIDGE.ref.id)])
        evidence = retrieve(library, Question(text="Why was the Saltmarsh bridge closed?"), limit=10)
        about = [piece for piece in evidence if piece.passage.article.id in (BRIDGE.ref.id, COPY.ref.id)]
        assert len(about) == 1
        assert {about[0].passage.article.outlet, *(copy.outlet for copy in about[0].copies)} == {
            "Evening Mail",
            "Harbour Post",
        }


def test_a_correction_comes_in_place_of_the_article_that_it_corrects(tmp_path: Path) -> None:
    corrected = make_article(
        BRIDGE.text + " An earlier report gave another date.",
        outlet=BRIDGE.ref.outlet,
        url="https://evening-mail.example/bridge-corrected",
        published="2024-05-09T09:00:00+00:00",
    )
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        library.put([prepared(corrected, story=BRIDGE.ref.id)])
        about = [
            piece
            for piece in retrieve(library, Question(text="Why was the Saltmarsh bridge closed?"), limit=10)
            if piece.passage.article.id in (BRIDGE.ref.id, corrected.ref.id)
        ]
        assert [piece.passage.article.id for piece in about] == [corrected.ref.id]
        assert [copy.id for copy in about[0].copies] == [BRIDGE.ref.id]


def test_a_copy_outside_the_dates_is_not_named(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE]) as library:
        library.put([prepared(COPY, story=BRIDGE.ref.id)])
        early = Question(text="Saltmarsh bridge", scope=Scope(before=BRIDGE.ref.published))
        (piece,) = retrieve(library, early, limit=10)
        assert (piece.passage.article.id, piece.copies) == (BRIDGE.ref.id, ())


def test_the_context_helps_to_find_evidence(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        asked = Question(text="how long will it take?", context="When will the Saltmarsh bridge be repaired?")
        assert retrieve(library, asked, limit=1)[0].passage.article.id == BRIDGE.ref.id


def test_an_empty_library_gives_no_evidence(tmp_path: Path) -> None:
    with library_with(tmp_path, []) as library:
        assert retrieve(library, Question(text="anything?"), limit=10) == ()


def test_every_outlet_that_is_compared_is_among_the_evidence(tmp_path: Path) -> None:
    loud = [
        make_article(
            f"Ferry crews in Port Lindow strike again, day {n}. The strike of the ferry crews in Port Lindow goes on.",
            title="Ferry strike in Port Lindow",
            outlet="Harbour Post",
            url=f"https://harbour-post.example/{n}",
        )
        for n in range(8)
    ]
    quiet = make_article(
        "Boats to the islands stay in port for now. Passengers were told to wait.",
        title="No boats",
        outlet="Island Courier",
        url="https://island-courier.example/boats",
    )
    with library_with(tmp_path, [*loud, quiet]) as library:
        question = Question(
            text="Does the Harbour Post say that ferry crews strike, while the Island Courier tells passengers to wait?"
        )
        assert quiet.ref.id in {piece.passage.article.id for piece in retrieve(library, question, limit=3)}


def test_the_newest_article_stands_first_only_where_the_present_is_asked_for(tmp_path: Path) -> None:
    old = make_article(
        "The ferry strike talks in Port Lindow go on. The talks about the strike have begun.",
        title="Strike talks",
        url="https://mail.example/old",
        published="2024-05-01",
    )
    new = make_article(
        "The talks failed and the crews of Port Lindow stay ashore.",
        title="Talks fail",
        url="https://mail.example/new",
        published="2024-06-20",
    )
    with library_with(tmp_path, [old, new]) as library:
        first = retrieve(library, Question(text="How do the strike talks in Port Lindow go?"), limit=2)
        latest = retrieve(library, Question(text="How do the latest strike talks in Port Lindow go?"), limit=2)
    assert first[0].passage.article.id == old.ref.id
    assert latest[0].passage.article.id == new.ref.id


def test_named_articles_alone_are_searched_within_the_other_limits(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE, UNDATED]) as library:
        asked = Question(text="Why did the ferry crews walk out of the bridge?", scope=Scope(articles=(BRIDGE.ref.id,)))
        assert {piece.passage.article.id for piece in retrieve(library, asked, limit=9)} == {BRIDGE.ref.id}
        two = (BRIDGE.ref.id, UNDATED.ref.id)
        both = Question(text="Were moths seen over the bridge?", scope=Scope(articles=(*two, "nope")))
        assert {piece.passage.article.id for piece in retrieve(library, both, limit=9)} == set(two)
        dated = replace(both, scope=replace(both.scope, after=datetime(2000, 1, 1, tzinfo=UTC)))
        assert {piece.passage.article.id for piece in retrieve(library, dated, limit=9)} == {BRIDGE.ref.id}
        assert retrieve(library, Question(text="What happened?", scope=Scope(articles=("nope",))), limit=9) == ()
