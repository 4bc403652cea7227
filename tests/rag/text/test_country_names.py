"""A country, its people and its adjective have one key; the same letters written small may be something else."""

from __future__ import annotations

import pytest

from rag.text.country_names import is_country, is_word_as_well, name_key
from rag.text.search_terms import content_terms
from rag.text.tokens import fold_claim, tokens

AS_WELL = "turkey china polish guinea chad pole poles swede swedes japan jordan mali scots swiss turks french wales"
NOTHING_ELSE = "chinese ukrainian afghanistan poland peruvian danes vietnam israelis"


@pytest.mark.parametrize("word", AS_WELL.split())
def test_a_common_word_is_a_country_only_with_a_capital(word: str) -> None:
    assert is_word_as_well(word)
    assert name_key(word) == word
    assert name_key(f"{word}'s") == word
    for written in (word.capitalize(), word.upper(), f"{word.capitalize()}'s"):
        assert is_country(name_key(written))
        assert not is_word_as_well(written)


@pytest.mark.parametrize("word", NOTHING_ELSE.split())
def test_a_word_that_can_be_nothing_else_is_a_country_however_it_is_written(word: str) -> None:
    assert not is_word_as_well(word)
    assert name_key(word) == name_key(word.capitalize())
    assert is_country(name_key(word))


@pytest.mark.parametrize("word", [*AS_WELL.split(), *NOTHING_ELSE.split()])
def test_a_question_in_small_letters_finds_the_country(word: str) -> None:
    small, written = (content_terms(f"why does {form} object?")[0] for form in (word, word.capitalize()))
    assert small == written
    assert is_country(small)


@pytest.mark.parametrize("word", AS_WELL.split())
def test_a_country_and_the_word_written_like_it_share_no_form(word: str) -> None:
    (country,) = tokens(word.capitalize())
    (thing,) = tokens(word)
    assert not country.forms & thing.forms


def test_a_name_of_several_words_becomes_one_that_a_reader_can_read() -> None:
    folded = fold_claim("North Koreans and the United States")
    assert folded == "NorthKorea and UnitedStates"
    assert name_key("NorthKorea's") == name_key("North Korean") == "country:kp"
