"""CSV files, plain or gzipped: one article a row, read row by row, however large the file."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO, TextIO, cast

from ingest.metadata.exported_fields import FIELD_NAMES, bare_name, known_fields
from ingest.metadata.named_fields import article_from_fields
from ingest.readers.base import BySuffix
from ingest.report import Problem
from ingest.text.decoding import decode
from ingest.text.inline_html import without_markup
from ingest.text.unicode import one_line
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError

MAX_ROW_CHARACTERS = 10_000_000
"""A quotation mark that is never closed makes one row of the rest of the file; `csv` holds it at 4 bytes a letter."""

_SAMPLE_BYTES = 1 << 18
_GUESS_FROM_BYTES = 100_000
_DRAIN_CHARACTERS = 1 << 16
_DELIMITERS = ",;\t|"
_MAX_VAIN = 1000
"""So many rows of which none is an article say that the file has none; each would be a line of the report."""

_MAX_SHOWN_NAMES = 20
_DAMAGED_GZIP = "the gzip file is damaged from here on; the rows before went in"
_LOST_CHARACTERS = "holds bytes that are no characters; they are left out: save the file as UTF-8"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_EXCEL_DELIMITER = re.compile(r"\"?sep=(?P<delimiter>[,;\t|])\"?\s*", re.IGNORECASE)
_LISTED_NAME = re.compile(r"'([^']*)'|\"([^\"]*)\"")


class CsvReader(BySuffix):
    """`.csv` and `.tsv`, each also with `.gz`; the first row names the columns."""

    name: str = "csv"
    suffixes: tuple[str, ...] = (".csv", ".tsv", ".csv.gz", ".tsv.gz")

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Problem]:
        """See `ArticleReader`. A row that is no article is a problem with its line; the others go in."""
        lines = None
        try:
            with _unpacked(document) as sampled:
                sample = sampled.read(_SAMPLE_BYTES)
            encoding = _encoding_of(sample, document.charset)
            with _unpacked(document) as file:
                text = io.TextIOWrapper(cast(io.BufferedReader, file), encoding, errors="replace", newline="")
                lines = _Lines(text, min(limits.max_bytes, MAX_ROW_CHARACTERS))
                yield from _articles(document, lines, _delimiter_of(sample.decode(encoding, "replace")))
        except SourceError as error:
            yield Problem(document.where, str(error))
        except (gzip.BadGzipFile, EOFError, zlib.error):
            place = f"line {lines.number + 1 if lines else 1}"
            yield Problem(f"{document.where}, {place}", _DAMAGED_GZIP)


@contextmanager
def _unpacked(document: Document) -> Iterator[IO[bytes]]:
    with document.open() as stored:
        if document.name.lower().endswith(".gz"):
            with gzip.open(stored, "rb") as file:
                yield cast(IO[bytes], file)
        else:
            yield stored


def _encoding_of(sample: bytes, declared: str) -> str:
    """Return the encoding from the beginning of the file, as `ingest.text.decoding` does for a whole one."""
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    whole_lines = sample if len(sample) < _SAMPLE_BYTES else sample[: sample.rfind(b"\n") + 1] or sample
    text = decode(whole_lines, declared=declared)
    for encoding in ("utf-8", declared or "utf-8", "cp1252"):
        try:
            if whole_lines.decode(encoding, "replace").replace("\ufffd", "") == text:
                return encoding
        except (LookupError, UnicodeError):
            continue
    from charset_normalizer import from_bytes

    guess = from_bytes(whole_lines[:_GUESS_FROM_BYTES]).best()
    return guess.encoding if guess else "utf-8"


def _delimiter_of(beginning: str) -> str:
    """Return the delimiter with which the first row names the most columns that are known."""
    if excel := _EXCEL_DELIMITER.match(beginning):
        return excel["delimiter"]

    def known_columns(delimiter: str) -> tuple[int, int]:
        header = next(csv.reader(beginning.lstrip("\ufeff").splitlines(keepends=True)[:1], delimiter=delimiter), [])
        return len(_Columns.of(header).fields), len(header)

    return max(_DELIMITERS, key=known_columns)


class _Lines:
    """The file's lines as an editor counts them, none of them and no row of them longer than the bound."""

    def __init__(self, file: TextIO, max_characters: int) -> None:
        self.number = 0
        self.ended = False
        self._file = file
        self._max_characters = max_characters
        self._row_characters = 0

    def begin_row(self) -> int:
        """Return the number of the line in which the next row begins."""
        self._row_characters = 0
        return self.number + 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._file.readline(self._max_characters + 1)
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        self._row_characters += len(line)
        if self._row_characters > self._max_characters:
            while line and not line.endswith(("\n", "\r")):
                line = self._file.readline(_DRAIN_CHARACTERS)
            limit = f"{self._max_characters:,} characters"
            raise SourceError(f"is a row of more than {limit}; is a quotation mark in it never closed?")
        return line


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns' names in order, and which of an article's fields they hold."""

    names: tuple[str, ...]
    fields: frozenset[str]

    @classmethod
    def of(cls, header: Sequence[str]) -> _Columns:
        bare = {bare_name(name) for name in header}
        held = (field for field, known in FIELD_NAMES.items() if not bare.isdisjoint(known.split()))
        return cls(tuple(header), frozenset(held))


def _articles(document: Document, lines: _Lines, delimiter: str) -> Iterator[RawArticle | Problem]:
    columns: _Columns | None = None
    in_vain = 0
    for where, row in _rows(document, lines, delimiter):
        if in_vain == _MAX_VAIN:
            yield Problem(document.where, f"has no article in its first {in_vain:,} rows; it is left there")
            return
        try:
            if isinstance(row, SourceError):
                raise row
            if columns is None:
                columns = _known_columns(row)
            else:
                yield _article(document, where, columns, row)
                in_vain = -1
        except SourceError as error:
            yield Problem(where, str(error))
            in_vain += in_vain >= 0
            if columns is None:
                return
    if columns is None:
        yield Problem(document.where, "has no text")


def _rows(document: Document, lines: _Lines, delimiter: str) -> Iterator[tuple[str, list[str] | SourceError]]:
    """Yield each row that is not blank, or what is wrong with it, with the place where it begins."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ROW_CHARACTERS))
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        where = f"{document.where}, line {lines.begin_row()}"
        try:
            row = next(rows, None)
        except SourceError as error:
            yield where, error
            continue
        except csv.Error as error:
            yield where, SourceError(f"is no row of CSV: {error}")
            continue
        if row is None:
            return
        is_for_excel = lines.number == 1 and _EXCEL_DELIMITER.fullmatch(delimiter.join(row))
        if lines.ended:
            yield where, SourceError("begins a quotation mark that is never closed; close it, or double it")
        elif any(cell.strip() for cell in row) and not is_for_excel:
            yield where, row


def _known_columns(header: Sequence[str]) -> _Columns:
    columns = _Columns.of(header)
    if "text" not in columns.fields:
        found = ", ".join(repr(one_line(name)[:40]) for name in header[:_MAX_SHOWN_NAMES])
        raise SourceError(
            f"names no column 'text' (or 'body' or 'content'); it names {found}. The first row must name the columns: "
            f"{', '.join(FIELD_NAMES)}"
        )
    return columns


def _article(document: Document, where: str, columns: _Columns, row: Sequence[str]) -> RawArticle:
    count = len(columns.names)
    if any(cell.strip() for cell in row[count:]):
        counts = f"has {len(row)} fields, the first row {count}"
        raise SourceError(f"{counts}; put a field that holds the delimiter in quotation marks")
    given = zip(reversed(columns.names), reversed([*row[:count], *[""] * (count - len(row))]), strict=True)
    cells: dict[str, str] = known_fields({name: cell for name, cell in given if cell.strip()})
    fields = {field: cell.replace("\ufffd", "") for field, cell in cells.items()}
    if not fields.get("text"):
        raise SourceError("has no text")
    if "authors" in fields:
        fields["authors"] = _unlisted(fields["authors"])
    article = article_from_fields(fields, text=without_markup(fields["text"]), where=where, source=document.name)
    if any("\ufffd" in cell for cell in cells.values()):
        return replace(article, notes=(*article.notes, _LOST_CHARACTERS))
    return article


def _unlisted(authors: str) -> str:
    """Data frames write lists of names as "['Ana Ruiz', 'Tom Hale']"."""
    listed = re.fullmatch(r"\s*\[(.*)\]\s*", authors, re.DOTALL)
    if listed is None:
        return authors
    names = [single or double for single, double in _LISTED_NAME.findall(listed[1])]
    return ", ".join(names) if names else listed[1]
