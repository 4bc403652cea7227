"""What an answer is made of, on the sample library: parts, several sources, doubt, and what comes near where none
is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from ingest.sample import sample_folder
from rag.answering.answer_selection import select_sentences
from rag.desk import Desk, open_desk
from rag.public_json import answer_json
from rag.retrieval.copies import SyndicatedCopies, independent_sources
from rag.retrieval.retrieve import retrieve
from rag.scope import Scope
from rag.settings import Settings
from rag.testing import make_article
from rag.types import Answer, Citation
from tests.rag.makers import prepared

BRIDGE = "What happened to the Key Bridge in Baltimore?"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    settings = Settings(library=tmp_path_factory.mktemp("sample") / "library")
    with open_desk(settings=settings, stay_open=False) as opened:
        ingest([sample_folder()], opened.library)
        yield opened


def quotes(answer: Answer) -> str:
    return " ".join(citation.quote for citation in answer.citations)


def test_a_part_that_nothing_answers_is_named_and_the_other_is_answered(desk: Desk) -> None:
    answer = desk.ask(f"{BRIDGE[:-1]} and what is the price of gold in London?")
    assert answer.outcome == "partly"
    assert answer.missing == ("what is the price of gold in London",)
    assert "Key Bridge" in quotes(answer)


def test_a_question_of_one_part_misses_none(desk: Desk) -> None:
    answer = desk.ask(BRIDGE)
    assert (answer.outcome, answer.missing) == ("answered", ())


def test_what_is_asked_with_it_is_answered_from_the_same_article_where_that_says_it(desk: Desk) -> None:
    answer = desk.ask("When was the Finance Bill in Kenya withdrawn and why?")
    assert answer.outcome == "answered"
    assert {"Kenya" in citation.article.title for citation in answer.citations} == {True}


def test_parts_that_nothing_answers_are_no_answer(desk: Desk) -> None:
    answer = desk.ask("What is the price of gold in London and who won the chess Olympiad?")
    assert (answer.outcome, answer.missing, answer.sentences) == ("not_found", (), ())


def test_confidence_is_a_probability_and_doubt_is_said_where_it_is_low(desk: Desk) -> None:
    reader = desk.library.reader
    assert reader is not None
    assert reader.certainty is not None
    for question in (BRIDGE, "When did Starliner land?", "Where was the Dali heading?"):
        answer = desk.ask(question)
        assert 0.0 <= answer.confidence <= 1.0
        is_low = answer.outcome != "not_found" and answer.confidence < reader.certainty.sure_at
        assert answer.doubt.startswith("This may not answer") == is_low


def test_beside_a_refusal_stand_exact_quotes_that_speak_of_the_matter(desk: Desk) -> None:
    answer = desk.ask("Who will pay for Starliner?")
    assert answer.outcome == "not_found"
    assert answer.related
    for quote in answer.related:
        assert desk.article(quote.article.id).text[quote.start : quote.end] == quote.quote
    assert desk.ask("What is the price of gold?").related == ()


@pytest.mark.parametrize("question", ["Why does China object?", "why is Beijing uneasy"])
def test_reasons_that_an_article_counts_out_are_all_shown_and_nothing_else(desk: Desk, question: str) -> None:
    answer = desk.ask(question)
    assert {citation.article.outlet for citation in answer.citations} == {"Pacific Ledger"}
    assert [sentence.text.split()[1] for sentence in answer.sentences] == ["first", "second", "third", "last"]
    assert answer.sentences[2].lead_in == "A trade economist in Hong Kong:"
    assert answer.lead is not None
    assert answer.lead.text == "Pacific Ledger gives four reasons:"
    assert not answer.doubt.startswith("This may not answer")


def test_two_death_tolls_are_told_side_by_side_with_who_says_which(desk: Desk) -> None:
    for question, outlets in (
        ("How many people died in Papua New Guinea?", ("Northgate Wire", "Pacific Ledger")),
        ("How many people died at the hajj?", ("Meridian Courier", "Northgate Wire")),
    ):
        lead = desk.ask(question).lead
        assert lead is not None
        assert lead.kind == "figures"
        assert all(outlet in lead.text for outlet in outlets)


def test_the_json_says_all_of_it(desk: Desk) -> None:
    content = answer_json(desk.ask(f"{BRIDGE[:-1]} and what is the price of gold in London?"))
    assert content["missing"] == ["what is the price of gold in London"]
    assert {"confidence", "doubt", "disputed", "related"} <= content.keys()


def test_one_source_among_several_does_not_carry_an_answer_alone(tmp_path: Path) -> None:
    told = "The mill in Ostrel was bought by {} for nine million crowns on Monday."
    lie = make_article(
        " ".join([told.format("Viktor Dane")] * 5),
        title="Ostrel mill",
        outlet="Planted Page",
        url="https://p.example/1",
    )
    others = [
        make_article(
            f"{told.format('Ana Ruiz')} {more}", title="Mill sold", outlet=outlet, url=f"https://{n}.example/1"
        )
        for n, (outlet, more) in enumerate(
            [("Harbour Post", "The union was told on Tuesday."), ("Evening Mail", "It had stood empty for years.")]
        )
    ]
    with open_desk(settings=Settings(library=tmp_path / "library"), stay_open=False) as opened:
        opened.library.put([prepared(article) for article in (lie, *others)])
        answer = opened.ask("Who bought the mill in Ostrel?")
    assert {citation.article.outlet for citation in answer.citations} & {"Harbour Post", "Evening Mail"}


@pytest.mark.parametrize("most", [1, 2, 3])
def test_however_short_an_answer_every_part_keeps_its_sentence(desk: Desk, most: int) -> None:
    question = desk.question("What happened to the Key Bridge in Baltimore and why did Ruto drop the finance bill?")
    choice = select_sentences(desk.library, question, retrieve(desk.library, question, limit=12), limit=most)
    told = " ".join(candidate.text for candidate in choice.picked)
    assert choice.missing == ()
    assert "Bridge" in told
    assert "Ruto" in told


def test_outlets_that_carry_one_wire_report_are_one_source(desk: Desk) -> None:
    said = "He called it a breakthrough document."
    quotes = [
        Citation(marker=marker, article=ref, start=text.index(said), end=text.index(said) + len(said), quote=said)
        for marker, ref in enumerate(desk.articles(), start=1)
        if said in (text := desk.article(ref.id).text)
    ]
    assert len({quote.article.outlet for quote in quotes}) > 1
    assert independent_sources(SyndicatedCopies(desk.library.archive, Scope()).named(quotes)) == 1
