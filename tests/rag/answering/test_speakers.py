"""Who says what a quote says, in the article's own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.speakers import speaker_of


@pytest.mark.parametrize(
    ("quote", "speaker"),
    [
        ("“Every cart makes us poorer,” said a trade economist in Port Eden.", "a trade economist in Port Eden"),
        ("The pier must close, a retired officer in Avalon said.", "a retired officer in Avalon"),
        ("A former pilot argued that the channel was too narrow.", "A former pilot"),
        ("The health minister, Ines Vale, said that the wards were full.", "The health minister, Ines Vale"),
        ("The fee will double in June, according to the harbour board.", "the harbour board"),
        ('"We are tired," suggested Daniel Osk, an engineer at the yard.', "Daniel Osk, an engineer at the yard"),
        ("Ostravia said on Sunday that 1,301 people had left.", "Ostravia"),
        ("“I am stunned,” Mayor Hale told reporters on Friday.", "Mayor Hale"),
        ("The government has told the court that it will pay.", "The government"),
        ("The pier is shut. A trade economist said that it must open.", "A trade economist"),
        ("“We had no choice,” announced Mayor Hale.", "Mayor Hale"),
        ("The pier must close, said the harbour board.", "the harbour board"),
        ('The prosecutor, Ali Osk, said the 12 must face "charges of theft" in May.', "The prosecutor, Ali Osk"),
        ("The turf will hold, said Osk, who began to prepare it in May.", "Osk"),
        ("At the Lindow town hall, Ines Vale, the mayor, said that the pier was shut.", "Ines Vale, the mayor"),
        ("In Port Eden, Daniel Osk told the court that he had paid.", "Daniel Osk"),
    ],
)  # fmt: skip
def test_the_speaker_is_named_as_the_article_names_him(quote: str, speaker: str) -> None:
    assert speaker_of(quote) == speaker


@pytest.mark.parametrize(
    "quote",
    [
        "“It can live with this one,” she said.",
        "The ferry landed safely but empty.",
        "Trade fell by a third, and the port needs the grain.",
        "That said, the plan may fail.",
        "Leaks in the second tank added to the doubt. Instead the ferry stays in Port Eden.",
        "The president, in a letter read by his press secretary, announced troops would leave Ostravia.",
        "Most feel indifferent, said the harbour's survey of 200 people between Sept. 29 and Oct. 3.",
        "Two sailors were told that the pier was shut.",
        "The storm claimed 31 lives.",
    ],
)
def test_what_the_reporter_tells_has_no_speaker(quote: str) -> None:
    assert speaker_of(quote) == ""


def test_a_place_inside_is_not_cut_out() -> None:
    quote = "Workers At Lindow, Dr. Ann Lee, a union leader, said that pay fell."
    assert speaker_of(quote) in quote


@given(st.text(max_size=300))
def test_a_speaker_stands_in_the_quote(quote: str) -> None:
    assert speaker_of(quote) in quote
