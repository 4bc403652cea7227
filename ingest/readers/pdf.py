"""PDF documents with text in them, read page by page with pypdf.

What a page may cost is bounded: a stream of zeros, a form that draws itself or a page of millions of lines is given up,
and noted, instead of taking all memory.
"""

from __future__ import annotations

import io
import logging
import struct
import time
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Any, BinaryIO

from ingest.metadata.office_properties import believable_authors, believable_title
from ingest.metadata.plain_text import stated_in
from ingest.readers.base import BySuffix
from ingest.readers.downloads.cutting import articles_of_download
from ingest.readers.pdf_columns import MAX_PIECES, Piece, blocks_of
from ingest.readers.pdf_layout import PAGE_BLOCK, lines_of_pages, paged_text, text_of_lines
from ingest.report import Problem
from ingest.text.page_starts import followed, page_starts
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError

if TYPE_CHECKING:
    from pypdf import PageObject
    from pypdf import PdfReader as Pypdf

MAX_PAGES = 20_000
MAX_CHARACTERS = 20_000_000
"""Of a whole document: some forty novels."""

MAX_STREAM_BYTES = 20_000_000
MAX_STREAM_ITEMS = 500_000
"""Operands and operators of one stream; pypdf takes some 150 bytes for each."""

MAX_PAGE_OPERATIONS = 2_000_000
MAX_PAGE_SHOWN = 1_000_000
"""Codes of letters; one code may stand for hundreds of letters."""

MAX_FORM_DEPTH = 8
MAX_FORMS = 1_000
MAX_SECONDS = 120
"""A page takes some 20 ms, so that only documents made to do harm take longer."""

_PAGES_HELD = 64
_FORMS_HELD = 16
_MIN_CHARACTERS = 20
_MAX_UNREADABLE_SHARE = 0.3
_SAMPLE_CHARACTERS = 100_000
_SHOWS_TEXT = frozenset([b"Tj", b"TJ", b"'", b'"'])
_MOVES = frozenset([b"Td", b"TD", b"Tm", b"T*", b"BT"])
_UNCHANGED = [1, 0, 0, 1, 0, 0]
_MAX_SLOPE = 0.05
_USUAL_WIDTH = 500.0
_MAX_NAMED_PAGES = 10
_TITLE_WITHIN = 3000
_NO_TEXT = "holds pictures of pages but no text; run it through OCR first"
_NO_LETTERS = "has fonts that do not tell their letters; run it through OCR first"
_ENCRYPTED = "is encrypted; save a copy without the password"
_DAMAGED = "is damaged, or no PDF; open it in a PDF viewer and print it to a new PDF"
_NO_PAGE = "has no page that can be read: they are damaged or too large; print it to a new PDF"
_OTHER_DAMAGE: tuple[type[Exception], ...] = (
    ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError,
    struct.error, zlib.error,
)  # fmt: skip
"""What pypdf raises for damaged files besides its own errors."""


class PdfReader(BySuffix):
    """`.pdf`; one article a document, or those of a news service's download.

    The date comes only from what the text states: the document information holds when the file was made, which for a
    page printed today is today, whenever the article was published. An unknown date does less harm than a wrong one.
    """

    name: str = "pdf"
    suffixes: tuple[str, ...] = (".pdf",)

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Problem]:
        """See `ArticleReader`. A page that cannot be read is named in a note; the others go in."""
        try:
            with document.open() as file:
                if file.seek(0, io.SEEK_END) > limits.max_bytes:
                    raise SourceError(limits.sentence)
                size = file.tell()
                file.seek(0)
                articles = _articles(document, _contents(file))
                # A download of many articles would be kept once for each of them.
                is_kept = len(articles) == 1 and size <= limits.max_kept_pdf_bytes
                file.seek(0)
                yield from (replace(article, file=file.read() if is_kept else b"") for article in articles)
        except SourceError as error:
            yield Problem(document.where, str(error))


@dataclass(slots=True)
class _Contents:
    """What pypdf finds in a file: the text of each page, the numbers of unread pages, the document information."""

    pages: list[str]
    unread: list[int]
    title: str
    authors: tuple[str, ...]


class _PageTooCostly(MemoryError):
    """A page went over its bounds. pypdf goes on after any other error inside a form."""


class _Budget:
    """Watches what one page makes pypdf do; gives it up where that is more than any honest page needs."""

    def __init__(self, reader: Pypdf, deadline: float) -> None:
        self._reader = reader
        self._deadline = deadline
        self._operations = self._shown = self._characters = self._depth = self._forms = 0
        self._fonts: dict[int, tuple[object, dict[str, float]]] = {}
        self._is_placed = True
        self.pieces: list[Piece] = []
        """What stands where; empty where some of it stands in forms, whose places pypdf does not tell."""

    def before(self, operator: bytes, operands: Any, *_: Any) -> None:
        """Count an operation before it is done."""
        self._operations += 1
        if operator in _SHOWS_TEXT:
            self._shown += _length(operands)
        elif operator == b"Do":
            self._depth += 1
            self._forms += 1
            if self._forms % _FORMS_HELD == 0:
                _release_streams(self._reader)
        if (
            self._operations > MAX_PAGE_OPERATIONS
            or self._shown > MAX_PAGE_SHOWN
            or self._depth > MAX_FORM_DEPTH
            or time.monotonic() > self._deadline
        ):
            raise _PageTooCostly

    def after(self, operator: bytes, *_: Any) -> None:
        """Count an operation after it is done."""
        if operator == b"Do":
            self._depth -= 1

    def text(self, text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        """Count the text that has come out, and note where it stands."""
        self._characters += len(text)
        if self._characters > MAX_CHARACTERS:
            raise _PageTooCostly
        if not text.strip() or not self._is_placed:
            return
        self._is_placed = self._depth == 0 and len(self.pieces) < MAX_PIECES
        piece = self._piece(text.replace("\n", " "), cm, tm, font, size) if self._is_placed else None
        self._is_placed = piece is not None
        if piece is None:
            self.pieces = []
        else:
            self.pieces.append(piece)

    def _piece(self, text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> Piece | None:
        """Return the text with its place on the page; None where it does not run from left to right."""
        across = (tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3])
        up = hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
        if across[0] <= 0 or abs(across[1]) > across[0] * _MAX_SLOPE:
            return None
        left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        bottom = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        width = self._width(text.rstrip(), font) / 1000 * size * across[0]
        return Piece(left, left + width, bottom, size * up, text)

    def _width(self, text: str, font: Any) -> float:
        """Return how wide a text is in thousandths of its size."""
        from pypdf.generic import DictionaryObject

        if id(font) not in self._fonts:
            self._fonts[id(font)] = (font, _font_widths(font) if isinstance(font, DictionaryObject) else {})
        _, widths = self._fonts[id(font)]
        usual = widths.get("default", _USUAL_WIDTH)
        return sum(widths.get(letter, usual) for letter in text)


def _font_widths(font: Any) -> dict[str, float]:
    from pypdf.generic._font import Font

    try:
        return Font.from_font_resource(font).character_widths
    except _OTHER_DAMAGE:
        return {}


def _length(operands: Any) -> int:
    return sum(
        len(part)
        for operand in operands
        for part in (operand if isinstance(operand, list) else [operand])
        if isinstance(part, (str, bytes))
    )


def _release_streams(reader: Pypdf) -> None:
    """Let go of what pypdf has unpacked and would hold until the file is closed."""
    for held in reader.resolved_objects.values():
        if getattr(held, "decoded_self", None) is not None:
            held.decoded_self = None  # type: ignore[union-attr]


def _contents(file: BinaryIO) -> _Contents:
    """Read the file; raises SourceError where it is damaged or encrypted."""
    from pypdf import PdfReader as Pypdf
    from pypdf import apply_configuration, get_configuration
    from pypdf.errors import DependencyError, FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it warns of is in the report, in other words
    try:
        with apply_configuration(get_configuration().with_overwrites(**_bounds())):
            reader = Pypdf(file, xref_stream_maximum_entries=MAX_STREAM_ITEMS)
            if reader.is_encrypted and not reader.decrypt(""):
                raise SourceError(_ENCRYPTED)
            pages, unread = _pages(reader)
            information = reader.metadata
    except (DependencyError, FileNotDecryptedError, NotImplementedError) as error:
        raise SourceError(_ENCRYPTED) from error
    except _damage() as error:
        raise SourceError(_DAMAGED) from error
    title, author = _property(information, "/Title"), _property(information, "/Author")
    return _Contents(pages, unread, believable_title(title), believable_authors(author))


def _damage() -> tuple[type[Exception], ...]:
    """What pypdf raises for files that are damaged, encrypted or larger than its bounds."""
    from pypdf.errors import DependencyError, DeprecationError, PyPdfError

    return (PyPdfError, DependencyError, DeprecationError, *_OTHER_DAMAGE)


def _bounds() -> dict[str, int]:
    return {
        "maximum_declared_stream_length": 5 * MAX_STREAM_BYTES,
        "array_based_stream_maximum_output_length": MAX_STREAM_BYTES,
        "lzw_maximum_output_length": MAX_STREAM_BYTES,
        "run_length_maximum_output_length": MAX_STREAM_BYTES,
        "zlib_maximum_output_length": MAX_STREAM_BYTES,
        "stream_decoding_work_maximum_length": 4 * MAX_STREAM_BYTES,
        "stream_parsing_work_maximum_count": MAX_STREAM_ITEMS,
        "page_tree_maximum_entries": 2 * MAX_PAGES,
        "page_tree_maximum_page_entries": 20 * MAX_PAGES,
        "xform_maximum_invocations_per_extraction": MAX_FORMS,
    }


def _pages(reader: Pypdf) -> tuple[list[str], list[int]]:
    """Return the text of each page and the numbers of those that cannot be read."""
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise SourceError(f"has more than {MAX_PAGES:,} pages; split it")
    pages: list[str] = []
    unread: list[int] = []
    characters, deadline = 0, time.monotonic() + MAX_SECONDS
    for number in range(1, count + 1):
        text = _page_text(reader, number, deadline)
        if text is None:
            unread.append(number)
        pages.append(text or "")
        characters += len(pages[-1])
        if characters > MAX_CHARACTERS:
            raise SourceError(f"holds more than {MAX_CHARACTERS:,} characters of text; split it")
        if number % _PAGES_HELD == 0:
            reader.resolved_objects.clear()
        else:
            _release_streams(reader)
    return pages, unread


def _page_text(reader: Pypdf, number: int, deadline: float) -> str | None:
    """Return the text of a page, None where it is damaged or costs too much."""
    budget = _Budget(reader, deadline)
    unreadable: tuple[type[BaseException], ...] = (_PageTooCostly, *_damage())
    try:
        page = reader.pages[number - 1]
        with _piece_by_piece(page):
            text = page.extract_text(
                visitor_operand_before=budget.before, visitor_operand_after=budget.after, visitor_text=budget.text
            )
    except unreadable:
        return None
    blocks = blocks_of(budget.pieces) if budget.pieces else None
    return text if blocks is None else PAGE_BLOCK.join("\n".join(lines) for lines in blocks)


@contextmanager
def _piece_by_piece(page: PageObject) -> Iterator[None]:
    """Make pypdf tell each piece of text alone, with its own place: it puts those of one line together otherwise.

    What it has it tells at every `cm`, so one that changes nothing is put after each move.
    """
    from pypdf.generic import ArrayObject, ContentStream, NameObject, StreamObject

    name = NameObject("/Contents")
    given = page.raw_get(name) if name in page else None
    drawn = given.get_object() if given is not None else None
    if given is None or not isinstance(drawn, (ArrayObject, StreamObject)):
        yield
        return
    content = ContentStream(drawn, page.pdf, "bytes")
    operations: list[tuple[Any, bytes]] = []
    has_moved = False
    for operands, operator in content.operations:
        if operator in _SHOWS_TEXT and has_moved:
            operations.append((_UNCHANGED, b"cm"))
            has_moved = False
        has_moved = has_moved or operator in _MOVES
        operations.append((operands, operator))
    content.operations = operations
    page[name] = content
    try:
        yield
    finally:
        page[name] = given


def _property(information: Any, name: str) -> object:
    """Return a field of the document information; pypdf's own properties raise where it is no text."""
    return information.get(name) if hasattr(information, "get") else None


def _articles(document: Document, contents: _Contents) -> list[RawArticle]:
    """Return the document's article, or those of a news service's download."""
    raw = "".join(contents.pages)
    if len(contents.unread) == len(contents.pages):
        raise SourceError(_NO_PAGE)
    if sum(map(str.isalnum, raw)) < _MIN_CHARACTERS:
        raise SourceError(_NO_LETTERS if len("".join(raw.split())) >= _MIN_CHARACTERS else _NO_TEXT)
    if not _is_readable(raw[:_SAMPLE_CHARACTERS]):
        raise SourceError(_NO_LETTERS)
    lines = lines_of_pages(contents.pages)
    whole = "\n".join(line for page in lines for line in page)
    if articles := articles_of_download(whole, where=document.where):
        starts = page_starts(["".join(page) for page in lines], whole)
        articles = [_with_pages(article, starts, whole) for article in articles]
        return [replace(articles[0], notes=(*articles[0].notes, *_notes(contents.unread))), *articles[1:]]
    return [_article(document, contents, raw)]


def _with_pages(article: RawArticle, starts: tuple[int, ...], whole: str) -> RawArticle:
    """An article of a download with its lines joined to paragraphs, and where the document's pages begin in it."""
    begun = followed(starts, whole, article.text)
    text = text_of_lines(article.text.split("\n"))
    pages = [article.text[begin:end] for begin, end in pairwise((*begun, len(article.text)))]
    return replace(article, text=text, page_starts=page_starts(pages, text) if pages else ())


def _article(document: Document, contents: _Contents, raw: str) -> RawArticle:
    text, starts = paged_text(contents.pages)
    stated = stated_in(text)
    title = stated.title
    if contents.title and (not title or _shows(raw[:_TITLE_WITHIN], contents.title)):
        title = contents.title
    return replace(
        stated.as_article(where=document.where, source=document.name),
        title=title,
        url=stated.url or document.url,
        authors=stated.authors or contents.authors,
        notes=_notes(contents.unread),
        page_starts=followed(starts, text, stated.text),
    )


def _is_readable(text: str) -> bool:
    """Whether the letters are letters: fonts without a table of characters give control and private ones."""
    shown = [unicodedata.category(character) for character in text if not character.isspace()]
    unreadable = sum(category in ("Cc", "Co", "Cn") for category in shown) + text.count("\ufffd")
    return unreadable <= len(shown) * _MAX_UNREADABLE_SHARE


def _shows(text: str, title: str) -> bool:
    """Whether the document shows the title that its properties give."""
    return "".join(title.casefold().split()) in "".join(text.casefold().split())


def _notes(unread: list[int]) -> tuple[str, ...]:
    if not unread:
        return ()
    more = len(unread) - _MAX_NAMED_PAGES
    numbers = ", ".join(map(str, unread[:_MAX_NAMED_PAGES])) + (f" and {more} more" if more > 0 else "")
    return (f"pages that are damaged or too large are left out: {numbers}",)
