"""Stop words: what claims and searches pass over alike, and what only one of them does."""

from __future__ import annotations

import pytest

from rag.text.search_terms import content_terms
from rag.text.tokens import fold_claim, tokens
from rag.text.word_sets import CLAIM_STOP_WORDS


def claimed(text: str) -> list[str]:
    return [token.text for token in tokens(fold_claim(text)) if token.is_content]


@pytest.mark.parametrize("word", ["the", "of", "among", "another", "avec", "\u00e0", "\u00e9t\u00e9"])
def test_words_of_grammar_carry_neither_claim_nor_search(word: str) -> None:
    assert claimed(f"ships {word} boats") == ["ships", "boats"]
    assert content_terms(f"ships {word} boats") == ["ship", "boat"]


@pytest.mark.parametrize("word", ["no", "not", "without", "many", "son", "got", "pour"])
def test_a_denial_an_amount_and_a_son_are_claims_that_no_search_needs(word: str) -> None:
    assert word in claimed(f"ships {word} boats")
    assert content_terms(f"ships {word} boats") == ["ship", "boat"]


@pytest.mark.parametrize("word", ["told", "according", "later"])
def test_who_speaks_is_searched_for_and_is_no_claim(word: str) -> None:
    assert claimed(f"ships {word} boats") == ["ships", "boats"]
    assert content_terms(f"ships {word} boats") == ["ship", {"according": "accord"}.get(word, word), "boat"]


def test_no_denial_is_passed_over_in_a_claim() -> None:
    assert CLAIM_STOP_WORDS.isdisjoint({"no", "nor", "not", "ne", "pas", "without"})


def test_an_acronym_is_no_word_of_grammar() -> None:
    assert claimed("The WHO and IT firms in LA, who say it is so") == ["WHO", "IT", "firms", "LA"]
    assert claimed("WHO IS IT") == []
