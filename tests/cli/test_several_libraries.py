"""`--library` repeated: reading commands span them all, and those that change a library take one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command_line import TREATY, Newsdesk, error_line, read

BOTH = ("--library", "asia", "--library", "towns")
BRIDGE = "The mayor of Ostrin opened the bridge on Monday. The bridge cost 4 million crowns. It is painted red."


@pytest.fixture
def shelves(newsdesk: Newsdesk, tmp_path: Path) -> Newsdesk:
    """Two libraries of one article each."""
    rows = {
        "asia": {"text": TREATY, "title": "The treaty", "outlet": "Pacific Ledger", "published": "2024-06-21"},
        "towns": {"text": BRIDGE, "title": "A bridge", "outlet": "Harbour Standard", "published": "2024-05-02"},
    }
    for name, row in rows.items():
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({**row, "id": name}), encoding="utf-8")
        done = newsdesk("ingest", f"{name}.jsonl", "--library", name)
        assert done.exit_code == 0, done.output
    return newsdesk


def cited(newsdesk: Newsdesk, *asked: str) -> set[tuple[str, str]]:
    return {(one["outlet"], one["library"]) for one in read(newsdesk("ask", *asked, "--json"))["citations"]}


def test_a_question_spans_them_and_each_quote_names_its_own(shelves: Newsdesk) -> None:
    assert cited(shelves, "Why does China object to the treaty?", *BOTH) == {("Pacific Ledger", "asia")}
    assert cited(shelves, "What did the bridge cost?", *BOTH) == {("Harbour Standard", "towns")}
    printed = shelves("ask", "What did the bridge cost?", *BOTH).stdout
    assert "Harbour Standard, 2 May 2024 (library towns): A bridge" in printed


def test_they_may_stand_before_the_command_and_those_after_it_go_first(shelves: Newsdesk) -> None:
    assert len(read(shelves(*BOTH, "articles", "--json"))["articles"]) == 2
    listed = read(shelves(*BOTH, "articles", "--library", "asia", "--json"))["articles"]
    assert [(one["outlet"], one["library"]) for one in listed] == [("Pacific Ledger", "")]


def test_everything_that_reads_takes_them(shelves: Newsdesk) -> None:
    found = read(shelves("search", "bridge treaty", *BOTH, "--json"))["evidence"]
    assert {one["library"] for one in found} == {"asia", "towns"}
    told = read(shelves("briefing", *BOTH, "--json"))
    assert {ref["library"] for story in told["stories"] for ref in story["articles"]} == {"asia", "towns"}
    summary = read(shelves("summarize", "--about", "the bridge", *BOTH, "--json"))
    assert {quote["library"] for quote in summary["citations"]} == {"towns"}
    events = read(shelves("timeline", "bridge", *BOTH, "--json"))["events"]
    assert {event["library"] for event in events} == {"towns"}
    changed = read(shelves("changes", "--since", "2024-01-01", *BOTH, "--json"))["stories"]
    assert {ref["library"] for story in changed for ref in story["articles"]} == {"asia", "towns"}
    assert shelves("storylines", *BOTH).exit_code == 0
    article = found[0]["article_id"]
    assert read(shelves("show", article, *BOTH, "--json"))["library"] in ("asia", "towns")
    assert shelves("show", article, "--changes", *BOTH).exit_code == 0


def test_a_day_stands_for_all(shelves: Newsdesk) -> None:
    then = read(shelves("search", "bridge treaty", *BOTH, "--as-of", "2024-05-30", "--json"))
    assert ({one["library"] for one in then["evidence"]}, then["notice"]) == ({"towns"}, "")


@pytest.mark.parametrize(
    "command",
    [
        ["ingest", "asia.jsonl"],
        ["remove", "x"],
        ["tag", "x", "--add", "y"],
        ["rebuild"],
        ["status"],
        ["feeds", "list"],
        ["backup", "x.backup"],
        ["answers"],
        ["alerts", "alerts.toml"],
    ],
    ids=lambda command: command[0],
)
def test_what_changes_or_keeps_something_takes_one_and_says_so(shelves: Newsdesk, command: list[str]) -> None:
    refused = shelves(*BOTH, *command)
    assert refused.exit_code == 2
    assert error_line(refused) == "this command takes one library, and 2 are named; give --library once"


def test_one_that_is_missing_is_named(shelves: Newsdesk) -> None:
    refused = shelves("ask", "Why?", "--library", "asia", "--library", "nowhere")
    assert refused.exit_code == 1
    assert "there is no library at 'nowhere'" in error_line(refused)
    empty = shelves("ask", "Why?", "--library", "asia", "--library", " ")
    assert empty.exit_code == 2
