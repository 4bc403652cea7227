"""Rich text (RTF 1.9) -> what a reader of the page sees, in one pass over the bytes.

Hidden and deleted text is left out, as are headers, footers, footnotes, comments and the addresses of links.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

from ingest.readers.docx_xml import lines_of_row
from rag.errors import SourceError

MAX_DEPTH = 1000
"""Groups inside groups; Word writes some ten."""

_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?"
    rb"|\\'(?P<code>[0-9A-Fa-f]{2})|\\(?P<mark>[^A-Za-z'])|(?P<brace>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]+)|."
)
_UNSEEN_GROUPS = frozenset(
    b"fonttbl colortbl stylesheet info pict object objdata header headerl headerr headerf footer footerl footerr"
    b" footerf footnote annotation atnid atnauthor fldinst listtable listoverridetable revtbl rsidtbl generator"
    b" themedata colorschememapping datastore latentstyles xmlnstbl nonesttables nonshppict pntext listtext bkmkstart"
    b" bkmkend tc xe txe filetbl private template operator shpinst".split()
)
"""Groups that hold no text of the page (destinations, in the specification's word)."""

_LISTS = frozenset([b"pntext", b"listtext"])
_BREAKS = frozenset([b"par", b"line", b"sect", b"page"])
_SIGNS = {
    b"tab": " ", b"emdash": "\u2014", b"endash": "\u2013", b"emspace": " ", b"enspace": " ", b"qmspace": " ",
    b"bullet": "\u2022", b"lquote": "\u2018", b"rquote": "\u2019", b"ldblquote": "\u201c", b"rdblquote": "\u201d",
}  # fmt: skip
_MARKS = {b"~": "\xa0", b"_": "\u2011", b"-": "", b"{": "{", b"}": "}", b"\\": "\\"}
_CHARSETS = {
    b"77": "mac_roman", b"128": "cp932", b"129": "cp949", b"130": "johab", b"134": "gbk", b"136": "big5",
    b"161": "cp1253", b"162": "cp1254", b"163": "cp1258", b"177": "cp1255", b"178": "cp1256", b"186": "cp1257",
    b"204": "cp1251", b"222": "cp874", b"238": "cp1250", b"254": "cp437", b"255": "cp850",
}  # fmt: skip
"""Of fonts, by their number in the specification."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds until the group ends: `stand_ins` is how many characters follow one in Unicode, for old readers."""

    unseen: bool = False
    hidden: bool = False
    stand_ins: int = 1
    font: bytes = b""


@dataclass(slots=True)
class _Page:
    """The lines of the page, and the table's row at hand."""

    lines: list[str] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    in_table: bool = False
    is_listed: bool = False

    def end_line(self) -> None:
        """Put the line into its cell or on the page, empty ones too: they part paragraphs."""
        text = _whole("".join(self.line)).strip()
        text = f"- {text}" if self.is_listed and text else text
        self.line, self.is_listed = [], False
        if self.in_table:
            self.cell.append(text)
        else:
            self.end_row()
            self.lines.append(text)

    def end_cell(self) -> None:
        """Close a cell of the row."""
        self.in_table = True
        self.end_line()
        self.cells.append(self.cell)
        self.cell = []

    def end_row(self) -> None:
        """Put the row on the page."""
        cells = [*self.cells, self.cell]
        self.cells, self.cell = [], []
        self.lines += lines_of_row(cells)


class _Reading:
    """One pass over a document."""

    def __init__(self) -> None:
        self.page = _Page()
        self._groups: list[_Group] = []
        self._now = _Group()
        self._codec = "cp1252"
        self._fonts: dict[bytes, str] = {}
        self._font_named = b""
        self._bytes: list[bytes] = []
        self._skipped = 0

    def take(self, token: re.Match[bytes]) -> None:
        """Do what a token says."""
        word, text, code = token["word"], token["text"], token["code"]
        if text is not None or code is not None:
            self._put_bytes(text if text is not None else bytes.fromhex(code.decode()), is_code=code is not None)
            return
        if token["brace"] or word or token["mark"]:
            self._decode()
        if token["brace"]:
            self._brace(token["brace"])
        elif word:
            self._word(word, token["number"])
        elif token["mark"] == b"*":
            self._now = replace(self._now, unseen=True)
        elif token["mark"] in (b"\n", b"\r"):
            self._break(b"par")
        elif token["mark"]:
            self._put(_MARKS.get(token["mark"], ""))

    def end(self) -> None:
        """Put what is still at hand on the page."""
        self._decode()
        self.page.in_table = False
        self.page.end_line()

    def _brace(self, brace: bytes) -> None:
        self._skipped = 0
        if brace == b"{":
            if len(self._groups) >= MAX_DEPTH:
                raise SourceError(f"has groups nested more than {MAX_DEPTH:,} deep")
            self._groups.append(self._now)
        elif self._groups:
            self._now = self._groups.pop()

    def _word(self, word: bytes, number: bytes | None) -> None:
        if word in _LISTS:
            self.page.is_listed = not self._now.unseen
        if word in _UNSEEN_GROUPS:
            self._now = replace(self._now, unseen=True)
        elif word in (b"v", b"deleted"):
            self._now = replace(self._now, hidden=number != b"0")
        elif word == b"plain":
            self._now = replace(self._now, hidden=False)
        elif word == b"uc":
            self._now = replace(self._now, stand_ins=min(max(int(number or 1), 0), 9))
        elif word == b"u" and number is not None:
            self._put(chr(int(number) % 0x10000))
            self._skipped = self._now.stand_ins
        elif word == b"ansicpg":
            self._codec = _known_codec(f"cp{(number or b'').decode()}") or self._codec
        elif word in (b"f", b"fcharset"):
            self._font(word, number or b"")
        else:
            self._layout(word)

    def _font(self, word: bytes, number: bytes) -> None:
        """Note a font of the font table, or that the text goes on in it."""
        if not self._now.unseen:
            self._now = replace(self._now, font=number)
        elif word == b"f":
            self._font_named = number
        elif number in _CHARSETS:
            self._fonts[self._font_named] = _CHARSETS[number]

    def _layout(self, word: bytes) -> None:
        if self._now.unseen:
            return
        if word in _BREAKS:
            self._break(word)
        elif word == b"pard":
            self.page.in_table = False
        elif word == b"intbl":
            self.page.in_table = True
        elif word in (b"cell", b"nestcell"):
            self.page.end_cell()
        elif word in (b"row", b"nestrow"):
            self.page.end_row()
        else:
            self._put(_SIGNS.get(word, ""))

    def _break(self, word: bytes) -> None:
        if not self._now.unseen:
            self.page.end_line()
            if word in (b"sect", b"page"):
                self.page.end_line()

    def _put_bytes(self, data: bytes, *, is_code: bool) -> None:
        if self._skipped:
            skipped = 1 if is_code else min(self._skipped, len(data))
            self._skipped -= skipped
            data = data[skipped:]
        if data and not (self._now.unseen or self._now.hidden):
            self._bytes.append(data)

    def _put(self, text: str) -> None:
        self._skipped = 0
        if text and not (self._now.unseen or self._now.hidden):
            self.page.line.append(text)

    def _decode(self) -> None:
        """Characters of several bytes stand in several tokens."""
        if self._bytes:
            codec = self._fonts.get(self._now.font, self._codec)
            self.page.line.append(b"".join(self._bytes).decode(codec, "replace").replace("\ufffd", ""))
            self._bytes = []


def lines_of_rtf(data: bytes) -> list[str]:
    """Return the lines of the page, a paragraph or a row of a table each; empty lines stay.

    Raises SourceError where the groups are nested too deeply.
    """
    reading, place = _Reading(), 0
    while token := _TOKEN.match(data, place):
        place = token.end()
        if token["word"] == b"bin":
            place += max(0, int(token["number"] or 0))
        else:
            reading.take(token)
    reading.end()
    return reading.page.lines


def _whole(text: str) -> str:
    """Join the halves of characters beyond 16 bits."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\ufffd", "")


def _known_codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
