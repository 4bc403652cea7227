"""The commands that fill, change and look after a library."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import ingest.pipeline
from ingest.report import IngestReport
from tests.cli.command_line import Newsdesk, ids, read


def test_ingesting_the_same_source_again_changes_nothing(filled: Newsdesk) -> None:
    report = read(filled("ingest", "news.jsonl", "--json"))
    assert (report["added"], report["changed"], report["unchanged"], report["problems"]) == (0, 0, 2, [])


def test_a_dry_run_reports_and_leaves_the_library_alone(filled: Newsdesk, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("A third article. It has two sentences.", encoding="utf-8")
    assert read(filled("ingest", "more.txt", "--dry-run", "--json"))["added"] == 1
    assert len(ids(filled)) == 2


def test_a_missing_source_is_named_in_one_line_and_the_others_go_in(newsdesk: Newsdesk, tmp_path: Path) -> None:
    (tmp_path / "here.txt").write_text("An article that is here. It has two sentences.", encoding="utf-8")
    result = newsdesk("ingest", "missing.txt", "here.txt")
    assert result.exit_code == 1
    assert result.stderr.startswith("newsdesk: ")
    assert "missing.txt" in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout.startswith("1 added, 0 changed, 0 unchanged, 1 passage, 1 problem")


def test_another_story_that_is_left_out_is_a_note_and_no_failure(newsdesk: Newsdesk, tmp_path: Path) -> None:
    def story(title: str, said: str) -> str:
        weeks = (f"<p>In week {week} {said} counted {week * 7} boats at the pier of Elmport.</p>" for week in range(9))
        return f"<article><h1>{title}</h1>{''.join(weeks)}</article>"

    page = tmp_path / "page.html"
    page.write_text(f"<html><head><title>Pier shut</title></head><body>{story('Pier shut', 'Ana Ruiz')}"
                    f"{story('Library opens', 'Tom Hale')}</body></html>")  # fmt: skip
    result = newsdesk("ingest", str(page))
    assert result.exit_code == 0, result.stderr
    assert f"note: {page}: its page shows another story, too" in result.stdout
    report = json.loads(newsdesk("ingest", str(page), "--dry-run", "--json").stdout)
    assert (report["problems"], len(report["notes"])) == ([], 1)


def test_an_address_inside_the_own_network_is_refused(filled: Newsdesk) -> None:
    result = filled("ingest", "http://127.0.0.1:9/story", "--json")
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)["problems"]
    assert problem["where"] == "http://127.0.0.1:9/story"


def test_a_signal_ends_an_ingest_after_the_article_in_hand(newsdesk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, stop: Callable[[], bool], **__: object) -> IngestReport:
        assert not stop()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop()
        return IngestReport(added=1, passages=3, complete=False)

    monkeypatch.setattr(ingest.pipeline, "ingest", interrupted)
    before = signal.getsignal(signal.SIGTERM)
    result = newsdesk("ingest", ".")
    assert result.exit_code == 1
    assert result.stdout.startswith("1 added")
    assert "the same command goes on from there" in result.stderr
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("arguments", [["ask", "why?"], ["articles"], ["status"], ["rebuild"], ["show", "x"]])
def test_without_a_library_nothing_is_made_and_the_next_command_is_named(
    newsdesk: Newsdesk, tmp_path: Path, arguments: Sequence[str]
) -> None:
    result = newsdesk(*arguments, "--library", "typo")
    assert result.exit_code == 1
    assert "newsdesk ingest SOURCE --library typo" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_library_may_be_named_before_or_after_the_command_or_in_the_environment(
    filled: Newsdesk, tmp_path: Path
) -> None:
    (tmp_path / "library").rename(tmp_path / "elsewhere")
    assert filled("articles").exit_code == 1
    assert filled("articles", "--library", "elsewhere").exit_code == 0
    assert filled("--library", "elsewhere", "articles").exit_code == 0
    assert filled("articles", NEWSDESK_LIBRARY="elsewhere").exit_code == 0


def test_a_removed_article_is_gone(filled: Newsdesk) -> None:
    article_id = ids(filled)["Pacific Ledger"]
    assert read(filled("remove", article_id, "--json")) == {"removed": [article_id], "missing": []}
    assert list(ids(filled)) == ["Harbour Standard"]
    assert read(filled("ask", "Why does China object to the treaty?", "--json"))["outcome"] == "not_found"


def test_removing_what_is_not_there_is_an_error_that_says_where_to_look(filled: Newsdesk) -> None:
    result = filled("remove", "nothing")
    assert result.exit_code == 1
    assert "no article 'nothing' in this library; `newsdesk articles` lists them" in result.stderr


def test_a_sound_library_has_a_clean_status_before_and_after_a_rebuild(filled: Newsdesk) -> None:
    assert read(filled("status", "--json"))["clean"] is True
    assert filled("rebuild").exit_code == 0
    printed = filled("status").stdout
    assert "articles   2" in printed
    assert "published  2 May 2024 to 21 June 2024" in printed
    assert "state      clean" in printed


def test_another_embedder_is_refused_with_the_command_that_rebuilds(filled: Newsdesk) -> None:
    result = filled("ask", "Why does China object?", NEWSDESK_EMBEDDER="all-MiniLM-L6-v2")
    assert result.exit_code == 1
    assert "newsdesk rebuild" in result.stderr


def test_processes_of_this_machine_may_read(filled: Newsdesk, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("The ferry to Skerry runs again. It was away for a month.", encoding="utf-8")
    report = read(filled("ingest", "story.txt", "--workers", "1", "--json"))
    assert (report["added"], report["complete"]) == (1, True)


def test_processes_and_a_cluster_are_not_both_asked_for(newsdesk: Newsdesk) -> None:
    result = newsdesk("ingest", ".", "--workers", "2", "--ray", "auto")
    assert (result.exit_code, result.stderr) == (
        2,
        "newsdesk: --workers and --ray name two places to work in; give one of them\n",
    )


def test_a_cluster_that_cannot_be_used_is_one_sentence(newsdesk: Newsdesk) -> None:
    result = newsdesk("ingest", ".", "--ray", "127.0.0.1:1", "--json")
    error = json.loads(result.stdout)["error"]
    assert (result.exit_code, error["kind"], error["retryable"]) == (1, "cluster_unavailable", True)
    assert error["message"].startswith("the Ray cluster at '127.0.0.1:1' cannot be used: ")
