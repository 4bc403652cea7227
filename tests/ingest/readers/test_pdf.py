"""PDF documents: paragraphs as they were written, and no file that takes the machine with it."""

from __future__ import annotations

import io
import logging
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import pdf as pdf_reader
from ingest.readers.pdf_layout import text_of_pages
from ingest.report import Problem
from ingest.text.unicode import normalised
from ingest.types import Limits, RawArticle
from rag.pdf_pages import PdfPages
from tests.ingest.readers.pdf_files import CALM, MET, ROSE, article, document, pdf, read, shown, stream, wrapped

DAMAGED = "is damaged, or no PDF; open it in a PDF viewer and print it to a new PDF"


def reason(content: bytes) -> str:
    found = read(content)
    assert isinstance(found, Problem), found
    return found.reason


def test_paragraphs_come_back_as_they_were_written() -> None:
    found = article(document([wrapped(MET, ROSE)]))
    assert found.text == f"{MET}\n{ROSE}"
    assert (found.where, found.source, found.notes) == ("a.pdf", "a.pdf", ())


def test_headings_and_lists_are_lines_of_their_own() -> None:
    lines = [*wrapped(MET), "What comes next", *wrapped(ROSE), "• A vote in May", "• A new ferry", *wrapped(MET)]
    assert article(document([lines])).text.split("\n") == [
        MET,
        "What comes next",
        ROSE,
        "• A vote in May",
        "• A new ferry",
        MET,
    ]


def test_a_paragraph_goes_on_after_the_end_of_a_page() -> None:
    lines = wrapped(MET, ROSE)
    assert article(document([lines[:1], lines[1:]])).text == f"{MET}\n{ROSE}"


def test_headers_footers_and_page_numbers_are_left_out() -> None:
    bodies = [MET, ROSE, *(" ".join(reversed(body[:-1].split())).capitalize() + "." for body in (MET, ROSE))]
    pages = [["Harbour, 2024", *wrapped(body), f"Page {number} of 4"] for number, body in enumerate(bodies, start=1)]
    assert article(document(pages)).text.split("\n") == bodies
    pages = [["19/06/2024 Harbour", *wrapped(body), "", str(number)] for number, body in enumerate(bodies[:2], start=1)]
    assert article(document(pages)).text.split("\n") == bodies[:2]


def test_the_headline_stays_where_later_pages_have_it_as_their_header() -> None:
    pages = [["New chair elected", *wrapped(MET)], ["New chair elected", *wrapped(ROSE)], ["New chair elected", "Fin."]]
    found = article(document(pages))
    assert (found.title, found.text) == ("New chair elected", f"{MET}\n{ROSE}\nFin.")


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("The coun-\ncil met.", "The council met."),
        ("A well-\nknown chair, as well-known as any.", "A well-known chair, as well-known as any."),
        ("The Franco-\nGerman council met.", "The Franco-German council met."),
        ("In 2020-\n21 the council met.", "In 2020-21 the council met."),
        ("The coun\xad\ncil met.", "The council met."),
        ("The ﬁrst oﬃce.", "The first office."),
        ("It met -\nat last.", "It met - at last."),
    ],
)
def test_parted_words_are_joined(page: str, text: str) -> None:
    assert text_of_pages([page]) == text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="ﬀﬁﬂﬃﬄﬅﬆ"), max_size=300))
def test_no_letter_of_a_page_is_lost_and_none_is_added(page: str) -> None:
    given_letters = [character for character in normalised(page) if character.isalnum()]
    assert [character for character in text_of_pages([page]) if character.isalnum()] == given_letters


def test_title_byline_and_date_come_from_the_text() -> None:
    lines = ["New chair elected", "By Ana Ruiz, Harbour Standard", "June 19, 2024", *wrapped(MET, ROSE)]
    found = article(document([lines], info="/Title (Some other title) /Author (Tom Hale) /CreationDate (D:20250101)"))
    assert (found.title, found.authors, found.outlet) == ("New chair elected", ("Ana Ruiz",), "Harbour Standard")
    assert (found.published, found.precision) == (datetime(2024, 6, 19, tzinfo=UTC), "day")
    assert found.text == f"{MET}\n{ROSE}"


def test_believable_properties_count_where_the_text_states_nothing_but_never_as_a_date() -> None:
    info = "/Title (New chair elected) /Author (Ana Ruiz) /CreationDate (D:20240619103000Z)"
    found = article(document([wrapped(MET)], info=info))
    assert (found.title, found.authors, found.published) == ("New chair elected", ("Ana Ruiz",), None)


@pytest.mark.parametrize("info", ["/Title (Microsoft Word - x.doc) /Author (user1)", "/Title 7 /Author [1]", "/Title"])
def test_properties_that_a_program_filled_in_do_not_count(info: str) -> None:
    found = article(document([wrapped(MET)], info=info))
    assert (found.title, found.authors) == ("", ())


def test_pictures_of_pages_are_told_to_go_through_ocr() -> None:
    assert reason(document([b"q 595 0 0 842 0 0 cm Q", b""])) == (
        "holds pictures of pages but no text; run it through OCR first"
    )


def test_fonts_that_do_not_tell_their_letters_are_told_to_go_through_ocr() -> None:
    private = b"/CIDInit begincmap 1 beginbfrange <00> <ff> <E000> endbfrange endcmap"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /X /ToUnicode 5 0 R >>"
    page = shown(wrapped(MET)).replace(b"/F1", b"/F2")
    content = document([page], extra=[stream(private), font], resources="").replace(b"/F1 3 0 R", b"/F2 6 0 R")
    assert reason(content) == "has fonts that do not tell their letters; run it through OCR first"


def test_an_encrypted_document_is_reported_with_what_to_do() -> None:
    from pypdf import PdfReader as Pypdf
    from pypdf import PdfWriter

    for password, is_read in (("secret", False), ("", True)):
        writer = PdfWriter(clone_from=Pypdf(io.BytesIO(document([wrapped(MET)]))))
        writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
        content = io.BytesIO()
        writer.write(content)
        found = read(content.getvalue())
        if is_read:
            assert isinstance(found, RawArticle)
            assert found.text == MET
        else:
            assert found == Problem("a.pdf", "is encrypted; save a copy without the password")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"The council met.", b"%PDF-1.7\ntrailer << /Root 1 0 R >>"])
def test_what_is_no_pdf_is_reported(content: bytes) -> None:
    assert reason(content) == DAMAGED


@pytest.mark.parametrize(
    "pages",
    [
        "<< /Type /Pages /Count 1 /Kids [2 0 R] >>",
        "<< /Type /Pages /Count 1 /Kids [9 0 R] >>",
        "<< /Type /Pages /Count 1 /Kids 7 >>",
        "7",
        "[" * 5000,
    ],
)
def test_page_trees_that_lead_nowhere_are_reported(pages: str) -> None:
    assert isinstance(read(pdf([b"<< /Type /Catalog /Pages 2 0 R >>", pages.encode()])), Problem)


def test_a_damaged_table_of_objects_is_mended() -> None:
    content = document([wrapped(MET)]).replace(b"startxref\n", b"startxref\n99")
    assert article(content).text == MET


def test_a_filter_that_pypdf_no_longer_knows_is_no_accident() -> None:
    content = document([wrapped(MET), wrapped(ROSE)])
    begin = content.rindex(b"/FlateDecode")
    found = article(content[:begin] + b"/Fl         " + content[begin + 12 :])
    assert (found.text, len(found.notes)) == (MET, 1)


def test_a_file_over_the_limit_is_reported() -> None:
    assert reason(document([wrapped(MET)]) + bytes(5_000_000)) == "is larger than 5 MB; raise NEWSDESK_MAX_FILE_MB"


def test_a_stream_that_expands_without_end_is_given_up_and_the_other_pages_go_in() -> None:
    tracemalloc.start()
    found = article(document([wrapped(MET), b"0 0 m\n" * 5_000_000, wrapped(ROSE)]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.text == f"{MET}\n{ROSE}"
    assert found.notes == ("pages that are damaged or too large are left out: 2",)
    assert peak < 200_000_000


def form(program: bytes, entries: str) -> bytes:
    return stream(program, f"/Type /XObject /Subtype /Form /BBox [0 0 595 842] {entries}")


def test_a_form_that_draws_itself_ends() -> None:
    own = "/Resources << /Font << /F1 3 0 R >> /XObject << /X 5 0 R >> >>"
    content = document(
        [shown(wrapped(MET)) + b" /X Do"], extra=[form(b"/X Do /X Do", own)], resources="/XObject << /X 5 0 R >>"
    )
    assert article(content).text == MET


def test_forms_that_draw_forms_that_draw_forms_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reader, "MAX_PAGE_OPERATIONS", 10_000)
    extra = [
        form(b"/X Do " * 10 + shown(["Ha."]), f"/Resources << /Font << /F1 3 0 R >> /XObject << /X {number} 0 R >> >>")
        for number in range(6, 16)
    ]
    extra[-1] = form(shown(["Ha."] * 5), "/Resources << /Font << /F1 3 0 R >> >>")
    content = document([wrapped(MET), b"/X Do"], extra=extra, resources="/XObject << /X 5 0 R >>")
    assert article(content).notes == ("pages that are damaged or too large are left out: 2",)


def test_more_text_than_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reader, "MAX_CHARACTERS", 1000)
    assert reason(document([wrapped(MET)] * 10)) == "holds more than 1,000 characters of text; split it"


def test_more_pages_than_the_bound_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reader, "MAX_PAGES", 2)
    assert reason(document([wrapped(MET)] * 3)) == "has more than 2 pages; split it"


def test_a_document_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reader, "MAX_SECONDS", -1)
    assert reason(document([wrapped(MET)])) == (
        "has no page that can be read: they are damaged or too large; print it to a new PDF"
    )


def test_many_unread_pages_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reader, "MAX_PAGE_OPERATIONS", 1000)
    pages: list[Sequence[str] | bytes] = [wrapped(MET), *[b"0 0 m\n" * 1001] * 13]
    assert article(document(pages)).notes == (
        "pages that are damaged or too large are left out: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more",
    )


def test_nothing_is_said_behind_the_back_of_the_report(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        read(document([wrapped(MET)]).replace(b"startxref\n", b"startxref\n99"))
        read(b"%PDF-1.7 no document")
    assert [record for record in caplog.records if record.name.startswith("pypdf")] == []
    assert capfd.readouterr() == ("", "")


def test_a_line_that_is_one_endless_word_is_read() -> None:
    assert text_of_pages(["a" * 1_000_000 + "\nend-\ning"]) == "a" * 1_000_000 + " ending"


def test_each_page_is_known_in_the_text_that_is_read() -> None:
    head = ["Evening Mail", "The vote on the ferry", "3 June 2024"]
    found = article(document([[*head, *wrapped(MET)], [], wrapped(ROSE), ["Page 4", *wrapped(CALM)]]))
    pages = PdfPages(starts=found.page_starts)
    assert [pages.page_at(found.text.index(words)) for words in (MET[:20], ROSE[:20], CALM[:20])] == [1, 3, 4]


def test_the_file_is_kept_up_to_a_size() -> None:
    content = document([wrapped(MET)])
    kept = read(content, Limits(max_mb=1, keep_pdf_mb=1))
    assert isinstance(kept, RawArticle)
    assert kept.file == content
    assert article(content).file == b""
