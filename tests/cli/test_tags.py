"""Tags on the command line: given at an ingest or afterwards, told with their history, and limits of every question."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command_line import Newsdesk, error_line, ids, read


def test_articles_get_tags_that_limit_what_is_asked_and_listed(filled: Newsdesk) -> None:
    treaty, bridge = ids(filled)["Pacific Ledger"], ids(filled)["Harbour Standard"]
    assert filled("tag", treaty, "--add", "Asia, Treaties").stdout.startswith(f"{treaty}  asia, treaties\n")
    assert filled("tag", bridge, "--add", "towns").exit_code == 0
    assert read(filled("tags", "--json")) == {"tags": {"asia": 1, "towns": 1, "treaties": 1}}
    assert [a["article_id"] for a in read(filled("articles", "--tag", "asia", "--json"))["articles"]] == [treaty]
    assert [e["article_id"] for e in read(filled("search", "bridge paint", "--tag", "asia", "--json"))["evidence"]] == [
        treaty
    ]
    asked = read(filled("ask", "What did the mayor open?", "--tag", "towns", "--json"))
    assert {citation["article_id"] for citation in asked["citations"]} <= {bridge}
    briefed = read(filled("briefing", "--tag", "asia", "--tag", "towns", "--json"))
    assert briefed["tags"] == ["asia", "towns"]
    assert len(briefed["stories"]) == 2
    assert read(filled("summarize", "--tag", "asia", "--json"))["title"] == "The news with the tag “asia”"
    events = read(filled("timeline", "bridge", "--tag", "asia", "--json"))["events"]
    assert {event["article_id"] for event in events} <= {treaty}
    assert read(filled("show", treaty, "--json"))["tags"] == ["asia", "treaties"]
    assert "\nTags: asia, treaties\n" in filled("show", treaty).stdout


def test_a_tag_that_is_taken_away_stays_in_the_history(filled: Newsdesk) -> None:
    treaty = ids(filled)["Pacific Ledger"]
    filled("tag", treaty, "--add", "asia")
    (told,) = read(filled("tag", treaty, "--remove", "asia", "--json"))["articles"]
    assert told["tags"] == []
    (one,) = told["history"]
    assert one["tag"] == "asia"
    assert one["removed"] >= one["added"]
    assert "no tags" in filled("tag", treaty).stdout
    assert "asia: given on" in filled("tag", treaty).stdout
    assert filled("tags").stdout == "no tags yet; `newsdesk tag ARTICLE_ID --add TAG` gives one\n"


def test_an_ingest_tags_what_it_reads_also_what_was_there(filled: Newsdesk, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("A third article. It has two sentences.", encoding="utf-8")
    assert filled("ingest", "more.txt", "news.jsonl", "--tag", "June", "--tag", "read").exit_code == 0
    assert read(filled("tags", "--json")) == {"tags": {"june": 3, "read": 3}}
    assert filled("status").exit_code == 0


def test_a_dry_run_tags_nothing(filled: Newsdesk) -> None:
    assert filled("ingest", "news.jsonl", "--tag", "june", "--dry-run").exit_code == 0
    assert read(filled("tags", "--json")) == {"tags": {}}


def test_what_cannot_be_tagged_or_found_is_said_with_what_to_do(filled: Newsdesk) -> None:
    treaty = ids(filled)["Pacific Ledger"]
    missing = filled("tag", treaty, "nowhere", "--add", "asia")
    assert missing.exit_code == 1
    assert "nowhere" in error_line(missing)
    assert read(filled("tags", "--json")) == {"tags": {}}
    unknown = filled("ask", "Why does China object?", "--tag", "asia")
    assert unknown.exit_code == 2
    assert "give it to some with `newsdesk tag ARTICLE_ID --add 'asia'`" in error_line(unknown)
    long = filled("tag", treaty, "--add", "x" * 90)
    assert long.exit_code == 2
    assert "60 are most" in error_line(long)
