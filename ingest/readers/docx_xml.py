"""The XML of Word documents -> what a reader of the page sees; targets for lxml's parser, which build no tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_WORD_SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_LISTED = "- "
_LIST_STYLES = ("listbullet", "listnumber")
_UNSEEN = frozenset(["del", "moveFrom", "Fallback"])
"""Deleted text, and the older form of what stands there in a newer one."""

_MAX_CELL_CHARACTERS = 300
"""Longer cells are columns of a layout: their paragraphs are lines of their own."""

_OFF = frozenset(["0", "false", "off", "none"])


class MainPart:
    """Target for `[Content_Types].xml`: `name` is the member that holds the text."""

    def __init__(self) -> None:
        self.name = "word/document.xml"

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """See `lxml.etree.XMLParser`."""
        kind = attributes.get("ContentType", "")
        if "word" in kind and kind.endswith(".main+xml"):
            self.name = attributes.get("PartName", "").lstrip("/")

    def close(self) -> None:
        """See `lxml.etree.XMLParser`."""


class Properties:
    """Target for `docProps/core.xml`: `title` and `creator` as they stand there."""

    def __init__(self) -> None:
        self.title = self.creator = ""
        self._tag = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """See `lxml.etree.XMLParser`."""
        self._tag = _local(tag)

    def data(self, data: str) -> None:
        """See `lxml.etree.XMLParser`."""
        if self._tag == "title":
            self.title += data
        elif self._tag == "creator":
            self.creator += data

    def end(self, tag: str) -> None:
        """See `lxml.etree.XMLParser`."""
        self._tag = ""

    def close(self) -> None:
        """See `lxml.etree.XMLParser`."""


@dataclass(slots=True)
class _Paragraph:
    pieces: list[str] = field(default_factory=list)
    style: str = ""
    is_listed: bool = False

    @property
    def line(self) -> str:
        text = "".join(self.pieces).strip()
        return _LISTED + text if self.is_listed and text else text


@dataclass(slots=True)
class _Table:
    cells: list[list[str]] = field(default_factory=list)


class BodyText:
    """Target for the main part: `lines` in order, a paragraph or a row of a table each, and the `title` above them.

    Hidden and deleted text is left out, as are headers, footers, footnotes and comments, which are other members.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.title = ""
        self._paragraphs: list[_Paragraph] = []
        self._tables: list[_Table] = []
        self._unseen = 0
        self._in_run = self._is_hidden = self._in_text = False

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """See `lxml.etree.XMLParser`."""
        name = _local(tag)
        if self._unseen or name in _UNSEEN:
            self._unseen += 1
        elif name == "p" and _is_word(tag):
            self._paragraphs.append(_Paragraph())
        elif name == "tbl":
            self._tables.append(_Table())
        elif name == "tr" and self._tables:
            self._tables[-1].cells = []
        elif name == "tc" and self._tables:
            self._tables[-1].cells.append([])
        elif self._paragraphs and _is_word(tag):
            self._start_inside(name, _value(attributes))

    def _start_inside(self, name: str, value: str) -> None:
        paragraph = self._paragraphs[-1]
        if name == "r":
            self._in_run, self._is_hidden = True, False
        elif name == "t":
            self._in_text = True
        elif name == "tab" and self._in_run:
            paragraph.pieces.append(" ")
        elif name in ("br", "cr") and self._in_run:
            paragraph.pieces.append("\n")
        elif name == "noBreakHyphen":
            paragraph.pieces.append("-")
        elif name in ("vanish", "webHidden") and self._in_run:
            self._is_hidden = value not in _OFF
        elif name == "numId":
            paragraph.is_listed = value != "0"
        elif name == "pStyle":
            paragraph.style = value.casefold()
            paragraph.is_listed = paragraph.style.startswith(_LIST_STYLES)

    def data(self, data: str) -> None:
        """See `lxml.etree.XMLParser`."""
        if self._in_text and not self._is_hidden and not self._unseen:
            self._paragraphs[-1].pieces.append(data)

    def end(self, tag: str) -> None:
        """See `lxml.etree.XMLParser`."""
        name = _local(tag)
        if self._unseen:
            self._unseen -= 1
        elif name == "t":
            self._in_text = False
        elif name == "r":
            self._in_run = False
        elif name == "p" and _is_word(tag):
            self._end_paragraph(self._paragraphs.pop())
        elif name == "tr" and self._tables:
            self._end_row(self._tables[-1].cells)
        elif name == "tbl":
            self._tables.pop()

    def close(self) -> None:
        """See `lxml.etree.XMLParser`."""

    def _end_paragraph(self, paragraph: _Paragraph) -> None:
        line = paragraph.line
        if paragraph.style == "title" and line and not self.lines and not self._tables:
            self.title = f"{self.title} {line}".strip()
        else:
            self._put(line)

    def _put(self, line: str) -> None:
        """Put a line into the cell that it stands in, or on the page."""
        if self._tables and self._tables[-1].cells:
            self._tables[-1].cells[-1].append(line)
        elif line:
            self.lines.append(line)

    def _end_row(self, cells: list[list[str]]) -> None:
        self._tables[-1].cells = []
        outer = self._tables.pop()
        for line in lines_of_row(cells):
            self._put(line)
        self._tables.append(outer)


def lines_of_row(cells: Sequence[Sequence[str]]) -> list[str]:
    """The cells of a table's row, each given as its lines, on one line; longer ones are columns of a layout."""
    filled = [lines for cell in cells if (lines := [line for line in cell if line])]
    if len(filled) > 1 and all(len(cell) == 1 and len(cell[0]) <= _MAX_CELL_CHARACTERS for cell in filled):
        return [" | ".join(cell[0].replace("\n", " ") for cell in filled)]
    return [line for cell in filled for line in cell]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _is_word(tag: str) -> bool:
    """Drawings have paragraphs, runs and texts of their own, in other name spaces."""
    return tag[1:].partition("}")[0] in _WORD_SPACES


def _value(attributes: Mapping[str, str]) -> str:
    return next((attributes[name] for name in attributes if _local(name) == "val"), "")
