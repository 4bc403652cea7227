"""Questions and articles meet on the same terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.search_terms import content_terms, terms


def test_forms_of_a_word_share_a_term() -> None:
    assert set(terms("repair repairs repaired repairing")) == {"repair"}
    assert terms("les élections législatives", "fr")[1:] == terms("LES ELECTIONS LEGISLATIVES", "fr")[1:]


def test_a_country_its_people_and_its_adjective_share_a_term() -> None:
    assert set(terms("China Chinese China's")) - {"s"} == {"country:cn"}
    assert terms("U.S.") == terms("US") == terms("American")


def test_us_the_country_is_not_us_the_pronoun() -> None:
    assert content_terms("the US told us") == ["country:us", "told"]


def test_function_words_carry_no_meaning_but_are_terms() -> None:
    assert content_terms("why did the mayor not come?") == ["mayor", "come"]
    assert "the" in terms("the mayor")


def test_numbers_keep_their_separators() -> None:
    assert terms("3.5 million, 1,301 people on 19") == ["3.5", "million", "1,301", "peopl", "on", "19"]


@pytest.mark.parametrize(("text", "expected"), [("日本の", ["日本", "本の"]), ("橋", ["橋"]), ("", []), ("?!", [])])
def test_scripts_without_spaces_are_cut_in_pairs(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@given(st.text(max_size=200))
def test_any_text_has_terms_without_white_space(text: str) -> None:
    assert all(term and not any(c.isspace() for c in term) for term in terms(text))
    assert set(content_terms(text)) <= set(terms(text))
