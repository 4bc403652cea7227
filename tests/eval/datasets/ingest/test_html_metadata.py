"""The set of titles, authors and dates, worked by hand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from eval.commands import main
from eval.datasets.ingest.html_metadata import states_day, text_counts
from tests.eval.rows import PROSE, page, written


def test_strings_are_counted_once_each() -> None:
    assert text_counts("one two\nthree four one two", ["one two", "two three", "five"], ["four", "six"]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("html", "stated"),
    [
        ('<meta content="2024-06-19T10:00">', True),
        ("19.06.2024", True),
        ("06/19/2024", True),
        ("/2024/06/19/", True),
        ("20240619", True),
        ("June 19, 2024", True),
        ("19. Juni 2024", True),
        ("19 June", False),
        ("2024-06-20", False),
        ("120240619", False),
    ],
)
def test_a_page_states_a_day_in_figures_or_in_words(html: str, stated: bool) -> None:
    assert states_day(f"<p>{html}</p>", date(2024, 6, 19)) is stated


def row(name: str, head: str, **given: object) -> dict[str, object]:
    gold = {"title": "New chair chosen", "author": "Ana Ruiz", "date": "2024-06-19"}
    return {"id": name, "url": f"https://a.example/{name}", "html": page(*PROSE, head=head), **gold, **given}


def test_the_set_is_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = '<meta name="author" content="Ana Ruiz"><meta name="pubdate" content="2024-06-19">'
    wrong = '<meta name="author" content="Kim Berg"><meta name="pubdate" content="2024-07-01">'
    rows = [
        row("1", right, text_with=["eleven hours"], text_without=["Subscribe"]),
        row("2", wrong, text_with=["eleven hours", "twelve hours"], text_without=["fourth round"]),
        row(
            "3", '<meta property="og:site_name" content="Harbour">', author="", title="Another", sitename="The Harbour"
        ),
        row("4", "", author=None, date=None),
    ]
    file = written(tmp_path / "half.jsonl", rows)
    assert main(["run", "--set", "html-metadata", "--data", str(file), "--json"]) == 0
    metrics = json.loads(capsys.readouterr().out)["metrics"]
    assert {name: (metric["value"], metric["n"]) for name, metric in metrics.items()} == {
        "title_accuracy": (0.75, 4),
        "author_f1": (0.5, 2),  # 1 right, 1 wrong, 1 missed: 2 / (2 + 1 + 1)
        "date_found": (0.6667, 3),
        "date_accuracy": (0.5, 2),
        "outlet_accuracy": (1.0, 1),
        "stated_date_found": (1.0, 1),
        "stated_date_accuracy": (1.0, 1),
        "text_f1": (0.6667, 2),  # 2 right, 1 extra, 1 missing: 4 / (4 + 1 + 1)
    }


def test_faults_say_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path / "half.jsonl", [row("1", "", title="Another")])
    assert main(["run", "--set", "html-metadata", "--data", str(file), "--faults"]) == 0
    printed = capsys.readouterr().out
    assert "title 'New chair chosen', not 'Another'" in printed
    assert "date None, not 2024-06-19" in printed


def test_trafilatura_stands_beside_newsdesk_on_the_same_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = '<meta name="author" content="Ana Ruiz"><meta property="article:published_time" content="2024-06-19">'
    file = written(tmp_path / "half.jsonl", [row("1", head), row("2", head, title="Another")])
    assert main(["run", "--set", "html-metadata", "--data", str(file), "--baselines", "--json"]) == 0
    form = json.loads(capsys.readouterr().out)
    theirs = form["baselines"]["trafilatura alone"]
    assert theirs.keys() == form["metrics"].keys()
    assert (theirs["title_accuracy"]["value"], theirs["author_f1"]["value"]) == (0.5, 1.0)
    assert theirs["date_accuracy"]["value"] == 1.0
