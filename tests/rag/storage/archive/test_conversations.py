"""Conversations that readers keep in the library, on every engine: each owner has their own, and no other's."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import StorageError
from rag.storage.archive.archive import Archive
from rag.storage.archive.copying import copy_archive
from rag.storage.archive.database import Place
from rag.storage.archive.shared import conversations
from rag.storage.archive.shared.conversations import ConversationHead

ID = "0123456789abcdef"
OTHER = "fedcba9876543210"


def head(
    name: str = "The dam", *, place: str = ID, answers: int = 1, changed: str = "2026-03-01T10:00:00Z", size: int = 9
) -> ConversationHead:
    return ConversationHead(id=place, name=name, changed=changed, answers=answers, size=size)


def turn(question: str = "Why did the dam burst?", text: str = "The Ösling dam was 100% full.") -> dict[str, str]:
    return {"question": question, "text": text, "markdown": f"> {text}", "turn": "{}"}


@pytest.fixture
def other(archive: Archive, place: Place) -> Iterator[Archive]:
    """The same archive as another process has it open."""
    opened = Archive(place)
    yield opened
    opened.close()


def test_what_one_machine_keeps_is_listed_and_opened_at_another_last_changed_first(
    archive: Archive, other: Archive
) -> None:
    store = archive.shared.conversations
    later = head("The strike", place=OTHER, answers=2, changed="2026-03-02T08:00:00Z")
    assert store.put("ada", head(), [turn()], known=0)
    assert store.put("ada", later, [turn(), turn("And then?")], known=0)
    assert other.shared.conversations.heads("ada") == [later, head()]
    assert other.shared.conversations.turns("ada", OTHER) == [turn(), turn("And then?")]


def test_nothing_of_another_owner_is_seen_changed_or_deleted(archive: Archive) -> None:
    store = archive.shared.conversations
    store.put("ada", head(), [turn()], known=0)
    assert store.heads("grace") == []
    assert store.turns("grace", ID) == []
    assert store.holding("grace", ["dam"]) == []
    assert not store.rename("grace", ID, "Mine")
    assert store.remove("grace", [ID]) == 0
    assert store.forget("grace") == 0
    assert store.put("grace", head("My own", place=ID), [turn("Who?")], known=0)
    assert store.heads("ada") == [head()]
    assert store.turns("ada", ID) == [turn()]


def test_a_tab_that_fell_behind_writes_nothing_over(archive: Archive, other: Archive) -> None:
    store = archive.shared.conversations
    store.put("ada", head(), [turn()], known=0)
    assert other.shared.conversations.put("ada", head(answers=2), [turn(), turn("And?")], known=1)
    assert not store.put("ada", head(answers=2), [turn(), turn("But?")], known=1)
    assert store.turns("ada", ID)[1]["question"] == "And?"


def test_of_tabs_that_go_on_at_once_one_does(archive: Archive) -> None:
    store = archive.shared.conversations
    store.put("ada", head(), [turn()], known=0)

    def go_on(number: int) -> bool:
        return store.put("ada", head(answers=2), [turn(), turn(f"Number {number}?")], known=1)

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(go_on, range(12))) == 1


def test_a_conversation_gets_another_name_and_is_deleted(archive: Archive) -> None:
    store = archive.shared.conversations
    store.put("ada", head(), [turn()], known=0)
    store.put("ada", head("The strike", place=OTHER), [turn()], known=0)
    assert store.rename("ada", ID, "Ösling")
    assert {one.name for one in store.heads("ada")} == {"Ösling", "The strike"}
    assert store.remove("ada", [ID, "0" * 16]) == 1
    assert not store.rename("ada", ID, "Gone")
    assert store.forget("ada") == 1
    assert store.heads("ada") == []


def test_going_on_with_a_conversation_keeps_the_name_that_it_was_given_elsewhere(
    archive: Archive, other: Archive
) -> None:
    store = archive.shared.conversations
    store.put("ada", head(), [turn()], known=0)
    assert other.shared.conversations.rename("ada", ID, "Ösling")
    assert store.put("ada", head(answers=2), [turn(), turn("And?")], known=1)
    assert store.heads("ada") == [head("Ösling", answers=2)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["dam"], True),
        (["BURST", "full"], True),
        (["ösling"], True),
        (["100%"], True),
        (["10_%"], False),
        (["%"], True),
        (["\\"], False),
        (["inquiry"], True),
        (["inquiry", "flood"], False),
    ],
)
def test_words_are_found_in_names_questions_and_answers_as_they_are(
    archive: Archive, words: list[str], found: bool
) -> None:
    store = archive.shared.conversations
    store.put("ada", head("INQUIRY of March"), [turn()], known=0)
    assert store.holding("ada", words) == ([ID] if found else [])


@given(st.text(max_size=20))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was(archive: Archive, text: str) -> None:
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        return
    store = archive.shared.conversations
    store.put("ada", head(), [turn(text=text)], known=1)
    assert store.turns("ada", ID) == [turn(text=text)]


def test_one_owner_cannot_fill_the_library(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    store = archive.shared.conversations
    monkeypatch.setattr(conversations, "MOST_CONVERSATIONS", 2)
    monkeypatch.setattr(conversations, "MOST_CHARACTERS", 100)
    store.put("ada", head(), [turn()], known=0)
    with pytest.raises(StorageError, match="delete some"):
        store.put("ada", head(place=OTHER, size=95), [turn()], known=0)
    assert store.put("ada", head(place=OTHER), [turn()], known=0)
    with pytest.raises(StorageError, match="delete some"):
        store.put("ada", head(place="1" * 16), [turn()], known=0)
    assert store.put("ada", head(answers=2), [turn(), turn()], known=1)
    assert store.put("grace", head(), [turn()], known=0)


def test_a_copy_of_the_library_has_them_too(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> None:
    archive.shared.conversations.put("ada", head(), [turn()], known=0)
    target = Archive(tmp_path_factory.mktemp("copy") / "archive.sqlite3")
    copy_archive(archive, target)
    assert target.shared.conversations.turns("ada", ID) == [turn()]
    target.close()
