"""A copy is named only for what stands in it, and hides nothing that it does not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.retrieval.copies import differ, groups_among, independent_sources
from rag.retrieval.retrieve import retrieve
from rag.testing import make_article
from rag.types import Citation, Question
from tests.rag.makers import BRIDGE, STRIKE, library_with, prepared
from tests.rag.test_desk import desk_with

WORDS = BRIDGE.text
ASKED = "How many weeks would repairs of the Saltmarsh bridge take?"
LONGER = make_article(
    WORDS.replace("nine weeks", "twenty weeks"),
    title="Saltmarsh bridge shut",
    outlet="Harbour Post",
    url="https://harbour-post.example/bridge",
    published="2024-05-06T11:00:00+00:00",
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The flood killed 12 people in Lorne.", "The flood killed 15 people in Lorne."),
        ("The flood killed twelve people.", "The flood killed 1,200 people."),
        ("The vote is on 3 May 2024.", "The vote is on 5 May 2024."),
        ("The prize went to Ana Ruiz.", "The prize went to Ana Moreno."),
        ("The minister will attend the summit.", "The minister will not attend the summit."),
        ("Prices in Lorne rose again.", "Prices in Lorne fell again."),
    ],
)
def test_texts_with_another_figure_date_name_or_denial_differ(one: str, other: str) -> None:
    assert differ(one, other)
    assert differ(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The flood killed 12 people.", "The flood killed twelve people."),
        ("The flood killed 12 people.", "The flood killed 12 people on Monday, 3 June 2024."),
        ("US officials met in Geneva.", "American officials met in Geneva."),
        ("“It is over,” she said.", '"It is over," she said.'),
    ],
)
def test_the_same_in_other_words_or_with_more_details_does_not(one: str, other: str) -> None:
    assert not differ(one, other)


def test_a_copy_with_another_figure_stands_beside_the_first(tmp_path: Path) -> None:
    with library_with(tmp_path, [BRIDGE, STRIKE]) as library:
        library.put([prepared(LONGER, story=BRIDGE.ref.id)])
        evidence = retrieve(library, Question(text=ASKED), limit=10)
        about = {piece.passage.article.outlet: piece.copies for piece in evidence}
        assert {"Evening Mail", "Harbour Post"} <= about.keys()
        assert about["Evening Mail"] == about["Harbour Post"] == ()


def test_both_figures_are_quoted_and_each_outlet_stands_for_its_own(tmp_path: Path) -> None:
    with desk_with(tmp_path) as desk:
        desk.library.put([prepared(LONGER, story=BRIDGE.ref.id)])
        answer = desk.ask(ASKED)
        said = {citation.article.outlet: citation for citation in answer.citations if "weeks" in citation.quote}
        assert "nine weeks" in said["Evening Mail"].quote
        assert "twenty weeks" in said["Harbour Post"].quote
        assert said["Evening Mail"].copies == said["Harbour Post"].copies == ()


def test_an_edited_copy_is_named_for_the_sentences_that_it_kept(tmp_path: Path) -> None:
    edited = make_article(
        "Buses run instead. " + WORDS.replace("The bridge over the Saltmarsh closed on Monday. ", ""),
        title="Buses for Saltmarsh",
        outlet="Harbour Post",
        url="https://harbour-post.example/buses",
        published="2024-05-06T11:00:00+00:00",
    )
    with desk_with(tmp_path) as desk:
        desk.library.put([prepared(edited, story=BRIDGE.ref.id)])
        quoted = desk.ask("When did the bridge over the Saltmarsh close?").citations
        monday = [citation for citation in quoted if "on Monday" in citation.quote]
        assert [citation.copies for citation in monday] == [()]
        weeks = [citation for citation in desk.ask(ASKED).citations if "weeks" in citation.quote]
        (other,) = weeks[0].copies
        assert {weeks[0].article.outlet, other.outlet} == {"Evening Mail", "Harbour Post"}


def quoted(outlet: str, *, copies: tuple[str, ...] = (), page: str = "1") -> Citation:
    told = "A bridge shut."
    refs = [
        make_article(told, title="Bridge", outlet=name, url=f"https://news.example/{name}/{page}").ref
        for name in (outlet, *copies)
    ]
    return Citation(marker=1, article=refs[0], start=0, end=len(told), quote=told, copies=tuple(refs[1:]))


def test_articles_of_one_outlet_are_one_source() -> None:
    assert independent_sources([quoted("Post"), quoted("POST", page="2")]) == 1
    assert independent_sources([quoted("Post"), quoted("Mail")]) == 2


def test_outlets_that_carry_one_text_are_one_source() -> None:
    assert independent_sources([quoted("Post", copies=("Mail",)), quoted("Mail")]) == 1
    # What an outlet has written itself is its own.
    assert independent_sources([quoted("Post", copies=("Mail",)), quoted("Mail", page="2")]) == 2


def test_sources_that_a_third_one_joins_are_one() -> None:
    joined = quoted("Post", copies=("Mail",), page="2")
    assert independent_sources([quoted("Post"), quoted("Mail", page="2"), joined]) == 1


def test_articles_without_an_outlet_are_each_for_themselves() -> None:
    assert independent_sources([quoted("", page="1"), quoted("", page="2")]) == 2
    assert independent_sources([]) == 0


def test_what_shares_a_mark_is_one_source_and_whoever_it_shares_one_with() -> None:
    wire, outlet = ("story", "1"), ("outlet", "mail")
    assert groups_among([{wire}, {wire, outlet}, {outlet, ("story", "2")}, {("story", "3")}]) == 2
    assert groups_among([{wire}, {outlet}, {wire, outlet}]) == 1
    assert groups_among([]) == 0
