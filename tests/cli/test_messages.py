"""What the command line says to a reader: which article is meant, in what words, and what to do next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from tests.cli.command_line import TREATY, Newsdesk, error_line, fill

BRIDGE = "The mayor opened the bridge on Monday. It cost 4 million."


@pytest.fixture
def untitled(newsdesk: Newsdesk, tmp_path: Path) -> Newsdesk:
    """A library of two articles without titles, one of them without anything but its text."""
    dated = {"text": TREATY, "outlet": "Pacific Ledger", "published": "2024-06-21", "id": "treaty"}
    fill(newsdesk, tmp_path, [dated, {"text": BRIDGE, "id": "bridge"}])
    return newsdesk


def id_of(newsdesk: Newsdesk, outlet: str) -> str:
    rows = json.loads(newsdesk("articles", "--json").stdout)["articles"]
    (found,) = (row["article_id"] for row in rows if row["outlet"] == outlet)
    return str(found)


def test_an_article_without_a_title_is_named_by_its_first_words_and_its_id(untitled: Newsdesk) -> None:
    treaty, bridge = id_of(untitled, "Pacific Ledger"), id_of(untitled, "")
    opening = "“Beijing fears a bloc. China objects to the treaty because it draws…”"
    asked = untitled("ask", "Why does China object to the treaty?").stdout
    assert f"] Pacific Ledger, 21 June 2024: {opening} (no title, article {treaty})" in asked
    found = untitled("search", "bridge", "--limit", "1").stdout
    assert found.startswith(f"1. unknown outlet, undated: “{BRIDGE}” (no title, article {bridge})")
    nearest = untitled("ask", "Who won the chess championship in Reykjavik?").stdout
    assert f"-   unknown outlet, undated: “{BRIDGE}” (no title, article {bridge})" in nearest
    listed = untitled("articles").stdout.splitlines()
    assert listed[0] == f"{treaty}  Pacific Ledger, 21 June 2024: {opening} (no title)"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ask", "why", "--zzz"], "no such option: --zzz; see newsdesk ask --help"),
        (["ask"], "QUESTION is missing; see newsdesk ask --help"),
        (["ingest"], "SOURCE... is missing; see newsdesk ingest --help"),
        (["feeds", "add"], "URL is missing; see newsdesk feeds add --help"),
        (["fetch"], "no such command 'fetch'; see newsdesk --help"),
        (["search", "x", "--limit", "0"], "--limit must be 1 or more; see newsdesk search --help"),
        (["search", "x", "--limit", "ten"], "--limit must be a whole number; see newsdesk search --help"),
        (["serve", "--port", "70000"], "--port must be 65535 or less; see newsdesk serve --help"),
        (["status", "--library"], "option '--library' requires an argument; see newsdesk --help"),
        (
            ["ask", "why", "does", "it"],
            "'does it' is one argument too many; put words that belong together in quotation marks; "
            "see newsdesk ask --help",
        ),
    ],
)
def test_a_command_that_is_typed_wrongly_gets_one_line_that_ends_in_where_to_look(
    newsdesk: Newsdesk, arguments: list[str], sentence: str
) -> None:
    result = newsdesk(*arguments)
    assert (result.exit_code, error_line(result), result.stdout) == (2, sentence, "")


def test_without_a_command_the_help_is_shown(newsdesk: Newsdesk) -> None:
    for arguments in ([], ["feeds"]):
        result = newsdesk(*arguments)
        assert result.exit_code == 2
        assert "Commands:" in result.stderr


@pytest.mark.parametrize("command", [["ask", "Why does China object?"], ["search", "treaty"], ["articles"]])
def test_dates_that_run_backwards_are_refused_in_words(untitled: Newsdesk, command: list[str]) -> None:
    result = untitled(*command, "--after", "2024-07-01", "--before", "2024-06-01")
    assert result.exit_code == 2
    assert (
        error_line(result)
        == "the first day asked for, 2024-07-01, is later than the last, 2024-06-01; swap the two dates"
    )


@pytest.mark.parametrize("command", [["ask", "Why does China object?"], ["search", "treaty"], ["articles"]])
def test_an_outlet_is_found_in_any_case(untitled: Newsdesk, command: list[str]) -> None:
    named = untitled(*command, "--outlet", "PACIFIC  ledger")
    assert named.exit_code == 0
    assert "Pacific Ledger, 21 June 2024" in named.stdout


@pytest.mark.parametrize("command", [["ask", "Why does China object?"], ["search", "treaty"], ["articles"]])
def test_an_outlet_that_is_not_there_is_refused_with_the_nearest(untitled: Newsdesk, command: list[str]) -> None:
    result = untitled(*command, "--outlet", "Pacific Leger")
    assert result.exit_code == 2
    assert error_line(result) == "no article is from 'Pacific Leger'; did you mean 'Pacific Ledger'?"


def test_the_status_counts_one_as_one_and_says_where_there_are_no_dates(newsdesk: Newsdesk, tmp_path: Path) -> None:
    fill(newsdesk, tmp_path, [{"text": BRIDGE}])
    printed = newsdesk("status").stdout
    assert "articles   1 (1 story, 1 passage)" in printed
    assert "published  no article has a date" in printed


def test_the_status_names_a_single_day_once(untitled: Newsdesk) -> None:
    assert "published  21 June 2024\n" in untitled("status").stdout


def test_after_problems_the_summary_says_what_to_do(newsdesk: Newsdesk, tmp_path: Path) -> None:
    (tmp_path / "here.txt").write_text(BRIDGE, encoding="utf-8")
    (tmp_path / "empty.jsonl").write_bytes(b"")
    result = newsdesk("ingest", "empty.jsonl", "here.txt")
    assert result.exit_code == 1
    assert error_line(result).startswith("empty.jsonl: has no text; ")
    assert result.stdout.splitlines()[1] == (
        "mend what the problems name and run the same command again; what is in the library is left alone"
    )
    assert "mend what" not in newsdesk("ingest", "here.txt").stdout


def test_what_is_removed_twice_in_one_command_is_removed_once(untitled: Newsdesk) -> None:
    name = id_of(untitled, "Pacific Ledger")
    result = untitled("remove", name, name)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "1 removed\n", "")


def test_help_names_every_command_and_its_options() -> None:
    result = CliRunner().invoke(cli.app, ["--help"])
    for command in ("ingest", "ask", "search", "articles", "show", "remove", "rebuild", "status", "serve"):
        assert f"  {command} " in result.stdout
        assert "--library DIR" in CliRunner().invoke(cli.app, [command, "--help"]).stdout


def test_an_unknown_setting_is_refused(newsdesk: Newsdesk) -> None:
    result = newsdesk("status", NEWSDESK_MODLE="quotes")
    assert result.exit_code == 2
    assert "did you mean 'model'?" in result.stderr
