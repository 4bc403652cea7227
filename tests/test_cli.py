"""The command line over a small real library: what it prints and returns, and what it says when things go wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import cli
import ingest.pipeline
from ingest.preparing.chunking import cut_passages
from ingest.report import IngestReport
from rag.settings import Settings
from rag.storage.library import Prepared, open_library
from rag.testing import make_article
from tests.ingest.bad_web import BadWeb

ROOT = Path(__file__).parent.parent
TREATY = "Beijing fears a bloc. China objects to the treaty because it draws American forces closer. It said so twice."
HOSTILE = (
    "The mayor opened the bridge on Monday. \x1b[31mRed\x1b[0m paint covers the bridge \u202ednim. It cost 4 million."
)

Newsdesk = Callable[..., Result]


@pytest.fixture
def newsdesk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsdesk:
    """Run a command in a folder of its own, with the instant embedder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: str = "", **environment: str) -> Result:
        return CliRunner().invoke(
            cli.app, arguments, input=stdin, env={"NEWSDESK_EMBEDDER": "hashing", **environment}, prog_name="newsdesk"
        )

    return run


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


def read(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def ids(newsdesk: Newsdesk) -> dict[str, str]:
    return {row["outlet"]: row["article_id"] for row in read(newsdesk("articles", "--json"))["articles"]}


def test_help_names_every_command_and_its_options() -> None:
    result = CliRunner().invoke(cli.app, ["--help"])
    for command in ("ingest", "ask", "search", "articles", "show", "remove", "rebuild", "status", "serve"):
        assert f"  {command} " in result.stdout
        assert "--library DIR" in CliRunner().invoke(cli.app, [command, "--help"]).stdout


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


def test_an_answer_as_json_quotes_the_article_exactly(filled: Newsdesk) -> None:
    answer = read(filled("ask", "Why does China object to the treaty?", "--json"))
    assert set(answer) >= {"question", "outcome", "sentences", "citations", "nearest", "provenance"}
    assert answer["outcome"] == "answered"
    for citation in answer["citations"]:
        article = read(filled("show", citation["article_id"], "--json"))
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_an_answer_in_words_names_outlet_and_date_under_each_quote(filled: Newsdesk) -> None:
    printed = filled("ask", "Why does China object to the treaty?").stdout
    assert "draws American forces closer" in printed
    assert "[1][2] Pacific Ledger, 21 June 2024: The treaty" in printed


def test_what_is_not_there_is_said_with_the_nearest_articles(filled: Newsdesk) -> None:
    result = filled("ask", "Who won the chess championship in Reykjavik?")
    assert result.exit_code == 0
    assert result.stdout.startswith("The answer is not in these articles.")


def test_a_question_comes_from_standard_input_too(filled: Newsdesk) -> None:
    piped = read(filled("ask", "-", "--json", stdin="Why does China object to the treaty?\n"))
    assert piped["question"] == "Why does China object to the treaty?"


def test_earlier_questions_help_a_follow_up(filled: Newsdesk) -> None:
    answer = read(filled("ask", "Why does it object?", "--history", "What does China think of the treaty?", "--json"))
    assert any("China objects" in citation["quote"] for citation in answer["citations"])


def test_search_prints_ranked_evidence(filled: Newsdesk) -> None:
    evidence = read(filled("search", "bridge paint", "--limit", "1", "--json"))["evidence"]
    assert [found["rank"] for found in evidence] == [1]
    expected = {"rank", "score", "article_id", "title", "outlet", "url", "published", "start", "end", "text", "copies"}
    assert set(evidence[0]) == expected
    assert evidence[0]["outlet"] == "Harbour Standard"
    assert filled("search", "bridge paint").stdout.startswith("1. Harbour Standard, 2 May 2024: A bridge")


def test_dates_and_outlets_limit_what_is_listed_and_found(filled: Newsdesk) -> None:
    assert [a["outlet"] for a in read(filled("articles", "--after", "2024-06-01", "--json"))["articles"]] == [
        "Pacific Ledger"
    ]
    found = read(filled("search", "bridge", "--before", "2024-05-02", "--outlet", "Harbour Standard", "--json"))
    assert {evidence["outlet"] for evidence in found["evidence"]} == {"Harbour Standard"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ask", ""], "the question is empty"),
        (["ask", "\x00\x1b"], "the question is empty"),
        (["ask", "why " * 5000], "shorten it"),
        (["ask", "why?", "--after", "last week"], "'last week' is not a date; write it as 2024-06-19"),
        (["ask", "why?", "--after", "2024-07-01", "--before", "2024-06-01"], "later than"),
        (["ask", "why?", "--outlet", "Nobody's"], "Nobody's"),
        (["articles", "--before", "2024-13-01"], "'2024-13-01' is not a date"),
    ],
)
def test_a_wrong_call_gets_one_line_and_exit_code_2(filled: Newsdesk, arguments: list[str], sentence: str) -> None:
    result = filled(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("newsdesk: ")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_unknown_setting_is_refused(newsdesk: Newsdesk) -> None:
    result = newsdesk("status", NEWSDESK_MODLE="quotes")
    assert result.exit_code == 2
    assert "did you mean 'model'?" in result.stderr


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


def test_terminal_controls_in_an_article_are_shown_as_replacements_and_kept_in_json(
    filled: Newsdesk, tmp_path: Path
) -> None:
    text = "\x1b[31mRed\x1b[0m paint covers the tower \u202ednim, \x9b2J and so on."
    article = make_article(text, title="A tower\x07", outlet="Out\x1blet", article_id="tower")
    with open_library(Settings(library=tmp_path / "library", embedder="hashing")) as library:
        library.put([Prepared(article=article, passages=cut_passages(article))])
    unsafe = set("\x07\x1b\x9b\u202e")
    for printed in (filled("show", "tower").stdout, filled("search", "tower").stdout, filled("articles").stdout):
        assert "\ufffd" in printed
        assert not unsafe & set(printed)
    exact = filled("show", "tower", "--json").stdout
    assert not unsafe & set(exact)
    assert json.loads(exact)["text"] == text


def test_a_removed_article_is_gone(filled: Newsdesk) -> None:
    article_id = ids(filled)["Pacific Ledger"]
    assert read(filled("remove", article_id, "--json")) == {"removed": [article_id], "missing": []}
    assert list(ids(filled)) == ["Harbour Standard"]
    assert read(filled("ask", "Why does China object to the treaty?", "--json"))["outcome"] == "not_found"


def test_removing_what_is_not_there_is_an_error_that_says_where_to_look(filled: Newsdesk) -> None:
    result = filled("remove", "nothing")
    assert result.exit_code == 1
    assert "no article 'nothing' in this library; `newsdesk articles` lists them" in result.stderr


def test_showing_what_is_not_there_is_an_error(filled: Newsdesk) -> None:
    result = filled("show", "nothing")
    assert result.exit_code == 1
    assert result.stderr.startswith("newsdesk: there is no article 'nothing'")


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


def test_output_survives_a_terminal_that_knows_only_ascii(filled: Newsdesk, tmp_path: Path) -> None:
    (tmp_path / "déjà.txt").write_text("Le café a fermé. Il rouvrira à midi.", encoding="utf-8")
    environment = os.environ | {"NEWSDESK_EMBEDDER": "hashing", "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}

    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "cli", *arguments], env=environment, cwd=tmp_path, capture_output=True, check=True
        )

    run("ingest", "déjà.txt")
    assert b"caf? a ferm?" in run("search", "café").stdout
    evidence = json.loads(run("search", "café", "--limit", "1", "--json").stdout)["evidence"]
    assert "café" in evidence[0]["text"]


def test_serving_hands_the_settings_to_the_page_and_adds_no_sample(
    newsdesk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web import launch

    served: list[tuple[Path, dict[str, Any]]] = []
    monkeypatch.setattr(launch, "serve", lambda settings, **how: served.append((settings.library, how)))
    assert newsdesk("serve", "--library", "news", "--port", "8000").exit_code == 0
    assert served == [(Path("news"), {"host": "127.0.0.1", "port": 8000, "sample": False})]


def corrected(newsdesk: Newsdesk, tmp_path: Path) -> str:
    """Give the treaty another text; returns its id."""
    row = {"text": TREATY.replace("said so twice", "never said so"), "title": "The treaty", "outlet": "Pacific Ledger"}
    row |= {"published": "2024-06-21", "id": "treaty"}
    (tmp_path / "news.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert newsdesk("ingest", "news.jsonl").exit_code == 0
    return ids(newsdesk)["Pacific Ledger"]


def test_show_tells_what_a_correction_changed(filled: Newsdesk, tmp_path: Path) -> None:
    name = corrected(filled, tmp_path)
    lines = filled("show", name, "--changes").stdout.splitlines()
    assert lines == ["version 1 to version 2", "- It said so twice.", "+ It never said so."]
    changes = read(filled("show", name, "--changes", "--json"))
    assert [sentence["kind"] for sentence in changes["sentences"]] == ["removed", "added"]
    other = ids(filled)["Harbour Standard"]
    assert "no earlier version" in filled("show", other, "--changes").stdout


def test_a_saved_answer_is_checked_against_today_s_articles(filled: Newsdesk, tmp_path: Path) -> None:
    answer = read(filled("ask", "Why does China object to the treaty?", "--json"))
    assert answer["citations"]
    (tmp_path / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    assert filled("answers", "answer.json").exit_code == 0
    assert filled("remove", ids(filled)["Pacific Ledger"]).exit_code == 0
    result = filled("answers", "answer.json", "--json")
    assert result.exit_code == 1
    (checked,) = json.loads(result.stdout)["answers"]
    assert (checked["holds"], {citation["state"] for citation in checked["citations"]}) == (False, {"removed"})
    assert read(filled("answers", "answer.json", "--citing", "another", "--json"))["answers"] == []


@pytest.mark.parametrize("content", [None, "no JSON", "[]", "{}"])
def test_a_file_that_is_no_saved_answer_is_a_clear_sentence(
    filled: Newsdesk, tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "answer.json").write_text(content, encoding="utf-8")
    result = filled("answers", "answer.json")
    assert result.exit_code == 2
    assert result.stderr.startswith("newsdesk: ")
    assert "Traceback" not in result.output


def test_kept_answers_are_listed_only_where_they_were_kept(filled: Newsdesk) -> None:
    filled("ask", "Why does China object to the treaty?")
    assert read(filled("answers", "--json"))["answers"] == []
    filled("ask", "Why does China object to the treaty?", NEWSDESK_KEEP_ANSWERS="true")
    (kept,) = read(filled("answers", "--json"))["answers"]
    assert (kept["question"], kept["holds"]) == ("Why does China object to the treaty?", True)
    assert read(filled("answers", "--outdated", "--json"))["answers"] == []


def test_feeds_that_are_not_there_are_said_so(filled: Newsdesk) -> None:
    assert "newsdesk feeds add URL" in filled("feeds", "list").stdout
    assert read(filled("feeds", "list", "--json")) == {"feeds": []}
    assert filled("feeds", "remove", "https://news.example/feed").exit_code == 1
    assert filled("feeds", "poll", "https://news.example/feed").exit_code == 2
    assert read(filled("feeds", "poll", "--json"))["feeds"] == []


def test_an_address_inside_the_own_network_is_refused(filled: Newsdesk) -> None:
    result = filled("ingest", "http://127.0.0.1:9/story", "--json")
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)["problems"]
    assert problem["where"] == "http://127.0.0.1:9/story"


def test_a_feed_is_subscribed_polled_and_asked(filled: Newsdesk) -> None:
    story = "The harbour lock opened on Friday after two years of work, said the engineer Ida Brandt. " * 4
    item = f"<item><title>Lock</title><link>https://ledger.example/lock</link><description>{story}</description></item>"
    with BadWeb() as web:
        web.page("/feed.xml", f"<rss version='2.0'><channel><title>Ledger</title>{item}</channel></rss>".encode())
        settings = {"NEWSDESK_ALLOWED_HOSTS": ",".join(web.settings().allowed_hosts)}
        url = f"{web.url}/feed.xml"
        added = filled("feeds", "add", url, "--no-follow", **settings)
        assert (added.exit_code, added.stdout) == (0, f"subscribed to {url}  Ledger\n")
        assert read(filled("feeds", "poll", "--json", **settings))["added"] == 1
        assert read(filled("feeds", "poll", "--json", **settings))["added"] == 0
    assert "Ledger" in ids(filled)
