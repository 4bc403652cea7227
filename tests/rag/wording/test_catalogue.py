"""The catalogue and the code say the same, and every language is told whole."""

from __future__ import annotations

import ast
import re

import pytest

from rag.wording import LANGUAGES, SOURCE
from tests.messages import FOLDERS, PLACEHOLDER, ROOT, file_of, in_code, translated_in

OTHERS = [language for language in LANGUAGES if language != SOURCE]

Key = tuple[str, str, str]


def key_of(message: object) -> Key:
    """Context, message and plural."""
    one, many = message.id if isinstance(message.id, tuple) else (message.id, "")  # type: ignore[attr-defined]
    return message.context or "", one, many  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def said() -> set[Key]:
    return {key_of(message) for message in in_code() if message.id}


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_of_the_code_stands_in_the_catalogue_and_no_other(language: str, said: set[Key]) -> None:
    known = {key_of(message) for message in translated_in(language) if message.id}
    hint = "run `python -m tests.messages`, then translate what is new"
    assert known - said == set(), hint
    assert said - known == set(), hint


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated(language: str) -> None:
    catalogue = translated_in(language)
    untranslated = [
        message.id
        for message in catalogue
        if message.id
        and not (
            all(message.string) and len(message.string) == catalogue.num_plurals
            if message.pluralizable
            else message.string
        )
    ]
    assert untranslated == []
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    for message in translated_in(language):
        if not message.id:
            continue
        wanted = set(PLACEHOLDER.findall(" ".join(message.id) if message.pluralizable else message.id))
        for told in message.string if message.pluralizable else (message.string,):
            assert set(PLACEHOLDER.findall(told)) == wanted, message.id


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_begins_and_ends_as_its_message_does(language: str) -> None:
    """Parts of a line are put together by the code, with their spaces and stops."""
    for message in translated_in(language):
        if not message.id or message.pluralizable:
            continue
        for edge in (r"^\s*", r"\s*$", r"[:…]?$"):
            assert re.search(edge, message.id)[0] == re.search(edge, message.string)[0], message.id  # type: ignore[index]


def test_languages_without_a_catalogue_are_not_offered() -> None:
    assert [language for language in OTHERS if not file_of(language).is_file()] == []


def test_no_message_stands_inside_an_f_string_where_no_tool_would_find_it() -> None:
    names = {"_", "N_", "ngettext", "pgettext"}
    hidden = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for folder in FOLDERS
        for file in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for inside in ast.walk(node)
        if isinstance(inside, ast.Call) and isinstance(inside.func, ast.Name) and inside.func.id in names
    ]
    assert hidden == []
