"""The commands changes and story."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import Newsdesk, error_line, fill, read

ROWS = [
    {
        "text": "The ferry to Dray was cancelled on Monday. Its crew is on strike.",
        "title": "Dray ferry cancelled",
        "outlet": "Lindow Echo",
        "published": "2024-05-06",
        "url": "https://echo.example/ferry",
    },
    {
        "text": "Lindow beat Dray in the final of the county cup on Thursday.",
        "title": "Lindow wins the cup",
        "outlet": "Lindow Echo",
        "published": "2024-05-09",
        "url": "https://echo.example/cup",
    },
]


@pytest.fixture
def told(newsdesk: Newsdesk, tmp_path: Path) -> Newsdesk:
    fill(newsdesk, tmp_path, ROWS)
    return newsdesk


def test_what_is_new_is_told_with_its_source(told: Newsdesk) -> None:
    shown = told("changes", "--since", "2024-05-08", "--outlet", "Lindow Echo").stdout
    assert shown.startswith("Since 8 May 2024: 1 new story.")
    assert "1. Lindow wins the cup" in shown
    assert "ferry" not in shown


def test_json_names_each_story_and_its_kind(told: Newsdesk) -> None:
    found = read(told("changes", "--since", "2024-05-08", "--topic", "county cup", "--json"))
    assert [(story["kind"], story["title"]) for story in found["stories"]] == [("new", "Lindow wins the cup")]


def test_as_of_a_day_nothing_later_is_told(told: Newsdesk) -> None:
    found = read(told("changes", "--since", "2024-05-05", "--as-of", "2024-05-07", "--json"))
    assert [story["title"] for story in found["stories"]] == ["Dray ferry cancelled"]


def test_what_is_no_period_is_a_wrong_command(told: Newsdesk) -> None:
    done = told("changes", "--since", "lately")
    assert done.exit_code == 2
    assert error_line(done).startswith("'lately' is no period; write 7d")


def test_a_story_is_told_whole(told: Newsdesk) -> None:
    listed = read(told("changes", "--since", "2024-05-08", "--json"))
    (cup,) = [ref["article_id"] for story in listed["stories"] for ref in story["articles"]]
    shown = told("story", cup).stdout
    assert shown.startswith("Lindow wins the cup\n1 independent source, 1 article: Lindow Echo\n")
    assert "What happened\n   [1] “Lindow beat Dray in the final of the county cup on Thursday.”" in shown
    found = read(told("story", cup, "--json"))
    assert found["title"] == "Lindow wins the cup"
    assert found["coverage"]["days"] == [{"day": "2024-05-09", "outlets": ["Lindow Echo"]}]


def test_a_story_of_no_article_is_refused(told: Newsdesk) -> None:
    done = told("story", "nobody")
    assert done.exit_code == 1
    assert "nobody" in error_line(done)
