"""JSON documents: one article, a list of them, or a program's reply that holds one; files that hold none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest.readers.csv import CsvReader
from ingest.readers.jsonl import JsonlReader, JsonReader
from ingest.readers.registry import format_of
from ingest.report import Problem
from ingest.types import Document, Limits, Link, RawArticle

LIMITS = Limits(max_mb=5)
FERRY = {"title": "Ferry runs again", "content": "The ferry runs again.", "url": "https://post.example/ferry"}
PIER = {"title": "Pier opens", "content": "The pier opened.", "url": "https://post.example/pier"}


def document(content: object, name: str = "a.json") -> Document:
    text = content if isinstance(content, str) else json.dumps(content, indent=2)
    return Document.of_bytes(text.encode(), where=name, name=name)


def titles(content: object) -> list[str]:
    found = list(JsonReader().read(document(content), LIMITS))
    assert all(isinstance(one, RawArticle) for one in found), found
    return [one.title for one in found if isinstance(one, RawArticle)]


@pytest.mark.parametrize(
    "content",
    [
        [FERRY, PIER],
        {"status": "ok", "totalResults": 2, "articles": [FERRY, PIER]},
        {"request": {"pageUrl": "https://post.example"}, "objects": [FERRY, PIER]},
        {"response": {"status": "ok", "docs": [FERRY, PIER]}},
        {"took": 3, "hits": {"total": 2, "hits": [{"_id": "1", "_source": FERRY}, {"_id": "2", "_source": PIER}]}},
        {"tags": [{"name": "sea"}], "data": [FERRY, PIER]},
    ],
)
def test_lists_of_articles_are_found_in_what_programs_reply(content: object) -> None:
    assert titles(content) == ["Ferry runs again", "Pier opens"]
    line = Document.of_bytes(json.dumps(content).encode() + b"\n", where="a.jsonl", name="a.jsonl")
    assert [found.where for found in JsonlReader().read(line, LIMITS)] == [
        "a.jsonl, line 1, article 1",
        "a.jsonl, line 1, article 2",
    ]


def test_an_article_with_lists_in_it_is_one_article() -> None:
    comments = [{"text": "So it does.", "url": "https://post.example/c"}]
    assert titles({**FERRY, "comments": comments}) == ["Ferry runs again"]


@pytest.mark.parametrize(
    "lists",
    [
        {"related": [{"title": "Pier opens", "url": "https://post.example/pier"}]},
        {"comments": [{"text": "So it does."}]},
        {"more": {"articles": [PIER]}},
    ],
)
def test_what_an_article_without_its_text_lists_beside_is_no_article(lists: dict[str, Any]) -> None:
    row = {"title": "Ferry runs again", "url": "https://post.example/ferry", **lists}
    assert list(JsonReader().read(document(row), LIMITS)) == [Link(where="a.json", url="https://post.example/ferry")]


@pytest.mark.parametrize("inner", [{"articles": [FERRY]}, {"response": {"docs": [FERRY]}}, {"Search-Results": [FERRY]}])
@pytest.mark.parametrize("url", ["https://post.example/find?q=ferry", "https://post.example/"])
def test_a_reply_with_a_title_and_an_address_holds_articles(inner: dict[str, Any], url: str) -> None:
    assert titles({"title": "Post", "url": url, **inner}) == ["Ferry runs again"]


@pytest.mark.parametrize("field", ["source", "url"])
def test_an_address_that_cannot_be_taken_apart_costs_no_other_record(field: str) -> None:
    rows = [{**FERRY, "url": "", field: "http://[Reuters]/x"}, PIER]
    as_csv = f"title,content,{field}\nFerry runs again,The ferry runs again.,http://[Reuters]/x\nPier opens,It did.,\n"
    lines = "\n".join(json.dumps(row) for row in rows)
    assert titles(rows) == ["Ferry runs again", "Pier opens"]
    for found in (
        list(JsonlReader().read(document(lines, "a.jsonl"), LIMITS)),
        list(CsvReader().read(document(as_csv, "a.csv"), LIMITS)),
    ):
        assert [one.title for one in found if isinstance(one, RawArticle)] == ["Ferry runs again", "Pier opens"]


def test_a_paragraph_that_comes_again_later_is_kept() -> None:
    told = ["The council of Elmport met on Tuesday and chose a new chair, as its clerk told the paper.", "No comment."]
    body = [*told, "The mayor was asked twice, at the pier and at home.", "No comment.", "No comment."]
    (found,) = JsonReader().read(document({"title": "New chair", "body": body}), LIMITS)
    assert isinstance(found, RawArticle)
    assert found.text == "\n\n".join(body[:-1])


def test_lines_of_json_under_the_name_of_a_document_are_told_their_name() -> None:
    first = json.dumps(FERRY)
    (found,) = JsonReader().read(document(f"{first}\n{json.dumps(PIER)}\n"), LIMITS)
    reason = f"is not valid JSON: extra data at character {len(first) + 2}; it is JSON lines: rename it .jsonl"
    assert found == Problem("a.json", reason)
    (found,) = JsonReader().read(document(json.dumps(FERRY, indent=1) + "\n{}"), LIMITS)
    assert isinstance(found, Problem)
    assert found.reason.endswith("correct the file")


def test_a_record_with_an_address_and_no_text_is_a_link() -> None:
    row = {"url": "https://post.example/pier", "title": "Pier opens", "seendate": "20240619T140500Z"}
    assert list(JsonReader().read(document({"articles": [row]}), LIMITS)) == [
        Link(where="a.json", url="https://post.example/pier")
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "is not valid JSON: expecting property name enclosed in double quotes at character 2; correct the file"),
        ("[]", "holds no article"),
        ("[1]", "is not a JSON object; write the article's fields as one, with a 'text'"),
        ('{"name": "newsdesk", "version": "1"}', "has no field 'text'; name the article's text so"),
        ("[" * 100_000, "is not JSON that can be read: too large a number or too deep; correct the file"),
    ],
)
def test_what_is_no_article_is_said(content: str, reason: str) -> None:
    assert list(JsonReader().read(document(content), LIMITS)) == [Problem("a.json", reason)]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ([FERRY, PIER], "json"),
        ({"articles": [FERRY]}, "json"),
        (json.dumps(FERRY) + "\n" + json.dumps(PIER), "jsonl"),
        ({"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": []}, "feed"),
        ({"name": "newsdesk", "version": "1"}, ""),
    ],
)
def test_a_json_file_of_a_folder_shows_what_it_is(content: object, name: str) -> None:
    found = format_of(document(content), is_named=False)
    assert (found.name if found else "") == name


EXPORTED: list[dict[str, Any]] = [
    {"an": "HS20240619", "source_name": "Harbour Standard", "publisher_name": "Harbour Holding", "title": "New chair",
     "snippet": "The council met.", "body": "It chose a chair.", "byline": "By Ana Ruiz", "language_code": "en",
     "publication_date": 1718755200000, "publication_datetime": 1718805900000},
    {"HD": "New chair", "BY": "By Ana Ruiz", "PD": "19 June 2024", "ET": "14:05", "SN": "Harbour Standard",
     "LA": "English", "LP": "The council met.", "TD": "It chose a chair.", "AN": "Document HS20240619"},
    {"type": "article", "attributes": {"headline": {"main": {"text": "New chair"}}, "byline": {"text": "By Ana Ruiz"},
     "body": [{"type": "paragraph", "content": [{"text": "The council met."}]},
              {"type": "paragraph", "content": [{"text": "It chose a chair."}]}],
     "publication_date": "2024-06-19", "publication_time": "14:05:00Z"}, "language": "english",
     "source": {"name": "Harbour Standard"}},
    {"HEADLINE": "New chair", "PUBLICATION": "Harbour Standard", "PUBLICATION-DATE": "June 19, 2024 Wednesday 2:05 PM",
     "BYLINE": "Ana Ruiz", "LENGTH": "7 words", "LANGUAGE": "ENGLISH",
     "BODY": "The council met.\n\nIt chose a chair."},
    {"sequenceId": "1", "title": "New chair", "content": "The council met.\n\nIt chose a chair.", "language": "English",
     "publishedDate": "2024-06-19T14:05:00Z", "source": {"name": "Harbour Standard"}, "author": {"name": "Ana Ruiz"}},
    {"Title": "New chair", "Document": {"Content": "<p>The council met.</p><p>It chose a chair.</p>"},
     "Byline": "By Ana Ruiz", "Date": "2024-06-19T14:05:00Z", "Language": "English",
     "Source": {"Name": "Harbour Standard"}},
    {"header": {"text": "New chair"}, "body": {"text": "The council met.\n\nIt chose a chair."}, "author": "Ana Ruiz",
     "first_source": {"name": "Harbour Standard"}, "unix_timestamp": 1718805900, "language": {"text": "English"}},
    {"title": "New chair", "text": "The council met.\n\nIt chose a chair.", "siteName": "Harbour Standard",
     "author": "Ana Ruiz", "date": "Wed, 19 Jun 2024 14:05:00 GMT", "humanLanguage": "en"},
]  # fmt: skip


@pytest.mark.parametrize("fields", EXPORTED)
def test_exports_of_archives_of_the_press_are_read(fields: dict[str, Any]) -> None:
    (found,) = JsonReader().read(document(fields), LIMITS)
    assert isinstance(found, RawArticle)
    assert (found.title, found.outlet, found.authors) == ("New chair", "Harbour Standard", ("Ana Ruiz",))
    assert (found.text, found.language, found.notes) == ("The council met.\n\nIt chose a chair.", "en", ())
    assert found.published is not None
    assert found.published.isoformat() == "2024-06-19T14:05:00+00:00"


@pytest.mark.parametrize(
    ("day", "time", "moment"),
    [
        ("19/06/2024", "2:05 PM", "2024-06-19T14:05:00+00:00"),
        ("2024-06-19", "14:05 EDT", "2024-06-19T14:05:00-04:00"),
        ("2024-06-19", "14:05 (local)", "2024-06-19T00:00:00+00:00"),
        ("1718755200", "14:05", "2024-06-19T00:00:00+00:00"),
        ("2024-06-19T10:30Z", "14:05", "2024-06-19T10:30:00+00:00"),
    ],
)
def test_a_time_in_a_field_of_its_own_belongs_to_a_date_without_one(day: str, time: str, moment: str) -> None:
    (found,) = JsonReader().read(document({**FERRY, "date": day, "time": time}), LIMITS)
    assert isinstance(found, RawArticle)
    assert found.published is not None
    assert (found.published.isoformat(), found.notes) == (moment, ())


def test_a_teaser_beside_a_text_is_no_part_of_it() -> None:
    (found,) = JsonReader().read(document({**FERRY, "snippet": "It runs.", "body": "The ferry runs."}), LIMITS)
    assert isinstance(found, RawArticle)
    assert "It runs." not in found.text


def test_a_file_of_lines_without_an_article_is_left_after_a_thousand() -> None:
    lines = document("{}\n" * 5000, "a.jsonl")
    found = list(JsonlReader().read(lines, LIMITS))
    assert len(found) == 1001
    assert found[-1] == Problem("a.jsonl", "has no article in its first 1,000 lines; it is left there")
    found = list(JsonReader().read(document([{}] * 5000), LIMITS))
    assert len(found) == 1001
    assert found[-1] == Problem("a.json", "has no article among its first 1,000 records; it is left there")
    rows = document("title,text\n" + "Pier,\n" * 5000, "a.csv")
    found = list(CsvReader().read(rows, LIMITS))
    assert len(found) == 1001
    assert found[-1] == Problem("a.csv", "has no article in its first 1,000 rows; it is left there")


def test_blank_lines_are_none_without_an_article() -> None:
    found = list(JsonlReader().read(document("\n" * 1500 + json.dumps(FERRY), "a.jsonl"), LIMITS))
    assert [one.where for one in found] == ["a.jsonl, line 1501"]


def test_a_file_with_one_article_is_read_to_its_end() -> None:
    lines = document(json.dumps(FERRY) + "\n" + "{}\n" * 2000 + json.dumps(PIER), "a.jsonl")
    found = [one for one in JsonlReader().read(lines, LIMITS) if isinstance(one, RawArticle)]
    assert [one.title for one in found] == ["Ferry runs again", "Pier opens"]
