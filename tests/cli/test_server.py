"""What is served, and who may use it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rag.storage.archive.archive import Archive
from rag.storage.archive.shared.conversations import ConversationHead
from tests.cli.command_line import Newsdesk


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


def test_what_was_kept_for_a_removed_user_goes_and_nobody_inherits_it(newsdesk: Newsdesk, tmp_path: Path) -> None:
    head = ConversationHead(id="0123456789abcdef", name="Why?", changed="2026-03-01T10:00:00Z", answers=1, size=4)

    def kept(*names: str) -> list[int]:
        with closing(Archive(tmp_path / "news" / "archive.sqlite3")) as archive:
            return [len(archive.shared.conversations.heads(name)) for name in names]

    def keep(name: str) -> None:
        with closing(Archive(tmp_path / "news" / "archive.sqlite3")) as archive:
            archive.shared.conversations.put(name, head, [{"question": "Why?"}], known=0)

    users, password = {"NEWSDESK_USERS": "users.txt"}, "correct horse battery\n"
    for name in ("ada", "grace"):
        assert newsdesk("users", "add", name, "--stdin", stdin=password, **users).exit_code == 0
    (tmp_path / "news").mkdir()
    keep("ada")
    keep("grace")
    removed = newsdesk("users", "remove", "ada", "--library", "news", **users)
    assert removed.output == "ada can no longer come in; 1 conversation deleted\n"
    assert kept("ada", "grace") == [0, 1]
    again = newsdesk("users", "add", "grace", "--stdin", "--library", "news", stdin=password, **users)
    assert (again.exit_code, kept("grace")) == (0, [1])
    keep("ada")
    newsdesk("users", "add", "ada", "--stdin", "--library", "news", stdin=password, **users)
    assert kept("ada") == [0]
