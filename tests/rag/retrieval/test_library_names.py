"""A question's names are searched for as the articles write them, and the answer says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.retrieval.library_names import as_the_library_spells
from rag.storage.library import Library
from rag.testing import make_article
from rag.types import Question
from tests.rag.makers import BRIDGE, STRIKE, library_with

BANK = make_article(
    "In Ostrel the Union of Ostrel Farmers asked for rain. A spokesman of the Union of Ostrel Farmers (UOF) said that "
    "wells are dry. Near Lindow, Ana Ruiz and Hektor Vandenberghe met the Council of Lindow Bakers on Friday. "
    "Brandvold came with J\u00fcrgen M\u00f6llenb\u00e4ck and Kristjana \u00de\u00f3rsd\u00f3ttir to \u0141owczyn.",
    title="Farmers ask for rain",
    outlet="Evening Mail",
    url="https://evening-mail.example/rain",
    published="2024-05-07T09:00:00+00:00",
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_with(tmp_path, [BRIDGE, STRIKE, BANK]) as opened:
        yield opened


def spelled(library: Library, text: str) -> str:
    return as_the_library_spells(library, Question(text=text)).question.complete


@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_a_question_in_one_case_is_asked_as_the_articles_write_its_names(library: Library, case: object) -> None:
    text = "What did Ana Ruiz say about the Saltmarsh?"
    assert callable(case)
    found = as_the_library_spells(library, Question(text=case(text)))
    assert found.question.complete.casefold() == text.casefold()
    assert "Ruiz" in found.question.complete
    assert "say about the" in found.question.complete
    assert found.notices == (f"Searched for “{found.question.complete}”.",)


@pytest.mark.parametrize(
    ("slip", "name"),
    [
        ("Sltmarsh", "Saltmarsh"),
        ("Saltmrash", "Saltmarsh"),
        ("Saltmarhs", "Saltmarsh"),
        ("Lindwo", "Lindow"),
        ("Vandenbergeh", "Vandenberghe"),
        ("Vandenbreghie", "Vandenberghe"),
        ("Moellenbaeck", "M\u00f6llenb\u00e4ck"),
        ("Thorsdottir", "\u00de\u00f3rsd\u00f3ttir"),
        ("Lowczyn", "\u0141owczyn"),
        ("Brandvlod", "Brandvold"),
        ("Salt-marsh", "Saltmarsh"),
    ],
)
def test_a_name_with_a_slip_is_searched_for_as_the_articles_write_it(library: Library, slip: str, name: str) -> None:
    found = as_the_library_spells(library, Question(text=f"What happened to {slip}?"))
    assert found.question.complete == f"What happened to {name}?"
    assert found.notices == (f"Searched for “{name}” in place of “{slip}”.",)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Where is Ana Ruiz from lindow?", "Where is Ana Ruiz from Lindow?"),
        ("WHAT DID MOLLENBACK SAY?", "What did M\u00f6llenb\u00e4ck say?"),
        ("What did vandenberghe's friends want?", "What did Vandenberghe's friends want?"),
    ],
)
def test_a_name_in_other_letters_is_asked_as_the_articles_write_it(library: Library, text: str, read: str) -> None:
    assert spelled(library, text) == read


@pytest.mark.parametrize(
    "text",
    [
        "What did Ana Ruiz say about the Saltmarsh?",
        "What happened in London?",  # a word that everybody knows is no slip
        "Who is Zebulon Quark?",
        "Who is Rui?",  # too short to tell
    ],
)
def test_other_questions_stay_as_they_are(library: Library, text: str) -> None:
    found = as_the_library_spells(library, Question(text=text))
    assert (found.question.complete, found.alternatives, found.notices) == (text, (), ())


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("What did the UOF ask for?", "What did the Union of Ostrel Farmers ask for?"),
        ("what did the uof ask for?", "what did the Union of Ostrel Farmers ask for?"),
        ("What did the U.O.F. ask for?", "What did the Union of Ostrel Farmers ask for?"),
        ("What did the uof ask Ana Ruiz for?", "What did the Union of Ostrel Farmers ask Ana Ruiz for?"),
        ("What did the Union of Ostrel Farmers ask for?", "What did the UOF ask for?"),
    ],
)
def test_an_acronym_that_the_articles_tell_is_also_searched_for_in_full(
    library: Library, text: str, other: str
) -> None:
    found = as_the_library_spells(library, Question(text=text))
    assert [one.complete for one in found.alternatives] == [other]
    assert "was also searched for as" in found.notices[-1]


@pytest.mark.parametrize("text", ["Whom did the CLB meet?", "What did the Council of Lindow Bakers say?"])
def test_a_name_with_the_initials_of_an_acronym_that_no_article_writes_is_another_name(
    library: Library, text: str
) -> None:
    assert as_the_library_spells(library, Question(text=text)).alternatives == ()


def test_an_acronym_stands_for_the_name_that_an_article_has_beside_it_or_elsewhere(tmp_path: Path) -> None:
    headline = make_article(
        "Credit Union ATM on Wyoming Avenue Robbed.", title="Robbed", outlet="Mail", url="https://mail.example/a"
    )
    alone = make_article("The UAW went on strike.", title="Strike", outlet="Mail", url="https://mail.example/b")
    filler = " ".join(f"Nothing else was heard of it on day {day}, they said." for day in range(60))
    both = make_article(
        f"The United Auto Workers met in Lindow. {filler} The UAW will decide on Friday.",
        title="Met", outlet="Mail", url="https://mail.example/c",
    )  # fmt: skip
    asked = Question(text="What does the UAW want?")
    with library_with(tmp_path / "apart", [headline, alone]) as library:
        assert as_the_library_spells(library, asked).alternatives == ()
    with library_with(tmp_path / "beside", [headline, alone, both]) as library:
        other = [one.complete for one in as_the_library_spells(library, asked).alternatives]
        assert other == ["What does the United Auto Workers want?"]


def test_two_letters_are_the_initials_of_a_name_only_where_an_article_has_both(tmp_path: Path) -> None:
    flood = make_article("The sea flooded Port Rowan.", title="Flood", outlet="Mail", url="https://mail.example/flood")
    agency = make_article("A PR agency was hired.", title="Hired", outlet="Mail", url="https://mail.example/hired")
    both = make_article("Port Rowan (PR) was dry.", title="Dry", outlet="Mail", url="https://mail.example/dry")
    asked = Question(text="What flooded Port Rowan?")
    with library_with(tmp_path / "apart", [flood, agency]) as library:
        assert as_the_library_spells(library, asked).alternatives == ()
    with library_with(tmp_path / "beside", [flood, agency, both]) as library:
        assert [one.complete for one in as_the_library_spells(library, asked).alternatives] == ["What flooded PR?"]


MARKED = make_article(
    "The Tal\u2019ar-6 probe was built in Lindow. Its captain, Nina Vale-Orsk, said that Tal\u2019ar-6 would fly.",
    title="A probe", outlet="Evening Mail", url="https://mail.example/probe", published="2024-05-07T09:00:00+00:00",
)  # fmt: skip


@pytest.mark.parametrize("written", ["Tal'ar-6", "Talar-6", "talar 6", "Talar6", "tal'ar 6", "Tal\u2019ar-6"])
def test_a_name_is_found_however_its_marks_are_written(tmp_path: Path, written: str) -> None:
    with library_with(tmp_path, [MARKED, BRIDGE]) as library:
        asked = spelled(library, f"Where was {written} built?")
        assert asked.replace("'", "\u2019") == "Where was Tal\u2019ar-6 built?"


def test_a_word_that_no_article_has_gets_the_hyphen_of_its_name_and_other_words_none(tmp_path: Path) -> None:
    with library_with(tmp_path, [MARKED, BRIDGE]) as library:
        assert spelled(library, "What did Valeorsk say?") == "What did Vale-Orsk say?"
        assert spelled(library, "Who is the captain of 6 ships?") == "Who is the captain of 6 ships?"
