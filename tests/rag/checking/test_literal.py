"""What must stand in the quotes to the letter, however sure a network is of the meaning."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.checking.literal import literal_fault
from rag.models.checker.rows import CitedQuote

WEDNESDAY = date(2024, 6, 19)


def fault(sentence: str, *quotes: str, before: str = "", title: str = "") -> str:
    return literal_fault(
        sentence, [CitedQuote(text=quote, before=before, title=title, published=WEDNESDAY) for quote in quotes]
    )


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("The treaty was signed on 18 June.", "The treaty was signed yesterday."),
        ("The treaty was signed on 17 June 2024.", "On Monday the treaty was signed."),
        ("The court will sit on 20 June.", "The court will sit tomorrow."),
        ("The bill passed in May 2024.", "The bill passed last month."),
        ("The bill passed by 230 votes to 198.", "The bill passed 230-to-198."),
        ("The fair runs from 24 to 26 May.", "Over three days, May 24 to 26, the fair runs."),
        ("The fair runs until 17 March.", "The fair runs from March 15-17."),
        ("The fair opened on Tuesday.", "The fair opened yesterday."),
        ("The fair opens on 24 June.", "The mayor has declared Monday the day of the fair."),
        ("COVID-19 may spread like influenza.", "COVID-19 may spread as influenza does."),
        ("The stand-in may not fill the role.", "The stand-in might not fill the role."),
        ("The State Department denied it.", "The Department of State denied it."),
        ("On Super Tuesday Lind carried one state.", "Lind carried one state on Super Tuesday."),
        ("Half a dozen counties were warned.", "Six counties were warned."),
        ("It was almost half of the output.", "It was nearly half on a global basis."),
        ("As much as 30 inches of rain fell.", "Up to 30 inches of rain fell."),
        ("Two million promised to come.", "More than two million promised to come."),
        ("Two ships sank.", "The Alma and the Berta sank."),
        ("The talks stalled at first.", "Initially the talks stalled."),
        ("There were at least 1,279 cases.", "A minimum of 1,279 cases were counted."),
        ("The vote was at 5 pm.", "The vote was at 5:00 pm."),
        ("Cases of COVID-19 rose.", "Cases of the disease rose, COVID said."),
        ("Anti-government protests went on.", "Protests against the government went on."),
        ("For seven years he ruled.", "He ruled over seven years."),
    ],
)
def test_the_same_in_other_words_is_no_fault(sentence: str, quote: str) -> None:
    assert fault(sentence, quote) == ""


@pytest.mark.parametrize(
    ("sentence", "quote", "named"),
    [
        ("The treaty was signed on 17 June.", "The treaty was signed yesterday.", "17 June"),
        ("The rate rose by 2%.", "The rate rose by 2 percentage points.", "2%"),
        ("The rate rose by 2 percentage points.", "The rate rose by 2%.", "2 percentage points"),
        ("The plan costs 3 million euros.", "The plan costs 3 billion euros.", "3 million"),
        ("Nine people died.", "Two people died.", "Nine"),
        ("Kamala Harris won.", "Kamala Khan met Anna Harris.", "Kamala Harris"),
        ("The minister met Ana Ruiz.", "The minister met Ana Gil and Eva Ruiz.", "Ana Ruiz"),
        ("Norway won the cup.", "Sweden won the cup.", "Norway"),
        ('He called it "a black day".', 'He called it "a dark day".', "quotation marks"),
        ("Did the bridge close?", "The bridge closed.", "question"),
        ("It is so.", "It is so.", "nothing"),
        ("The fair runs from 23 to 26 May.", "The fair runs from May 24 to 26.", "23"),
        ("The fair opened on Monday.", "The fair opened yesterday.", "Monday"),
        ("The Home Office denied it.", "The Office of State denied it.", "Home"),
    ],
)
def test_what_differs_to_the_letter_is_a_fault(sentence: str, quote: str, named: str) -> None:
    assert named in fault(sentence, quote)


def test_a_name_may_stand_in_the_sentence_before_or_in_the_title() -> None:
    assert "Ruiz" in fault("Mayor Ruiz resigned.", "She resigned.")
    assert fault("Mayor Ruiz resigned.", "She resigned.", before="Ana Ruiz is mayor.") == ""
    assert fault("Mayor Ruiz resigned.", "She resigned.", title="Ruiz resigns as mayor") == ""


def test_a_figure_may_not_stand_in_the_sentence_before() -> None:
    assert "45" in fault("Some 45 ships left.", "They left.", before="There were 45 ships.")


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_text_can_be_read(sentence: str, quote: str) -> None:
    assert isinstance(fault(sentence, quote), str)
