"""PDF files made by hand, for tests of what is read from them and of what is shown of them."""

from __future__ import annotations

import textwrap
import zlib
from collections.abc import Sequence

from ingest.readers.pdf import PdfReader
from ingest.report import Problem
from ingest.types import Document, Limits, RawArticle

LIMITS = Limits(max_mb=5)
MET = (
    "The council met on Wednesday evening and elected Mara Quist as its chair, by eleven votes to four, after a debate "
    "that lasted for three hours and that nobody had expected to end so well."
)
ROSE = (
    "Her opponent, who had held the office for twenty years, left the hall before the vote was counted, and said on "
    "the stairs that he would not stand again."
)
CALM = "Nobody spoke against the new chair on Thursday, and the council went on with the budget of the harbour."


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


def wrapped(*paragraphs: str, width: int = 70) -> list[str]:
    return [line for paragraph in paragraphs for line in textwrap.wrap(paragraph, width)]
