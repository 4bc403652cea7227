"""The commands briefing and timeline: what they print, as text and as JSON, and how they refuse."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rag.date_input import parse_since
from rag.errors import UsageError
from tests.cli.command_line import Newsdesk, command_line, error_line, fill

SLIDE = "A landslide in the village of Ostrel killed {} people on Monday, the fire service said."
ROWS = [
    {
        "title": "Ostrel landslide kills villagers", "outlet": "Harbour Post", "url": "https://post.example/1",
        "published": "2024-05-06T09:00:00+00:00", "text": SLIDE.format(12) + " Rain had fallen for a week.",
    },
    {
        "title": "Landslide kills villagers in Ostrel", "outlet": "Evening Mail", "url": "https://mail.example/1",
        "published": "2024-05-06T18:00:00+00:00", "text": SLIDE.format(15) + " The road is closed.",
    },
    {
        "title": "Lindow wins the cup", "outlet": "Lindow Echo", "url": "https://echo.example/1",
        "published": "2024-06-11T18:00:00+00:00", "text": "Lindow beat Dray in the final of the county cup.",
    },
]  # fmt: skip
NOW = datetime(2024, 6, 12, 9, tzinfo=UTC)


@pytest.fixture
def newsdesk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsdesk:
    run = command_line(tmp_path, monkeypatch)
    fill(run, tmp_path, ROWS)
    return run


def test_a_briefing_names_sources_quotes_and_what_is_disputed(newsdesk: Newsdesk) -> None:
    printed = newsdesk("briefing", "--since", "2024-05-01", "--until", "2024-05-31").stdout
    assert printed.startswith("Briefing: 1 story of 1, 2 articles, 1 May 2024 to 31 May 2024\n")
    assert "2 independent sources, 2 articles: Evening Mail, Harbour Post" in printed
    assert "Disputed, the outlets differ:" in printed
    assert "12: “A landslide in the village of Ostrel killed 12 people" in printed
    assert "15: “A landslide in the village of Ostrel killed 15 people" in printed


def test_a_briefing_as_json_twice_is_the_same(newsdesk: Newsdesk) -> None:
    first, second = (newsdesk("briefing", "--topic", "landslide", "--stories", "1", "--json").stdout for _ in range(2))
    assert first == second
    assert [story["sources"] for story in json.loads(first)["stories"]] == [2]


def test_an_outlet_is_found_in_any_case_and_an_unknown_one_refused(newsdesk: Newsdesk) -> None:
    found = json.loads(newsdesk("briefing", "--outlet", "lindow echo", "--json").stdout)
    assert [story["title"] for story in found["stories"]] == ["Lindow wins the cup"]
    assert "no article is from" in error_line(newsdesk("briefing", "--outlet", "Nowhere Times"))


def test_an_empty_period_is_an_answer_and_names_the_period(newsdesk: Newsdesk) -> None:
    done = newsdesk("briefing", "--since", "2024-07-01", "--until", "2024-07-08")
    assert done.exit_code == 0
    assert "No article was published from 1 July 2024 to 8 July 2024." in done.stdout
    assert "are from 6 May 2024 to 11 June 2024." in done.stdout
    assert "Lindow Echo, 11 June 2024: Lindow wins the cup" in done.stdout


def test_a_period_that_begins_after_its_end_is_refused(newsdesk: Newsdesk) -> None:
    done = newsdesk("briefing", "--since", "2024-07-08", "--until", "2024-07-01")
    assert done.exit_code == 2
    assert "swap the two dates" in error_line(done)


def test_seven_days_count_from_now_and_an_old_library_says_how_old_it_is(newsdesk: Newsdesk) -> None:
    printed = newsdesk("briefing", "--since", "7d").stdout
    assert printed.startswith("No article was published since ")
    assert "The articles of this library are from 6 May 2024 to 11 June 2024." in printed


def test_a_library_that_ends_before_today_says_so_beside_the_period(newsdesk: Newsdesk) -> None:
    printed = newsdesk("briefing", "--since", "2024-05-01").stdout
    assert "(the library's newest article is from 11 June 2024)" in printed.splitlines()[0]


def test_terminal_codes_in_an_article_reach_no_terminal(newsdesk: Newsdesk, tmp_path: Path) -> None:
    hostile = {
        "title": "\x1b[31mRed\nalert", "outlet": "Dark\x1b]0;x\x07 Times", "url": "https://dark.example/1",
        "published": "2024-08-01T09:00:00+00:00", "text": "The harbour of Almar was \x1b[2J closed on Monday by fog.",
    }  # fmt: skip
    fill(newsdesk, tmp_path, [hostile])
    for command in (("briefing", "--since", "2024-08-01"), ("timeline", "harbour of Almar")):
        done = newsdesk(*command)
        assert "The harbour of Almar" in done.stdout
        assert "\x1b" not in done.stdout
        assert "\x07" not in done.stdout


def test_a_timeline_says_where_each_date_comes_from(newsdesk: Newsdesk) -> None:
    printed = newsdesk("timeline", "landslide in Ostrel").stdout
    assert "6 May 2024 (the quote says “Monday”)" in printed
    cup = newsdesk("timeline", "county cup final").stdout
    assert "11 June 2024 (date of publication)" in cup


def test_a_timeline_since_a_day_has_only_what_is_new(newsdesk: Newsdesk) -> None:
    found = json.loads(newsdesk("timeline", "landslide in Ostrel", "--since", "2024-06-01", "--json").stdout)
    assert found["events"] == []
    assert found["notice"].startswith("Nothing new about “landslide in Ostrel” since 1 June 2024.")


@pytest.mark.parametrize(("given", "hours"), [("24h", 24), ("7d", 168), ("2w", 336), ("0d", 0)])
def test_a_distance_counts_back_from_now(given: str, hours: int) -> None:
    assert parse_since(given, NOW) == NOW - timedelta(hours=hours)


def test_a_date_begins_with_its_day_and_nothing_is_no_limit() -> None:
    assert parse_since("2024-06-01", NOW) == datetime(2024, 6, 1, tzinfo=UTC)
    assert parse_since(None, NOW) is None


@pytest.mark.parametrize("given", ["7", "week", "-3d", "3m", "2024-13-01"])
def test_what_is_no_period_is_refused_with_examples(given: str) -> None:
    with pytest.raises(UsageError, match="write 7d, 24h, 2w or a date"):
        parse_since(given, NOW)
