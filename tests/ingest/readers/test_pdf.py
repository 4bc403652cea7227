"""PDF documents: paragraphs as they were written, and no file that takes the machine with it."""

from __future__ import annotations

import io
import logging
import textwrap
import tracemalloc
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import pdf as pdf_reader
from ingest.readers.pdf import PdfReader
from ingest.readers.pdf_layout import text_of_pages
from ingest.report import Problem
from ingest.text.unicode import normalised
from ingest.types import Document, Limits, RawArticle
from rag.pdf_pages import PdfPages

LIMITS = Limits(max_mb=5)
MET = (
    "The council met on Wednesday evening and elected Mara Quist as its chair, by eleven votes to four, after a debate "
    "that lasted for three hours and that nobody had expected to end so well."
)
ROSE = (
    "Her opponent, who had held the office for twenty years, left the hall before the vote was counted, and said on "
    "the stairs that he would not stand again."
)
DAMAGED = "is damaged, or no PDF; open it in a PDF viewer and print it to a new PDF"


def pdf(objects: Sequence[bytes], *, trailer: str = "") -> bytes:
    """Put numbered objects into a file; the first one is the catalogue."""
    content = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    return content + head + table + tail % (len(objects) + 1, trailer.encode(), len(content))


def stream(data: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(data)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), entries.encode(), packed)


def shown(lines: Sequence[str]) -> bytes:
    """The page's program that shows the lines one below the other."""
    escaped = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines]
    return ("BT /F1 11 Tf 50 800 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in escaped) + " ET").encode("cp1252")


def document(
    pages: Sequence[Sequence[str] | bytes], *, info: str = "", resources: str = "", extra: Sequence[bytes] = ()
) -> bytes:
    """A document with one font; a page is its lines, or the program that draws it. Objects of `extra` begin at 5."""
    first = 5 + len(extra)
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>".encode(),
        *extra,
    ]
    for number, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {first + 2 * number + 1} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> {resources} >> >>".encode()
        )
        objects.append(stream(page if isinstance(page, bytes) else shown(page)))
    return pdf(objects, trailer="/Info 4 0 R")


def read(content: bytes, limits: Limits = LIMITS) -> RawArticle | Problem:
    (found,) = PdfReader().read(Document.of_bytes(content, where="a.pdf", name="a.pdf"), limits)
    return found


def article(content: bytes) -> RawArticle:
    found = read(content)
    assert isinstance(found, RawArticle), found
    return found


def reason(content: bytes) -> str:
    found = read(content)
    assert isinstance(found, Problem), found
    return found.reason


def wrapped(*paragraphs: str, width: int = 70) -> list[str]:
    return [line for paragraph in paragraphs for line in textwrap.wrap(paragraph, width)]


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


def placed(*pieces: tuple[float, float, str], size: float = 10) -> bytes:
    """The page's program that draws each text at its place, in the order given, all in one text object."""
    drawn = [f"/F1 {size} Tf 1 0 0 1 {left} {bottom} Tm ({text}) Tj" for left, bottom, text in pieces]
    return f"BT {' '.join(drawn)} ET".encode("cp1252")


def columns(*texts: str, width: int = 34) -> list[list[tuple[float, float, str]]]:
    wrapped_texts = [textwrap.wrap(text, width) for text in texts]
    return [
        [(50 + 180 * number, 700 - 12 * line, words) for line, words in enumerate(lines)]
        for number, lines in enumerate(wrapped_texts)
    ]


def across(given: list[list[tuple[float, float, str]]]) -> list[tuple[float, float, str]]:
    return sorted((piece for column in given for piece in column), key=lambda piece: (-piece[1], piece[0]))


THIRD = "Fishermen asked for better berths. The mayor answered that the town had no money left for any of it this year."


@pytest.mark.parametrize("count", [2, 3])
def test_columns_are_read_one_after_the_other_however_they_were_drawn(count: int) -> None:
    texts = (MET, ROSE, THIRD)[:count]
    given = columns(*texts)
    one_after_the_other = [piece for column in given for piece in column]
    for pieces in (one_after_the_other, across(given)):
        assert article(document([placed(*pieces)])).text.split("\n") == list(texts)


def test_columns_whose_lines_do_not_stand_beside_each_other_are_read_one_after_the_other() -> None:
    first, second = columns(MET, ROSE)
    shifted = [(left, bottom - 5, text) for left, bottom, text in second]
    assert article(document([placed(*across([first, shifted]))])).text.split("\n") == [MET, ROSE]


def test_a_headline_across_the_columns_and_a_line_at_the_foot_stand_alone() -> None:
    head, foot = (
        placed((50, 760, "Harbour council elects a chair"), size=20),
        placed((50, 40, "Harbour Standard"), size=8),
    )
    found = article(document([head + b" " + placed(*across(columns(MET, ROSE))) + b" " + foot]))
    assert (found.title, found.text.split("\n")) == ("Harbour council elects a chair", [MET, ROSE, "Harbour Standard"])


def test_a_word_is_joined_within_its_column_alone() -> None:
    left = ["The council met in the old hall and wel-", "comed the new chair. Nobody had ever pas-"]
    right = [
        "tric a motion so fast, said the secretary",
        "of the council. Some had asked for well-",
        "paid posts in the harbour of the town.",
    ]
    pieces = [(50.0, 700.0 - 12 * line, text) for line, text in enumerate([*left, *left, *left])]
    pieces += [(300.0, 700.0 - 12 * line, text) for line, text in enumerate([*right, *right])]
    text = article(document([placed(*across([pieces]))])).text
    assert "welcomed the new chair" in text
    assert "well-paid posts" in text
    assert not any(joined in text for joined in ("pastric", "weltric", "wellpaid", "pascomed"))


def test_cells_of_a_table_stay_apart() -> None:
    rows = [("Landing", "Weeks", "Crowns"), ("East pier", "11", "2400"), ("West pier", "4", "900")]
    cells = [
        (left, 640.0 - 14 * line, text)
        for line, row in enumerate(rows)
        for left, text in zip((50, 160, 230), row, strict=True)
    ]
    prose = [(50.0, 700.0 - 12 * line, text) for line, text in enumerate(wrapped(MET))]
    found = article(document([placed(*prose, *cells)]))
    assert found.text.split("\n") == [MET, "Landing | Weeks | Crowns", "East pier | 11 | 2400", "West pier | 4 | 900"]


def test_lines_that_begin_further_in_make_no_column() -> None:
    lines = wrapped(MET, ROSE, MET)
    pieces = [(62.0 if number % 3 == 0 else 50.0, 700.0 - 12 * number, line) for number, line in enumerate(lines)]
    assert article(document([placed(*pieces)])).text.split() == f"{MET} {ROSE} {MET}".split()


CALM = "Nobody spoke against the new chair on Thursday, and the council went on with the budget of the harbour."


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
