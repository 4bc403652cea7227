"""The command summarize: what it prints, as text and as JSON, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command_line import Newsdesk, command_line, error_line, fill

ROWS = [
    {
        "id": "bridge", "title": "Bridge open again", "outlet": "Harbour Post", "published": "2024-07-12",
        "text": "Mayor Ana Ruiz reopened the Saltmarsh bridge on Friday. The state paid 12 million dollars for it. "
        "Drivers protested against the \x1b[31mtoll\x1b[0m at the <b>town hall</b>.",
    },
    {
        "id": "cup", "title": "Lindow wins the cup", "outlet": "Lindow Echo", "published": "2024-06-11",
        "text": "Lindow beat Dray in the final of the county cup on Sunday.",
    },
]  # fmt: skip


@pytest.fixture
def newsdesk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsdesk:
    run = command_line(tmp_path, monkeypatch)
    fill(run, tmp_path, ROWS)
    return run


@pytest.fixture
def ids(newsdesk: Newsdesk) -> dict[str, str]:
    listed = json.loads(newsdesk("articles", "--json").stdout)["articles"]
    return {article["outlet"]: article["article_id"] for article in listed}


def test_an_article_is_told_in_numbered_quotes(newsdesk: Newsdesk, ids: dict[str, str]) -> None:
    printed = newsdesk("summarize", ids["Harbour Post"], "--sentences", "3")
    assert printed.exit_code == 0
    assert printed.stdout.startswith("Bridge open again\n\nHarbour Post, 12 July 2024: Mayor Ana Ruiz reopened")
    assert "[1][2][3] Harbour Post, 12 July 2024: Bridge open again" in printed.stdout


def test_control_characters_of_an_article_never_reach_the_terminal(newsdesk: Newsdesk, ids: dict[str, str]) -> None:
    assert "\x1b" not in newsdesk("summarize", ids["Harbour Post"], "--sentences", "9").stdout


def test_several_articles_as_json_twice_are_the_same(newsdesk: Newsdesk, ids: dict[str, str]) -> None:
    runs = [newsdesk("summarize", *ids.values(), "--words", "40", "--json").stdout for _ in range(2)]
    first, second = ({**json.loads(run), "provenance": None} for run in runs)
    assert first == second
    assert [article["outlet"] for article in first["articles"]] == ["Lindow Echo", "Harbour Post"]


def test_a_story_a_topic_and_a_period_are_summarised(newsdesk: Newsdesk, ids: dict[str, str]) -> None:
    for asked in (
        ["--story", ids["Lindow Echo"]],
        ["--about", "county cup final"],
        ["--before", "2024-06-30", "--outlet", "lindow echo"],
    ):
        printed = json.loads(newsdesk("summarize", *asked, "--json").stdout)
        assert [article["outlet"] for article in printed["articles"]] == ["Lindow Echo"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["gone"], 1, "there is no article 'gone' in this library; `newsdesk articles` lists them"),
        (["--story", "gone"], 1, "there is no article 'gone'"),
        ([], 2, "nothing to summarise"),
        (["gone", "--words", "9", "--sentences", "1"], 2, "exactly one of the two"),
        (["--sentences", "0", "gone"], 2, "--sentences"),
        (["--about", "glaciers of Mars and quantum chess"], 1, "no article is about this"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    newsdesk: Newsdesk, arguments: list[str], code: int, said: str
) -> None:
    result = newsdesk("summarize", *arguments)
    assert result.exit_code == code
    assert said in error_line(result)


def test_a_summary_too_short_for_any_sentence_is_exit_code_1(newsdesk: Newsdesk, ids: dict[str, str]) -> None:
    result = newsdesk("summarize", ids["Lindow Echo"], "--words", "2")
    assert result.exit_code == 1
    assert "ask for a longer summary" in error_line(result)
