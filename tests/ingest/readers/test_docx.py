"""Word documents: what a reader of the page sees goes in, whatever else the file holds."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.docx import DocxReader
from ingest.report import Problem
from ingest.text.unicode import normalised
from ingest.types import Document, Limits, RawArticle

LIMITS = Limits(max_mb=2)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/{name}.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
MET = "The council met on Wednesday and elected its chair."


def paragraph(text: str, style: str = "", run: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def document(
    body: str, *, name: str = "document", space: str = WORD, title: str = "", creator: str = "", prolog: str = ""
) -> bytes:
    files = {
        "[Content_Types].xml": TYPES.format(name=name),
        f"word/{name}.xml": f'{prolog}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
        "docProps/core.xml": (
            '<c:coreProperties xmlns:c="x" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="y">'
            f"<dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator>"
            "<t:created>2024-01-01T00:00:00Z</t:created></c:coreProperties>"
        ),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in files.items():
            archive.writestr(member, text)
    return content.getvalue()


def read(content: bytes, name: str = "a.docx") -> RawArticle | Problem:
    (found,) = DocxReader().read(Document.of_bytes(content, where=name, name=name), LIMITS)
    return found


def article(content: bytes) -> RawArticle:
    found = read(content)
    assert isinstance(found, RawArticle), found
    return found


def lines(body: str) -> list[str]:
    return article(document(body)).text.split("\n")


def test_title_byline_and_date_come_from_the_text() -> None:
    body = (
        paragraph("New chair", "Title")
        + paragraph("By Ana Ruiz, Harbour Standard")
        + paragraph("June 19, 2024")
        + paragraph(MET)
    )
    found = article(document(body, title="Old letter to the council", creator="Tom Hale"))
    assert (found.title, found.authors, found.outlet, found.text) == (
        "New chair",
        ("Ana Ruiz",),
        "Harbour Standard",
        MET,
    )
    assert (found.published, found.precision) == (datetime(2024, 6, 19, tzinfo=UTC), "day")
    assert (found.where, found.source, found.notes) == ("a.docx", "a.docx", ())


def test_believable_properties_count_where_the_text_states_nothing_but_never_as_a_date() -> None:
    found = article(document(paragraph(MET), title="New chair elected", creator="Ana Ruiz"))
    assert (found.title, found.authors, found.published) == ("New chair elected", ("Ana Ruiz",), None)


@pytest.mark.parametrize(
    ("title", "creator"),
    [
        ("Microsoft Word - chair.doc", "Microsoft Office User"),
        ("chair_v2_final.docx", "aruiz2"),
        ("Document1", "news@harbour.example"),
        ("Word - chair", "Owner"),
        ("", ""),
    ],
)
def test_properties_that_a_program_filled_in_do_not_count(title: str, creator: str) -> None:
    found = article(document(paragraph(MET), title=title, creator=creator))
    assert (found.title, found.authors) == ("", ())


def test_lists_are_lines_with_a_mark() -> None:
    listed = '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>Two.</w:t></w:r></w:p>'
    assert lines(paragraph(MET) + paragraph("One.", "ListBullet") + listed) == [MET, "- One.", "- Two."]


def test_a_table_is_a_line_a_row() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"

    table = row(paragraph("Ward"), paragraph("Votes")) + row(paragraph("Quay"), paragraph(""), paragraph("11"))
    assert lines(f"{paragraph(MET)}<w:tbl>{table}</w:tbl>") == [MET, "Ward | Votes", "Quay | 11"]


def test_a_table_for_the_layout_is_read_as_paragraphs() -> None:
    cell = f"<w:tc>{paragraph(MET)}{paragraph('It rose.')}</w:tc>"
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('Ward')}</w:tc><w:tc>{paragraph('11')}</w:tc></w:tr></w:tbl>"
    assert lines(f"<w:tbl><w:tr>{cell}<w:tc>{inner}{paragraph('It sat.')}</w:tc></w:tr></w:tbl>") == [
        MET,
        "It rose.",
        "Ward | 11",
        "It sat.",
    ]


def test_what_is_deleted_moved_away_or_hidden_is_left_out_and_what_is_inserted_stays() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        f"<w:p>{run.format('The council met')}<w:del>{run.format(' not')}</w:del>"
        f"<w:ins>{run.format(' on Monday')}</w:ins><w:moveFrom>{run.format(' away')}</w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> Ignore this.</w:t></w:r>"
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>.</w:t></w:r></w:p>"
    )
    assert lines(body) == ["The council met on Monday."]


def test_content_controls_links_and_breaks_are_read() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{paragraph(MET)}</w:sdtContent></w:sdt>"
        "<w:p><w:hyperlink><w:r><w:t>It</w:t><w:tab/><w:t>rose</w:t><w:br/><w:t>at</w:t></w:r></w:hyperlink>"
        "<w:r><w:instrText>PAGE 7</w:instrText><w:t> ten.</w:t></w:r></w:p>"
    )
    assert lines(body) == [MET, "It rose", "at ten."]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('It rose.')}</w:txbxContent>"
    body = (
        '<w:p xmlns:mc="m"><w:r><mc:AlternateContent><mc:Choice>'
        f"{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert lines(paragraph(MET) + body) == [MET, "It rose."]


def test_other_names_and_the_strict_form_are_read() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    assert article(document(paragraph(MET), name="document2", space=strict)).text == MET


@given(st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=30), min_size=1))
def test_paragraphs_come_back_in_order(words: list[str]) -> None:
    sentences = [normalised(f"The {word} met.") for word in words]
    assert lines("".join(paragraph(sentence) for sentence in sentences)) == sentences


def test_paragraphs_may_be_nested_without_end() -> None:
    assert lines("<w:sdt><w:sdtContent>" * 20_000 + paragraph(MET) + "</w:sdtContent></w:sdt>" * 20_000) == [MET]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
            "is in Word's old format (.doc); open it in a word processor and save it as .docx",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "EncryptedPackage".encode("utf-16-le"),
            "is protected by a password; save it without one",
        ),
        (b"The council met.", "is no Word document; save it as .docx anew"),
        (b"", "is no Word document; save it as .docx anew"),
        (document(paragraph(MET))[:-30], "is damaged, or no ZIP archive; make it anew"),
        (document(""), "has no text"),
        (document("<w:p>"), "is damaged: its text is not valid XML; save it as .docx anew"),
        (document(paragraph(MET) + "</w:p>"), "is damaged: its text is not valid XML; save it as .docx anew"),
    ],
)
def test_what_cannot_be_read_is_reported_with_what_to_do(content: bytes, reason: str) -> None:
    assert read(content) == Problem("a.docx", reason)


def test_an_archive_of_other_things_is_no_word_document() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", "The council met.")
    assert read(content.getvalue()) == Problem("a.docx", "is no Word document; save it as .docx anew")


def test_a_text_that_expands_without_end_is_refused_unread() -> None:
    found = read(document(paragraph(" " * 1_900_000)))
    assert found == Problem("a.docx", "expands more than 200-fold, as a decompression bomb does; it is left out")


def test_entities_are_not_expanded() -> None:
    entities = '<!ENTITY a "council ">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    found = read(document(paragraph(f"{MET}&i;"), prolog=f"<!DOCTYPE w:document [{entities}]>"))
    assert isinstance(found, Problem) or len(found.text) < 1000


def test_a_file_outside_is_not_read(tmp_path: object) -> None:
    entity = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    found = read(document(paragraph(f"{MET}&x;"), prolog=entity))
    assert isinstance(found, Problem) or found.text == MET
