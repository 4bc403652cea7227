"""Downloads of news services: one file of many articles is cut into them, whatever its format."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from ingest.readers.base import ArticleReader
from ingest.readers.docx import DocxReader
from ingest.readers.pdf import PdfReader
from ingest.readers.plain_text import TextReader
from ingest.readers.rtf import RtfReader
from ingest.types import Document, Limits, RawArticle
from rag.pdf_pages import PdfPages
from tests.ingest.readers import pdf_files, test_docx
from tests.ingest.readers.download_texts import (
    DOWNLOADS,
    FERRIES,
    HARBOUR,
    MAYOR,
    NEXIS,
    PROQUEST,
)

LIMITS = Limits(max_mb=5)


def as_rtf(text: str) -> bytes:
    paragraphs = "".join(f"\\pard\\plain {line}\\par\r\n" for line in text.split("\n"))
    body = "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in paragraphs)
    return ("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fnil Arial;}}" + body + "}").encode()


def as_docx(text: str) -> bytes:
    lines = [line.strip().replace("&", "&amp;") for line in text.split("\n")]
    return test_docx.document("".join(test_docx.paragraph(line) for line in lines if line))


def as_pdf(text: str) -> bytes:
    lines = [part for line in text.split("\n") for part in textwrap.wrap(line.strip(), 90) or [""]]
    pages = [lines[start : start + 50] for start in range(0, len(lines), 50)]
    return pdf_files.document([[*page, f"{number}"] for number, page in enumerate(pages, start=1)])


WRITTEN: dict[str, tuple[ArticleReader, object]] = {
    "txt": (TextReader(), str.encode), "rtf": (RtfReader(), as_rtf), "docx": (DocxReader(), as_docx),
    "pdf": (PdfReader(), as_pdf), "doc": (DocxReader(), as_rtf),
}  # fmt: skip


def read(reader: ArticleReader, content: bytes, name: str = "download") -> Sequence[RawArticle]:
    found = list(reader.read(Document.of_bytes(content, where=name, name=name), LIMITS))
    assert all(isinstance(one, RawArticle) for one in found), found
    return [one for one in found if isinstance(one, RawArticle)]


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("service", DOWNLOADS)
def test_a_download_is_cut_into_its_articles(service: str, kind: str) -> None:
    reader, written = WRITTEN[kind]
    first, second = read(reader, written(DOWNLOADS[service]))  # type: ignore[operator]
    assert (first.title, first.outlet) == ("Harbour closes for three weeks", "Oakvale Herald")
    assert first.published == datetime(2026, 3, 5, tzinfo=UTC)
    assert [name.title() for name in first.authors] == ["Ana Ruiz", "Tom Hale"]
    assert plain(first.text) == f"{HARBOUR} {FERRIES}"
    assert (second.title, second.outlet) == ("Mayor withdraws toll on the bridge", "The Elmport Post (Elmport)")
    assert second.published is not None
    assert second.published.date() == datetime(2026, 3, 7, tzinfo=UTC).date()
    assert plain(second.text) == MAYOR
    assert second.authors == ()
    assert first.where != second.where
    assert first.notes == second.notes == ()


@pytest.mark.parametrize("service", DOWNLOADS)
def test_the_report_says_how_many_articles_were_cut(service: str) -> None:
    first, second = read(TextReader(), DOWNLOADS[service].encode())
    assert first.left_out == (
        f"is a download of {'Nexis' if 'Nexis' in service else service.split()[0]}, cut into 2 articles",
    )
    assert second.left_out == ()


def test_a_time_of_day_is_kept() -> None:
    for service in ("Nexis", "Factiva", "Factiva by letters"):
        _, second = read(TextReader(), DOWNLOADS[service].encode())
        assert second.published == datetime(2026, 3, 7, 21, 15, tzinfo=UTC), service


def test_an_article_has_the_same_id_in_every_download_of_its_service() -> None:
    for service in ("Factiva", "Factiva by letters"):
        first, _ = read(TextReader(), DOWNLOADS[service].encode(), name=f"{service}.txt")
        assert (first.source, first.given_id) == ("Factiva", "OAKH000020260305em350001x")
    first, _ = read(TextReader(), PROQUEST.encode())
    assert (first.source, first.given_id) == ("ProQuest", "2371234567")


def test_what_has_no_known_form_stays_an_article() -> None:
    letter = "Letters to the editor\n\nThe toll on the bridge was never a good idea, and everybody knew it.\n"
    head, tail = NEXIS.split("Mayor withdraws toll on the bridge\nThe Elmport")
    found = read(
        TextReader(), f"{head}{letter}End of Document\nMayor withdraws toll on the bridge\nThe Elmport{tail}".encode()
    )
    assert [one.title for one in found][::2] == ["Harbour closes for three weeks", "Mayor withdraws toll on the bridge"]
    assert "never a good idea" in found[1].text
    assert found[0].left_out == (
        "is a download of Nexis, cut into 2 articles; 1 more part in no form of theirs went in as they are",
    )


def test_a_correction_below_the_text_stays_with_it() -> None:
    corrected = NEXIS.replace("Classification", "Correction\n\nThe pier is the western one.\n\nClassification", 1)
    first, _ = read(TextReader(), corrected.encode())
    assert "The pier is the western one." in first.text


def test_a_single_article_is_read_by_its_fields() -> None:
    (only,) = read(TextReader(), NEXIS.split("End of Document\n")[1].encode() + b"End of Document\n")
    assert (only.title, only.outlet) == ("Mayor withdraws toll on the bridge", "The Elmport Post (Elmport)")
    assert only.left_out == ("is a download of Nexis, cut into 1 article",)


def test_pages_of_a_download_repeat_the_title_of_their_article() -> None:
    title = "Harbour closes for three weeks"
    lines = [part for line in NEXIS.split("\n") for part in textwrap.wrap(line, 90)]
    cut = next(number for number, line in enumerate(lines) if "found cracks" in line)
    begin = lines.index(title)
    pages = [
        ["Page 1 of 3", *lines[:begin]], ["Page 2 of 3", *lines[begin : cut]],
        ["Page 3 of 3", title, *lines[cut:]],
    ]  # fmt: skip
    first, _ = read(PdfReader(), pdf_files.document(pages))
    assert plain(first.text) == f"{HARBOUR} {FERRIES}"
    known = PdfPages(starts=first.page_starts)
    assert (known.page_at(0), known.page_at(len(first.text) - 1)) == (2, 3)
    assert first.text[first.page_starts[2] :].startswith(lines[cut])


@pytest.mark.parametrize(
    "text",
    [
        "A recipe\n\nLength: 20 minutes\n\nBody\n\nStir the soup until it is warm, and serve it.",
        f"Harbour closes\n\nBy Ana Ruiz\n5 March 2026\n\n{HARBOUR}\n\nEnd of document\n\nNothing follows.",
        f"The form\n\n{HARBOUR}\n\n______________________________\n\nFull text: see above.",
        f"Annual report\n\n{HARBOUR}\n\n1 of 2 documents\n\nLanguage: ENGLISH is spoken here.",
    ],
)
def test_other_texts_are_one_article(text: str) -> None:
    (only,) = read(TextReader(), text.encode())
    assert only.left_out == ()


def test_a_download_made_to_keep_a_reader_busy_is_read_soon() -> None:
    for part in (
        "End of Document\n",
        "Length: 5 words\n",
        "Document OAKH000020260305em350001x\n",
        "_" * 30 + "\n",
        "HD\n",
    ):
        read(TextReader(), (part * (400_000 // len(part)) + HARBOUR).encode())
