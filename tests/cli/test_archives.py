"""Whole archives on the command line: a library moves to a server and back, and is lost and restored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from rag.storage.archive.archive import Archive
from tests.postgresql_server import PostgresqlServer

ARTICLE = "# Lighthouse at Kell\n\nThe lighthouse at Kell cost 7 million crowns to build, the mayor said.\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSDESK_EMBEDDER", "hashing")
    monkeypatch.setenv("NEWSDESK_READER", "off")
    (tmp_path / "kell.md").write_text(ARTICLE, encoding="utf-8")


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == code, result.output
    return result.output


def test_a_library_moves_to_a_server_answers_there_and_is_restored_into_a_folder(
    postgresql: PostgresqlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgresql.new_place()
    run("ingest", "kell.md", "--library", "first")
    copied = json.loads(run("copy", "first", address, "--json"))
    assert copied["articles"] == 1
    assert "holds 1 articles; name an empty library" in run("copy", "first", address, code=2)
    monkeypatch.setenv("NEWSDESK_ARCHIVE", address)
    assert "7 million crowns" in run("ask", "How much did the lighthouse cost?", "--library", "second")
    assert f"archive    postgres on {postgresql.folder}" in run("status", "--library", "second")
    made = json.loads(run("backup", "monday.backup", "--library", "second", "--json"))
    assert (made["articles"], made["revision"]) == (1, 1)
    monkeypatch.delenv("NEWSDESK_ARCHIVE")
    assert "is whole: 1 article" in run("restore", "monday.backup", "--check")
    assert "restored: 1 article" in run("restore", "monday.backup", "--library", "third")
    assert "7 million crowns" in run("ask", "How much did the lighthouse cost?", "--library", "third")


def test_what_is_no_library_and_no_backup_is_said_with_what_to_do(tmp_path: Path) -> None:
    Archive(tmp_path / "kell.sqlite3").close()
    assert "no library at" in run("copy", "nowhere", "there", code=1)
    assert "no backup" in run("restore", "nothing.backup", "--library", "first", code=1)
    assert "no complete backup" in run("restore", "kell.sqlite3", "--check", code=1)
    refused = run("copy", "postgresql://ada:secret@", "there", code=2)
    assert "write it as postgresql+psycopg://user@host/database" in refused
    assert "secret" not in refused
