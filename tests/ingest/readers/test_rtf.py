"""Rich text: what a reader of the page sees goes in, in whatever way the file writes it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.registry import format_of
from ingest.readers.rtf import RtfReader
from ingest.readers.rtf_text import lines_of_rtf
from ingest.report import Problem
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError

LIMITS = Limits(max_mb=2)
MET = "The council met on Wednesday and elected its chair."


def shown(body: str, head: str = r"\ansi\ansicpg1252") -> str:
    return "\n".join(lines_of_rtf(("{\\rtf1" + head + " " + body + "}").encode("latin-1"))).strip()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"One.\par Two.\line Three.", "One.\nTwo.\nThree."),
        (r"caf\'e9 \ldblquote yes\rdblquote  \emdash  no", "café “yes” — no"),
        (r"\uc1\u1055?\u1088?\u1080?", "При"),
        (r"\u8217'\u8217?", "\u2019\u2019"),
        (r"\uc0\u8217 s", "\u2019s"),
        (r"\u-10179?\u-8704?", "\U0001f600"),
        (r"\{a\}\\b\~c\_d", "{a}\\b\xa0c\u2011d"),
        (r"Seen.{\v hidden}{\deleted gone}\v hidden too\v0  Seen again.", "Seen. Seen again."),
        (r"{\header Oakvale Herald}{\footer 3}{\*\generator X;}{\info{\title T}}Text{\footnote note}.", "Text."),
        (r'{\field{\*\fldinst{HYPERLINK "https://a.example/x"}}{\fldrslt{A headline}}} of it', "A headline of it"),
        (r"{\pict\pngblip 89504e47}Text.", "Text."),
        ("{\\pict\\bin5 }{}\\}}Text.", "Text."),
        (r"{\pntext\'b7\tab}First\par Next", "- First\nNext"),
        (r"\trowd\intbl East pier\cell 11\cell 2400\cell\row\pard Below", "East pier | 11 | 2400\nBelow"),
        ("One\r\nword.", "Oneword."),
    ],
)
def test_what_a_reader_sees_is_read(body: str, text: str) -> None:
    assert shown(body) == text


def test_letters_are_those_of_the_font_or_of_the_code_page() -> None:
    fonts = r"\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 MS Mincho;}}"
    assert shown(r"{\f1\'cf\'f0\'e8} \'e9 {\f2\'93\'fa\'96{\'7b}}", fonts).startswith("При é 日")
    assert shown(r"\'cf\'f0\'e8", r"\ansi\ansicpg1251") == "При"
    assert shown(r"\'e9", r"\ansi\ansicpg99999") == "é"


def test_a_document_is_an_article_with_what_it_states() -> None:
    content = (
        "{\\rtf1\\ansi\\b Harbour closes\\b0\\par By Ana Ruiz, Oakvale Herald\\par 5 March 2026\\par " + MET + "}"
    ).encode()
    (found,) = RtfReader().read(Document.of_bytes(content, where="a.rtf", name="a.rtf"), LIMITS)
    assert isinstance(found, RawArticle)
    assert (found.title, found.authors, found.outlet, found.text) == (
        "Harbour closes", ("Ana Ruiz",), "Oakvale Herald", MET,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"The council met.", "is no rich text; save it as .rtf or .docx anew"),
        (b"{\\rtf1 {\\info{\\title T}}}", "has no text"),
        (b"{\\rtf1" + b"{" * 2000, "has groups nested more than 1,000 deep"),
    ],
)
def test_what_cannot_be_read_is_reported_with_what_to_do(content: bytes, reason: str) -> None:
    assert list(RtfReader().read(Document.of_bytes(content, where="a.rtf", name="a.rtf"), LIMITS)) == [
        Problem("a.rtf", reason)
    ]


def test_rich_text_is_known_by_its_beginning() -> None:
    known = format_of(Document.of_bytes(b"{\\rtf1 " + MET.encode() + b"}", where="a", name="a"))
    assert known is not None
    assert known.name == "rtf"


@pytest.mark.parametrize(
    "part",
    [b"{\\field{\\*\\fldinst{", b"\\'e9", b"{}", b"\\u8217?", b"\\cell ", b"\\intbl\\par ", b"{\\fonttbl\\f1", b"\\"],
)
def test_rich_text_made_to_keep_a_reader_busy_is_read_soon(part: bytes) -> None:
    with suppress(SourceError):
        lines_of_rtf(b"{\\rtf1 " + part * (400_000 // len(part)))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for found in RtfReader().read(Document.of_bytes(b"{\\rtf1 " + body, where="a", name="a"), LIMITS):
        assert isinstance(found, (RawArticle, Problem))
