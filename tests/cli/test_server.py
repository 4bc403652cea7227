"""What is served, and who may use it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from rag.storage import place
from rag.storage.archive.archive import Archive
from rag.storage.archive.shared.conversations import ConversationHead
from tests.cli.command_line import Newsdesk, error_line


def test_serving_hands_the_settings_to_the_page_and_adds_no_sample(
    newsdesk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web import launch

    served: list[tuple[Path, dict[str, Any]]] = []
    monkeypatch.setattr(launch, "serve", lambda settings, **how: served.append((settings.library, how)))
    assert newsdesk("serve", "--library", "news", "--port", "8000").exit_code == 0
    assert newsdesk("serve", "--library", "news", "--library", "more").exit_code == 0
    (library, how), (_, both) = served
    assert (library, how["port"], how["folders"], how["sample"]) == (Path("news"), 8000, (Path("news"),), False)
    assert both["folders"] == (Path("news"), Path("more"))


HEAD = ConversationHead(id="0123456789abcdef", name="Why?", changed="2026-03-01T10:00:00Z", answers=1, size=4)
USERS, PASSWORD = {"NEWSDESK_USERS": "users.txt"}, "correct horse battery\n"


def test_what_was_kept_for_a_removed_user_goes_and_nobody_inherits_it(newsdesk: Newsdesk, tmp_path: Path) -> None:
    library, users, password = tmp_path / "news", USERS, PASSWORD
    for name in ("ada", "grace"):
        assert newsdesk("users", "add", name, "--stdin", stdin=password, **users).exit_code == 0
    library.mkdir()
    _keep(library, "ada")
    _keep(library, "grace")
    removed = newsdesk("users", "remove", "ada", "--library", "news", **users)
    assert removed.output == "ada can no longer come in; 1 conversation deleted\n"
    assert _kept(library, "ada", "grace") == [0, 1]
    again = newsdesk("users", "add", "grace", "--stdin", "--library", "news", stdin=password, **users)
    assert (again.exit_code, _kept(library, "grace")) == (0, [1])
    _keep(library, "ada")
    newsdesk("users", "add", "ada", "--stdin", "--library", "news", stdin=password, **users)
    assert _kept(library, "ada") == [0]


def test_a_name_is_given_to_nobody_and_taken_from_somebody_at_once_while_its_conversations_cannot_be_deleted(
    newsdesk: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "news"
    library.mkdir()
    for name in ("ada", "grace"):
        assert newsdesk("users", "add", name, "--stdin", stdin=PASSWORD, **USERS).exit_code == 0
    _keep(library, "ada")

    def users(*arguments: str) -> Result:
        return newsdesk("users", *arguments, "--library", "news", stdin=PASSWORD, **USERS)

    with monkeypatch.context() as unwritable:
        unwritable.setattr(place, "cannot_be_written", lambda folder: True)
        removed = users("remove", "ada")
        assert removed.exit_code != 0
        assert error_line(removed).endswith("make it writable and run the command again")
        assert users("add", "ada", "--stdin").exit_code != 0
        assert newsdesk("users", "list", **USERS).output == "grace\n"
        assert users("remove", "grace").output == "grace can no longer come in\n"
    assert _kept(library, "ada") == [1]
    assert users("remove", "ada").output == "ada can no longer come in; 1 conversation deleted\n"
    assert error_line(users("remove", "ada")).startswith("there is no user 'ada'")


def test_where_the_file_of_users_cannot_be_read_no_conversation_is_deleted(newsdesk: Newsdesk, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    _keep(tmp_path / "news", "ada")
    (tmp_path / "users.txt").write_bytes(b"ada:\xff\n")
    added = newsdesk("users", "add", "ada", "--stdin", "--library", "news", stdin=PASSWORD, **USERS)
    assert "cannot be read" in error_line(added)
    assert _kept(tmp_path / "news", "ada") == [1]


def _kept(library: Path, *names: str) -> list[int]:
    with closing(Archive(library / "archive.sqlite3")) as archive:
        return [len(archive.shared.conversations.heads(name)) for name in names]


def _keep(library: Path, name: str) -> None:
    with closing(Archive(library / "archive.sqlite3")) as archive:
        archive.shared.conversations.put(name, HEAD, [{"question": "Why?"}], known=0)
