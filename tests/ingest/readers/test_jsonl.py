"""JSONL files: good lines go in, bad lines are named."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.readers.jsonl import JsonlReader
from ingest.report import Problem
from ingest.types import Document, Limits, RawArticle

FULL = {
    "url": "https://Harbour-Standard.example/chair/?utm_source=x#top",
    "title": "New\nchair",
    "outlet": "Harbour Standard",
    "published": "2024-06-19T10:30:00+02:00",
    "authors": ["Ana Ruiz", " Tom Hale "],
    "language": "en",
    "text": "The council met.",
    "id": 7,
    "section": {"ignored": True},
}

BROKEN = "is not valid JSON: expecting property name enclosed in double quotes at character 2; correct the line"
NO_OBJECT = "is not a JSON object; write the article's fields as one, with a 'text'"
UNREADABLE = "is not JSON that can be read: too large a number or too deep; correct the line"
DAMAGED = "the gzip file is damaged from here, the lines before went in; make or fetch the file anew"


def read(path: Path, *lines: object, max_mb: int = 1) -> list[RawArticle | Problem]:
    content = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n"
    path.write_bytes(gzip.compress(content.encode()) if path.suffix == ".gz" else content.encode())
    return list(JsonlReader().read(Document.of_file(path), Limits(max_mb=max_mb)))


def articles(path: Path, *lines: object) -> list[RawArticle]:
    found = read(path, *lines)
    assert all(isinstance(item, RawArticle) for item in found)
    return [item for item in found if isinstance(item, RawArticle)]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "A.JSONL"])
def test_all_fields_are_read(tmp_path: Path, name: str) -> None:
    (found,) = articles(tmp_path / name, FULL)
    assert (found.url, found.title, found.outlet) == (
        "https://harbour-standard.example/chair",
        "New chair",
        "Harbour Standard",
    )
    assert (found.published, found.precision) == (datetime(2024, 6, 19, 8, 30, tzinfo=UTC), "minute")
    assert (found.authors, found.language, found.text) == (("Ana Ruiz", "Tom Hale"), "en", "The council met.")
    assert (found.given_id, found.source, found.where) == ("7", name, f"{tmp_path / name}, line 1")
    assert found.notes == ()


def test_only_the_text_is_required(tmp_path: Path) -> None:
    (found,) = articles(tmp_path / "a.jsonl", {"text": "The council met."})
    assert (found.title, found.url, found.published, found.authors, found.notes) == ("", "", None, (), ())


def test_empty_fields_are_unknown_and_no_problem(tmp_path: Path) -> None:
    (found,) = articles(
        tmp_path / "a.jsonl", {"text": "x", "url": "", "title": None, "published": "", "authors": [], "id": None}
    )
    assert (found.title, found.url, found.published, found.authors, found.notes) == ("", "", None, (), ())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "{broken",
            "is not valid JSON: expecting property name enclosed in double quotes at character 2; correct the line",
        ),
        ("[1, 2]", NO_OBJECT),
        ('"text"', NO_OBJECT),
        ({"title": "x"}, "has no field 'text'; name the article's text so"),
        ({"text": None}, "has no field 'text'; name the article's text so"),
        ({"text": ["x"]}, "has a field 'text' that is not text; put the article's text there"),
        ("[" * 100_000, UNREADABLE),
        ('{"text": "x", "id": ' + "9" * 5000 + "}", UNREADABLE),
    ],
)
def test_a_bad_line_is_reported_with_its_number_and_the_rest_goes_in(tmp_path: Path, line: object, reason: str) -> None:
    path = tmp_path / "a.jsonl"
    first, problem, last = read(path, FULL, line, {"text": "Last."})
    assert problem == Problem(f"{path}, line 2", reason)
    assert isinstance(first, RawArticle)
    assert isinstance(last, RawArticle)


def test_blank_lines_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    found = articles(tmp_path / "a.jsonl", "\ufeff" + json.dumps({"text": "One."}), "", "  ", {"text": "Two."})
    assert [(item.text, item.where[-6:]) for item in found] == [("One.", "line 1"), ("Two.", "line 4")]


def test_a_line_in_another_encoding_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "caf\xe9"}\n{"text": "Last."}\n')
    problem, last = JsonlReader().read(Document.of_file(path), Limits(max_mb=1))
    assert problem == Problem(f"{path}, line 1", "is not UTF-8; save the file as UTF-8")
    assert isinstance(last, RawArticle)


def test_a_line_over_the_limit_is_reported_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    problem, last = read(path, {"text": "x" * 3_000_000}, {"text": "Last."})
    assert problem == Problem(f"{path}, line 1", "is larger than 1 MB; raise NEWSDESK_MAX_FILE_MB")
    assert isinstance(last, RawArticle)
    assert last.where == f"{path}, line 2"


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (1718805900, "2024-06-19T14:05:00+00:00"),
        ({"$date": {"$numberLong": "1718805900000"}}, "2024-06-19T14:05:00+00:00"),
        (["2024-06-19T14:05:00+02:00"], "2024-06-19T14:05:00+02:00"),
        ("19 June 2024 2:05 PM EDT", "2024-06-19T14:05:00-04:00"),
    ],
)
def test_a_date_is_read_as_programs_write_it(tmp_path: Path, value: object, moment: str) -> None:
    (found,) = articles(tmp_path / "a.jsonl", {"text": "The council met.", "published": value})
    assert found.published is not None
    assert (found.published.isoformat(), found.notes) == (moment, ())


def test_of_a_time_in_an_unknown_zone_the_day_is_kept_and_noted(tmp_path: Path) -> None:
    (found,) = articles(tmp_path / "a.jsonl", {"text": "The council met.", "published": "19 June 2024 14:05 XYZ"})
    assert found.published is not None
    assert found.published.date().isoformat() == "2024-06-19"
    assert found.notes == (
        "the date in 'published' gives a time in a zone that is not known ('XYZ'); only the day is kept",
    )


@pytest.mark.parametrize(
    ("field", "value", "note"),
    [
        (
            "published",
            "yesterday",
            "the date in 'published' is no date that can be read ('yesterday'); the article's date is unknown",
        ),
        (
            "published",
            "03/04/2024",
            "the date in 'published' may be 4 March 2024 or 3 April 2024; write the year first, as in 2024-06-19; "
            "the article's date is unknown",
        ),
        ("url", "javascript:alert(1)", "field 'url' is not an http or https address; it is left out"),
        ("title", {"a": 1}, "field 'title' is not text; it is left out"),
        ("authors", [1, 2], "field 'authors' is not a list of names; it is left out"),
    ],
)
def test_a_field_that_cannot_be_used_is_noted_and_the_article_goes_in(
    tmp_path: Path, field: str, value: object, note: str
) -> None:
    (found,) = articles(tmp_path / "a.jsonl", {"text": "The council met.", field: value})
    assert found.notes == (note,)
    assert found.text == "The council met."
    assert not getattr(found, field)


@pytest.mark.parametrize(
    ("published", "moment", "precision"),
    [
        ("2024-06-19", datetime(2024, 6, 19, tzinfo=UTC), "day"),
        ("2024-06-19T10:30", datetime(2024, 6, 19, 10, 30, tzinfo=UTC), "minute"),
    ],
)
def test_dates_without_a_time_or_zone_are_utc(tmp_path: Path, published: str, moment: datetime, precision: str) -> None:
    (found,) = articles(tmp_path / "a.jsonl", {"text": "x", "published": published})
    assert (found.published, found.precision) == (moment, precision)


def test_html_in_the_text_is_not_stored_as_prose(tmp_path: Path) -> None:
    (found,) = articles(
        tmp_path / "a.jsonl", {"text": "<p>5 &lt; 6, said <b>Ruiz</b>.</p><script>steal()</script><p>It ended.</p>"}
    )
    assert found.text == "5 < 6, said Ruiz.\n\nIt ended."


def test_a_damaged_gzip_file_gives_what_was_whole_and_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    content = gzip.compress(
        b"".join(
            json.dumps({"text": f"Article {n}.", "x": hashlib.sha256(str(n).encode()).hexdigest()}).encode() + b"\n"
            for n in range(5000)
        )
    )
    path.write_bytes(content[: len(content) // 2])
    *whole, problem = JsonlReader().read(Document.of_file(path), Limits(max_mb=1))
    assert len(whole) > 100
    assert isinstance(problem, Problem)
    assert problem.reason == DAMAGED


def test_a_file_that_is_named_gzip_and_is_none_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(b'{"text": "Plain."}\n')
    (problem,) = JsonlReader().read(Document.of_file(path), Limits(max_mb=1))
    assert problem == Problem(str(path), "is not gzip, as its name says; take the .gz off its name, or compress it")


def test_a_gzip_file_that_is_damaged_at_its_very_beginning_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(b"\x1f\x8b and then nothing of gzip")
    (problem,) = JsonlReader().read(Document.of_file(path), Limits(max_mb=1))
    assert problem == Problem(f"{path}, line 1", DAMAGED)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
@pytest.mark.parametrize("content", [b"", b"\n \n\n"])
def test_a_file_without_an_article_is_a_problem_that_says_what_to_write(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    (problem,) = JsonlReader().read(Document.of_file(path), Limits(max_mb=1))
    assert problem == Problem(str(path), "has no text; write one article a line, as a JSON object with a 'text'")


def test_half_a_character_from_json_does_not_get_further(tmp_path: Path) -> None:
    (found,) = articles(tmp_path / "a.jsonl", r'{"text": "x", "title": "a\ud800b", "url": "https://x.example/\ud800"}')
    assert (found.title, found.url) == ("ab", "https://x.example/")


@pytest.mark.parametrize("name", ["publish_date", "publishedAt", "date_published", "Published", "pubDate"])
def test_other_usual_names_of_the_fields_are_known(tmp_path: Path, name: str) -> None:
    row = {"Headline": "Ferry runs again", name: "2024/06/19", "link": "https://www.post.example/a", "body": "It runs."}
    (article,) = articles(tmp_path / "a.jsonl", row)
    assert (article.title, article.text, article.url) == ("Ferry runs again", "It runs.", "https://www.post.example/a")
    assert article.published == datetime(2024, 6, 19, tzinfo=UTC)


def test_a_source_that_is_an_object_gives_its_name(tmp_path: Path) -> None:
    (article,) = articles(tmp_path / "a.jsonl", {"text": "It runs.", "source": {"id": None, "name": "The Post"}})
    assert article.outlet == "The Post"


def test_without_an_outlet_the_host_of_the_address_stands_for_it(tmp_path: Path) -> None:
    (article,) = articles(tmp_path / "a.jsonl", {"text": "It runs.", "url": "https://www.post.example/a"})
    assert article.outlet == "post.example"


TEXT = "The council met on Wednesday."
URL = "https://harbour.example/chair"


@pytest.mark.parametrize(
    "fields",
    [
        {"raw_text": "x", "text": TEXT, "source": URL, "source-hostname": "Harbour Standard",
         "hostname": "harbour.example", "author": "Ana Ruiz; Tom Hale",
         "date": "2024-06-19", "filedate": "2024-07-01", "title": "New chair"},
        {"maintext": TEXT, "url": URL, "source_domain": "harbour.example", "authors": ["Ana Ruiz", "Tom Hale"],
         "date_publish": "2024-06-19", "date_download": "2024-07-01", "title": "New chair"},
        {"text": TEXT, "url": URL, "source_url": "https://harbour.example/", "authors": ["Ana Ruiz", "Tom Hale"],
         "publish_date": "2024-06-19", "title": "New chair"},
        {"cleaned_text": TEXT, "canonical_link": URL, "domain": "harbour.example", "publish_date": "2024-06-19",
         "authors": ["Ana Ruiz", "Tom Hale"], "title": "New chair"},
        {"content": f"<p>{TEXT}</p>", "textContent": TEXT, "byline": "By Ana Ruiz and Tom Hale", "url": URL,
         "siteName": "Harbour Standard", "publishedTime": "2024-06-19", "title": "New chair"},
        {"body": {"summary": [], "sections": [{"headline": [], "paragraphs": [TEXT]}]}, "publishing_date": "2024-06-19",
         "authors": ["Ana Ruiz", "Tom Hale"], "publisher": "Harbour Standard", "url": URL, "title": "New chair"},
        {"articleBody": TEXT, "headline": "New chair", "datePublished": "2024-06-19", "url": URL,
         "authors": [{"name": "Ana Ruiz"}, {"name": "Tom Hale"}]},
        {"@type": "NewsArticle", "articleBody": TEXT, "headline": "New chair", "datePublished": "2024-06-19",
         "mainEntityOfPage": URL, "author": [{"name": "Ana Ruiz"}, {"name": "Tom Hale"}],
         "publisher": {"@type": "Organization", "name": "Harbour Standard"}},
        {"fields": {"body": f"<p>{TEXT}</p>", "byline": "Ana Ruiz and Tom Hale", "publication": "Harbour Standard"},
         "webTitle": "New chair", "webUrl": URL, "webPublicationDate": "2024-06-19", "id": "news/chair"},
        {"headline": {"main": "New chair"}, "byline": {"original": "By Ana Ruiz and Tom Hale"}, "web_url": URL,
         "pub_date": "2024-06-19", "source": "Harbour Standard", "body": TEXT},
        {"title": {"rendered": "New chair"}, "content": {"rendered": f"<p>{TEXT}</p>"}, "date": "2024-06-19",
         "link": URL, "guid": {"rendered": "https://harbour.example/?p=1"},
         "yoast_head_json": {"author": "Ana Ruiz, Tom Hale", "og_site_name": "Harbour Standard"}, "author": 5},
        {"headlines": {"basic": "New chair"}, "content_elements": [{"type": "text", "content": TEXT},
         {"type": "image", "caption": "The chair."}], "canonical_url": URL, "publish_date": "2024-06-19",
         "credits": {"by": [{"name": "Ana Ruiz"}, {"name": "Tom Hale"}]}},
        {"source": {"uri": "harbour.example", "title": "Harbour Standard"}, "dateTimePub": "2024-06-19", "url": URL,
         "authors": [{"uri": "a", "name": "Ana Ruiz"}, {"uri": "b", "name": "Tom Hale"}], "body": TEXT,
         "title": "New chair", "uri": "81234"},
        {"page_content": TEXT, "metadata": {"source": URL, "title": "New chair", "author": "Ana Ruiz, Tom Hale",
         "publish_date": "2024-06-19"}},
        {"markdown": TEXT, "metadata": {"sourceURL": URL, "title": "New chair", "author": "Ana Ruiz, Tom Hale",
         "ogSiteName": "Harbour Standard", "publishedTime": "2024-06-19"}},
        {"summary": {"content": f"<p>{TEXT}</p>"}, "canonical": [{"href": URL}], "title": "New chair",
         "origin": {"title": "Harbour Standard"}, "author": "Ana Ruiz, Tom Hale", "published": "2024-06-19"},
        {"_index": "news", "_id": "a1", "_source": {"body": TEXT, "url": URL, "date": "2024-06-19",
         "outlet": "Harbour Standard", "author": "Ana Ruiz, Tom Hale", "title": "New chair"}},
        {"article": {"headline": "New chair", "articleBody": TEXT, "datePublished": "2024-06-19", "url": URL,
         "authors": [{"name": "Ana Ruiz"}, {"name": "Tom Hale"}]}, "probability": 0.98},
        {"content": [{"type": "text/html", "value": f"<p>{TEXT}</p>"}], "link": URL, "published": "2024-06-19",
         "author": "Ana Ruiz, Tom Hale", "title": "New chair"},
        {"title": "New chair", "content": {"html": f"<p>{TEXT}</p>"}, "url": URL, "dateCreated": "2024-06-19",
         "authors": [{"firstName": "Ana", "lastName": "Ruiz"}, {"givenName": "Tom", "familyName": "Hale"}]},
        {"title": "New chair", "raw_content": TEXT, "url": URL, "date_publish": "2024-06-19",
         "authors": [{"first_name": "Ana", "last_name": "Ruiz"}, {"first": "Tom", "last": "Hale"}]},
    ],
)  # fmt: skip
def test_what_other_tools_export_is_read(tmp_path: Path, fields: dict[str, object]) -> None:
    (found,) = articles(tmp_path / "a.jsonl", fields)
    assert (found.text, found.title, found.url, found.authors) == (TEXT, "New chair", URL, ("Ana Ruiz", "Tom Hale"))
    assert found.outlet in ("Harbour Standard", "harbour.example")
    assert (found.published, found.notes) == (datetime(2024, 6, 19, tzinfo=UTC), ())


def test_the_moment_in_utc_goes_before_the_same_on_a_clock_that_is_not_told(tmp_path: Path) -> None:
    fields = {"text": TEXT, "date": "2024-06-19T14:05:00", "date_gmt": "2024-06-19T12:05:00"}
    (found,) = articles(tmp_path / "a.jsonl", fields)
    assert found.published == datetime(2024, 6, 19, 12, 5, tzinfo=UTC)


def test_a_moment_on_both_clocks_keeps_its_local_day(tmp_path: Path) -> None:
    fields = {"text": TEXT, "date": "2024-06-19T00:30:00", "date_gmt": "2024-06-18T22:30:00"}
    (found,) = articles(tmp_path / "a.jsonl", fields)
    assert found.published is not None
    assert found.published.isoformat() == "2024-06-19T00:30:00+02:00"


@pytest.mark.parametrize(("said", "code"), [("english", "en"), ("eng", "en"), ("Norwegian", "no"), ("de-AT", "de-AT")])
def test_a_language_is_known_by_its_name(tmp_path: Path, said: str, code: str) -> None:
    assert articles(tmp_path / "a.jsonl", {"text": TEXT, "language": said})[0].language == code


def test_a_list_of_paragraphs_is_the_text_and_one_of_keywords_is_not(tmp_path: Path) -> None:
    paragraphs = ["The council of Elmport met on Tuesday and chose a new chair, as its clerk told the paper.",
                  "She begins on Monday."]  # fmt: skip
    (found,) = articles(tmp_path / "a.jsonl", {"content": ["pier", "harbour"], "body": paragraphs})
    assert found.text == "\n\n".join(paragraphs)


@pytest.mark.parametrize(
    ("fields", "outlet", "url"),
    [
        ({"source": URL}, "harbour.example", URL),
        ({"source": "https://harbour.example/"}, "", ""),
        ({"source": "www.harbour.example", "url": URL}, "harbour.example", URL),
        ({"source": "www.harbour.example"}, "harbour.example", ""),
        ({"source": "harbour.example/news"}, "", ""),
        ({"source": "www.harbour.example", "site_name": "Harbour Standard", "url": URL}, "Harbour Standard", URL),
        ({"outlet": "Space.com", "url": URL}, "Space.com", URL),
    ],
)
def test_an_address_is_no_outlet(tmp_path: Path, fields: dict[str, str], outlet: str, url: str) -> None:
    (found,) = articles(tmp_path / "a.jsonl", {"text": TEXT, **fields})
    assert (found.outlet, found.url, found.notes) == (outlet, url, ())


def test_a_text_that_a_service_cut_off_is_noted(tmp_path: Path) -> None:
    (found,) = articles(tmp_path / "a.jsonl", {"title": "T", "content": f"{TEXT} The mayor sa… [+2047 chars]"})
    assert found.text == f"{TEXT} The mayor sa…"
    assert found.notes == ("its text breaks off, as the service gave it; fetch its address for the whole",)


def test_entities_in_a_title_are_characters(tmp_path: Path) -> None:
    (found,) = articles(tmp_path / "a.jsonl", {"text": TEXT, "title": "Pier &amp; harbour: 5 < 6"})
    assert found.title == "Pier & harbour: 5 < 6"
