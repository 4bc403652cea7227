"""The language of a question, where it can be told."""

from __future__ import annotations

import pytest

from rag.question.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Warum ist die Brücke gesperrt?", "de"),
        ("Pourquoi le pont est-il fermé ?", "fr"),
        ("¿Por qué dimitió el ministro?", "es"),
        ("Почему закрыт мост?", "ru"),
        ("なぜ橋は閉鎖されたのですか", "ja"),
        ("Why is the bridge closed?", "en"),
        ("How many people lost their jobs at the shipyard?", "en"),
    ],
)
def test_a_sentence_tells_it(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "?", "2024", "Ruiz", "Ana Ruiz", "Saltmarsh Brücke", "tl;dr"])
def test_a_few_words_do_not(text: str) -> None:
    assert language_of(text) == ""


@pytest.mark.parametrize(
    "text",
    ["bridge closed repairs cost", "who is Ana Ruiz", "latest on the Saltmarsh bridge", "why tho?", "what did she say"],
)
def test_english_as_it_is_typed_is_no_other_language(text: str) -> None:
    assert language_of(text) in ("en", "")
