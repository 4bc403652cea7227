"""`newsdesk ask --as-of` and `search --as-of`: what is printed, and what is said where the day is no good."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.command_line import Newsdesk, command_line, error_line, fill

ROWS = (
    {
        "text": "The bridge over the Saltmarsh closed on Monday. Repairs of the bridge will take nine weeks.",
        "title": "Saltmarsh bridge closes",
        "outlet": "Evening Mail",
        "published": "2024-05-06",
        "id": "closed",
    },
    {
        "text": "The bridge over the Saltmarsh is open again. Repairs of the bridge took five weeks only.",
        "title": "Saltmarsh bridge opens",
        "outlet": "Harbour Post",
        "published": "2024-06-10",
        "id": "open",
    },
)
ASKED = "How long do repairs of the Saltmarsh bridge take?"


@pytest.fixture
def newsdesk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsdesk:
    run = command_line(tmp_path, monkeypatch)
    fill(run, tmp_path, ROWS)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    return run


@pytest.fixture(autouse=True)
def nothing_is_left(newsdesk: Newsdesk, tmp_path: Path) -> object:
    """After every command of these tests the temporary folder is gone."""
    yield
    assert list((tmp_path / "scratch").iterdir()) == []


def test_an_answer_as_of_a_day_says_so_in_one_line(newsdesk: Newsdesk) -> None:
    done = newsdesk("ask", ASKED, "--as-of", "2024-06-09")
    assert done.exit_code == 0, done.output
    first, *others = done.stdout.splitlines()
    assert first == "As of the end of 9 June 2024 (UTC):"
    assert "nine weeks" in "\n".join(others)
    assert "five weeks" not in done.stdout


def test_without_a_day_nothing_is_said_of_one(newsdesk: Newsdesk) -> None:
    assert "As of" not in newsdesk("ask", ASKED).stdout
    assert json.loads(newsdesk("ask", ASKED, "--json").stdout)["provenance"]["as_of"] is None
    assert list(json.loads(newsdesk("search", ASKED, "--json").stdout)) == ["evidence"]


def test_the_json_of_an_answer_carries_the_day(newsdesk: Newsdesk) -> None:
    for day, cited in (("2024-06-09", {"closed"}), ("2024-06-10", {"closed", "open"})):
        answer = json.loads(newsdesk("ask", ASKED, "--as-of", day, "--json").stdout)
        assert answer["provenance"]["as_of"] == day
        assert {citation["title"] for citation in answer["citations"]} <= {
            row["title"] for row in ROWS if row["id"] in cited
        }


def test_search_as_of_a_day_finds_what_was_known(newsdesk: Newsdesk) -> None:
    found = json.loads(newsdesk("search", "Saltmarsh bridge", "--as-of", "2024-06-09", "--json").stdout)
    assert [piece["title"] for piece in found["evidence"]] == ["Saltmarsh bridge closes"]
    assert (found["as_of"], found["notice"]) == ("2024-06-09", "")
    plain = newsdesk("search", "Saltmarsh bridge", "--as-of", "2024-06-09").stdout
    assert plain.startswith("As of the end of 9 June 2024 (UTC):\n1. Evening Mail")


def test_before_the_first_article_the_earliest_day_is_named(newsdesk: Newsdesk) -> None:
    asked = newsdesk("ask", ASKED, "--as-of", "2024-05-05")
    assert asked.exit_code == 0
    assert "The answer is not in these articles." in asked.stdout
    earliest = "Nothing here was known by 5 May 2024: the earliest article of this library is from 6 May 2024."
    assert earliest in error_line(asked)
    assert earliest in error_line(newsdesk("search", ASKED, "--as-of", "2024-05-05"))
    assert json.loads(newsdesk("ask", ASKED, "--as-of", "2024-05-05", "--json").stdout)["nearest"] == []


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("day", ["", "yesterday", "2024-02-30", "19/06/2024", "2024-06-19T12:00"])
def test_what_is_no_day_is_refused_with_code_2(newsdesk: Newsdesk, command: str, day: str) -> None:
    done = newsdesk(command, ASKED, "--as-of", day)
    assert done.exit_code == 2
    assert f"{day!r} is not a date; write it as 2024-06-19" in error_line(done)
    assert done.stdout == ""


def test_an_outlet_that_was_not_there_yet_is_refused_with_those_that_were(newsdesk: Newsdesk) -> None:
    done = newsdesk("ask", ASKED, "--as-of", "2024-06-09", "--outlet", "Harbour Post")
    assert done.exit_code == 2
    assert "Evening Mail" in error_line(done)


@pytest.mark.parametrize("options", [["--after", "2024-06-01"], ["--before", "2024-05-01"]])
def test_other_limits_hold_as_well(newsdesk: Newsdesk, options: Sequence[str]) -> None:
    found = newsdesk("search", ASKED, "--as-of", "2024-06-09", *options, "--json")
    assert json.loads(found.stdout)["evidence"] == []


def test_the_library_may_be_open_for_reading_only(newsdesk: Newsdesk) -> None:
    done = newsdesk("ask", ASKED, "--as-of", "2024-06-09", NEWSDESK_READ_ONLY="true", NEWSDESK_KEEP_ANSWERS="true")
    assert "nine weeks" in done.stdout
    assert json.loads(newsdesk("answers", "--json").stdout)["answers"] == []
