"""CSV files: columns under any of their usual names, good rows in, bad rows named by their line."""

from __future__ import annotations

import csv
import gzip
import io
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import csv as csv_reader
from ingest.readers.csv import CsvReader
from ingest.report import Problem
from ingest.types import Document, Limits, RawArticle

LIMITS = Limits(max_mb=5)


def read(content: bytes | str, *, name: str = "a.csv", charset: str = "") -> list[RawArticle | Problem]:
    data = content if isinstance(content, bytes) else content.encode()
    return list(CsvReader().read(Document.of_bytes(data, where=name, name=name, charset=charset), LIMITS))


def articles(content: bytes | str, *, name: str = "a.csv", charset: str = "") -> list[RawArticle]:
    found = read(content, name=name, charset=charset)
    assert all(isinstance(item, RawArticle) for item in found), found
    return [item for item in found if isinstance(item, RawArticle)]


def written(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue()


FULL = written(
    [
        ["id", "url", "title", "outlet", "published", "authors", "language", "section", "text"],
        ["7", "https://Harbour-Standard.example/chair/?utm_source=x", "New\nchair", "Harbour Standard",
         "2024-06-19T10:30:00+02:00", "Ana Ruiz; Tom Hale", "en", "politics", "The council met.\nIt rose."],
    ]
)  # fmt: skip


@pytest.mark.parametrize("name", ["a.csv", "A.CSV", "a.csv.gz"])
def test_all_fields_are_read(name: str) -> None:
    (found,) = articles(gzip.compress(FULL.encode()) if name.endswith(".gz") else FULL, name=name)
    assert (found.url, found.title, found.outlet) == (
        "https://harbour-standard.example/chair",
        "New chair",
        "Harbour Standard",
    )
    assert (found.published, found.precision) == (datetime(2024, 6, 19, 8, 30, tzinfo=UTC), "minute")
    assert (found.authors, found.language, found.text) == (
        ("Ana Ruiz", "Tom Hale"),
        "en",
        "The council met.\nIt rose.",
    )
    assert (found.given_id, found.source, found.where, found.notes) == ("7", name, f"{name}, line 2", ())


def test_names_with_their_suffixes_are_taken() -> None:
    assert [CsvReader().accepts(name) for name in ("a.csv", "a.TSV", "a.tsv.gz", "a.xlsx")] == [True, True, True, False]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Headline", "title"),
        ("HEADING", "title"),
        ("source", "outlet"),
        ("Publisher", "outlet"),
        ("byline", "authors"),
        ("Author", "authors"),
        ("guid", "given_id"),
        ("lang", "language"),
    ],
)
def test_columns_may_have_other_usual_names(header: str, field: str) -> None:
    (found,) = articles(f"{header},Body\nHarbour,The council met.\n")
    assert getattr(found, field) in ("Harbour", ("Harbour",))
    assert found.text == "The council met."


@pytest.mark.parametrize("header", ["date", "publishedAt", "pub_date", "Publication Date"])
def test_date_columns_may_have_other_usual_names(header: str) -> None:
    (found,) = articles(f"{header},content\n2024-06-19,The council met.\n")
    assert (found.published, found.precision) == (datetime(2024, 6, 19, tzinfo=UTC), "day")


def test_the_surest_name_wins_where_two_columns_may_hold_a_field() -> None:
    (found,) = articles("source,content,text,outlet\nfeed,Teaser,The council met.,Harbour\n")
    assert (found.text, found.outlet) == ("The council met.", "Harbour")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    rows = [["title", "text, as it; was | given", "text"], ["New, chair", "x", "One; two, three | four\tfive."]]
    (found,) = articles(written(rows, delimiter))
    assert (found.title, found.text) == ("New, chair", "One; two, three | four\tfive.")


def test_a_single_column_is_enough() -> None:
    assert [item.text for item in articles("text\nThe council met.\n")] == ["The council met."]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"'])
def test_the_first_line_of_a_spreadsheet_program_is_understood(first: str) -> None:
    (found,) = articles(f"{first}\r\ntitle;text\r\nNew, chair;The council met.\r\n")
    assert (found.title, found.text, found.where) == ("New, chair", "The council met.", "a.csv, line 3")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings_are_told_apart(encoding: str) -> None:
    (found,) = articles("text,title\nLe café est fermé.,Café – fermé\n".encode(encoding))  # noqa: RUF001
    assert (found.text, found.title) == ("Le café est fermé.", "Café – fermé")  # noqa: RUF001


def test_the_declared_encoding_counts_where_it_fits() -> None:
    (found,) = articles("text\nRada se sešla večer a řekla ne.\n".encode("cp1250"), charset="cp1250")
    assert found.text == "Rada se sešla večer a řekla ne."


def test_bytes_that_are_no_characters_are_left_out_and_noted() -> None:
    text = "Le café est fermé. " * 30_000
    (first, second) = articles(b"text\n" + f"{text}\n".encode() + b"caf\xe9 closed\n")
    assert first.notes == ()
    assert second.text == "caf closed"
    assert second.notes == ("holds bytes that are no characters; they are left out: save the file as UTF-8",)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_problems_name_the_line_as_an_editor_counts(line_end: str) -> None:
    content = written([["title", "text"], ["a", "One.\nTwo.\n\nThree."], [], ["b"], ["c", "Four."]])
    first, problem, last = read(content.replace("\r\n", "\n").replace("\n", line_end))
    assert isinstance(first, RawArticle)
    assert first.where == "a.csv, line 2"
    assert problem == Problem("a.csv, line 7", "has no text")
    assert isinstance(last, RawArticle)
    assert last.where == "a.csv, line 8"


def test_no_text_column_is_one_problem_that_names_what_is_there_and_what_is_wanted() -> None:
    assert read("Headline,Teaser\nNew chair,x\nOld chair,y\n") == [
        Problem(
            "a.csv, line 1",
            "names no column 'text' (or 'body' or 'content'); it names 'Headline', 'Teaser'. The first row must name "
            "the columns: text, title, outlet, published, authors, url, language, id",
        )
    ]


def test_a_row_with_too_many_fields_is_reported_and_the_rest_goes_in() -> None:
    problem, last = read("title,text\nNew chair,The council met, and rose.\nOld chair,It sat.\n")
    assert problem == Problem(
        "a.csv, line 2", "has 3 fields, the first row 2; put a field that holds the delimiter in quotation marks"
    )
    assert isinstance(last, RawArticle)


def test_a_quotation_mark_that_is_never_closed_is_reported_and_stores_nothing() -> None:
    first, problem = read('text\nThe council met.\n"It rose.\nIt sat.\n')
    assert isinstance(first, RawArticle)
    assert problem == Problem("a.csv, line 3", "begins a quotation mark that is never closed; close it, or double it")


def test_the_last_row_needs_no_line_end() -> None:
    assert [item.text for item in articles('text\n"The council\nmet."')] == ["The council\nmet."]


def test_a_row_over_the_bound_is_reported_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_reader, "MAX_ROW_CHARACTERS", 1000)
    long_line, many_lines = "x" * 200_000, '"' + "x\n" * 600
    content = f'text\n{long_line}\nIt rose.\n{many_lines}"\nIt sat.\n'
    found = read(content)
    reason = "is a row of more than 1,000 characters; is a quotation mark in it never closed?"
    assert found[0] == Problem("a.csv, line 2", reason)
    assert Problem("a.csv, line 4", reason) in found
    assert isinstance(found[1], RawArticle)
    assert found[1].text == "It rose."


def test_huge_fields_are_read() -> None:
    (found,) = articles(written([["text"], ["The council met. " * 20_000]]))
    assert len(found.text) > 300_000


@pytest.mark.parametrize(
    ("authors", "names"),
    [("['Ana Ruiz', \"Tom O'Hale\"]", ("Ana Ruiz", "Tom O'Hale")), ("[]", ()), ("Ana Ruiz", ("Ana Ruiz",))],
)
def test_lists_of_authors_as_data_frames_write_them_are_read(authors: str, names: tuple[str, ...]) -> None:
    (found,) = articles(written([["text", "authors"], ["The council met.", authors]]))
    assert found.authors == names


def test_html_in_the_text_is_not_stored_as_prose() -> None:
    (found,) = articles("text\n<p>5 &lt; 6</p><script>steal()</script>\n")
    assert found.text == "5 < 6"


@pytest.mark.parametrize("content", [b"%PDF-1.4 text", b"text\nThe\0council", b"\x89PNG\r\n"])
def test_a_binary_file_is_reported(content: bytes) -> None:
    (problem,) = read(content)
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("looks like a binary file")


@pytest.mark.parametrize("content", ["", "\n\n", "sep=,\n"])
def test_an_empty_file_is_reported(content: str) -> None:
    assert read(content) == [Problem("a.csv", "has no text")]


def test_a_damaged_gzip_file_gives_what_was_whole_and_a_problem() -> None:
    rows = [["text"]] + [[f"Article {number}: {number**9}"] for number in range(20_000)]
    content = gzip.compress(written(rows).encode())
    *whole, problem = read(content[: len(content) // 2], name="a.csv.gz")
    assert isinstance(problem, Problem)
    assert problem.reason == "the gzip file is damaged from here on; the rows before went in"
    assert all(isinstance(item, RawArticle) for item in whole)
    (problem,) = read(b"no gzip at all", name="a.csv.gz")
    assert problem == Problem("a.csv.gz, line 1", "the gzip file is damaged from here on; the rows before went in")


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0<&\ufffd\ufeff"), min_size=1), min_size=1),
    st.sampled_from(",;\t|"),
)
def test_what_a_csv_writer_wrote_comes_back(texts: list[str], delimiter: str) -> None:
    texts = [text for text in texts if text.strip()]
    found = articles(written([["title", "text"], *(["t", text] for text in texts)], delimiter))
    assert [item.text for item in found] == texts


def test_memory_does_not_grow_with_the_file() -> None:
    row = ("The council met. " * 60 + "\n").encode()
    data = b"text\n" + row * 5000
    document = Document.of_bytes(data, where="a.csv", name="a.csv")
    tracemalloc.start()
    count = sum(isinstance(item, RawArticle) for item in CsvReader().read(document, LIMITS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 5000
    assert peak < len(data)
