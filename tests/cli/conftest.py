"""The command line in a folder of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command_line import HOSTILE, TREATY, Newsdesk, command_line


@pytest.fixture
def newsdesk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsdesk:
    """Run a command in a folder of its own, with the instant embedder."""
    return command_line(tmp_path, monkeypatch)


@pytest.fixture
def filled(newsdesk: Newsdesk, tmp_path: Path) -> Newsdesk:
    """A library of two articles in the default folder."""
    rows = [
        {"text": TREATY, "title": "The treaty", "outlet": "Pacific Ledger", "published": "2024-06-21", "id": "treaty"},
        {
            "text": HOSTILE,
            "title": "A bridge\x07",
            "outlet": "Harbour Standard",
            "published": "2024-05-02",
            "id": "bridge",
        },
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = newsdesk("ingest", "news.jsonl")
    assert done.exit_code == 0, done.output
    return newsdesk
