"""Questions over a small real library: what is printed, as text and as JSON, and what is said when things go wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.preparing.chunking import cut_passages
from rag.settings import Settings
from rag.storage.library import Prepared, open_library
from rag.testing import make_article
from tests.cli.command_line import TREATY, Newsdesk, ids, read


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
    assert "[1] Pacific Ledger, 21 June 2024: The treaty" in printed


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
    expected = {"rank", "score", "article_id", "title", "outlet", "url", "published", "date_believed", "start", "end"}
    expected |= {"text", "copies", "library"}
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


def test_showing_what_is_not_there_is_an_error(filled: Newsdesk) -> None:
    result = filled("show", "nothing")
    assert result.exit_code == 1
    assert result.stderr.startswith("newsdesk: there is no article 'nothing'")


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


def test_kept_answers_are_deleted_on_request_and_never_by_mistake(filled: Newsdesk) -> None:
    filled("ask", "Why does China object to the treaty?", NEWSDESK_KEEP_ANSWERS="true")
    refused = filled("answers", "--forget", "--outdated")
    assert (refused.exit_code, "without a file, --citing or --outdated" in refused.stderr) == (2, True)
    assert filled("answers", "--forget", NEWSDESK_READ_ONLY="true").exit_code == 2
    assert len(read(filled("answers", "--json"))["answers"]) == 1
    assert filled("answers", "--forget").stdout == "1 kept answer deleted\n"
    assert read(filled("answers", "--json"))["answers"] == []
    assert read(filled("answers", "--forget", "--json")) == {"forgotten": 0}
