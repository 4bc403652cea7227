"""JSON: files of lines, plain or gzipped, read line by line however large they are, and whole documents."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from typing import IO, Any, BinaryIO, cast

from ingest.metadata.canonical_url import canonical_url
from ingest.metadata.exported_fields import known_fields, name_in, text_in
from ingest.metadata.exported_records import records_in
from ingest.metadata.named_fields import article_from_fields
from ingest.readers.base import BySuffix
from ingest.report import Problem
from ingest.text.decoding import read_text
from ingest.text.inline_html import without_markup
from ingest.text.unicode import one_line
from ingest.types import Document, Limits, Link, RawArticle
from rag.errors import SourceError

_UTF8_MARK = b"\xef\xbb\xbf"
_DRAIN_BYTES = 1 << 20
_GZIP_MARK = b"\x1f\x8b"
_MAX_VAIN = 1000
"""So many lines of which none is an article say that the file has none; each would be a line of the report."""


class JsonlReader(BySuffix):
    """`.jsonl` and `.ndjson`, each also with `.gz`."""

    name: str = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Link | Problem]:
        """See `ArticleReader`. A line that is no article is a problem with its number; the others go in.

        A line may hold several: a list, or what a program's interface replied.
        """
        number, filled, is_vain = 0, 0, True
        try:
            with document.open() as stored, _unpacked(document, stored) as file:
                while line := file.readline(limits.max_bytes + 1):
                    number += 1
                    if len(line) > limits.max_bytes:
                        _drain(file, line)
                        yield Problem(_where(document, number), limits.sentence)
                    elif line.strip():
                        for found in _found_in(document, number, line):
                            is_vain = is_vain and isinstance(found, Problem)
                            yield found
                    filled += bool(line.strip())
                    if is_vain and filled == _MAX_VAIN:
                        yield Problem(document.where, f"has no article in its first {filled:,} lines; it is left there")
                        return
        except (gzip.BadGzipFile, EOFError, zlib.error):
            yield _damaged(document, number + 1)
        else:
            if not filled:
                yield Problem(document.where, "has no text; write one article a line, as a JSON object with a 'text'")


class JsonReader(BySuffix):
    """`.json`: one article, a list of them, or what a program's interface replied."""

    name: str = "json"
    suffixes: tuple[str, ...] = (".json",)

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Link | Problem]:
        """See `ArticleReader`. A record that is no article is a problem with its number; the others go in."""
        try:
            value = _value(read_text(document, limits), "the file")
        except SourceError as error:
            yield Problem(document.where, str(error))
            return
        yield from _articles(document, document.where, records_in(value))


def _found_in(document: Document, number: int, line: bytes) -> Iterator[RawArticle | Link | Problem]:
    where = _where(document, number)
    try:
        value = _value(line.removeprefix(_UTF8_MARK) if number == 1 else line, "the line")
    except SourceError as error:
        yield Problem(where, str(error))
        return
    yield from _articles(document, where, records_in(value))


def _articles(document: Document, where: str, records: list[Any]) -> Iterator[RawArticle | Link | Problem]:
    if not records:
        yield Problem(where, "holds no article")
    is_vain = True
    for number, record in enumerate(records, start=1):
        if is_vain and number > _MAX_VAIN:
            yield Problem(where, f"has no article among its first {_MAX_VAIN:,} records; it is left there")
            return
        place = f"{where}, article {number}" if len(records) > 1 else where
        try:
            fields = _fields(record)
        except SourceError as error:
            yield Problem(place, str(error))
            continue
        is_vain = False
        if "text" in fields:
            text = text_in(fields["text"]) or ""
            yield article_from_fields(fields, text=without_markup(text), where=place, source=document.name)
        else:
            yield Link(where=place, url=fields["url"])


def _where(document: Document, number: int) -> str:
    return f"{document.where}, line {number}"


def _damaged(document: Document, number: int) -> Problem:
    if not document.head(len(_GZIP_MARK)).startswith(_GZIP_MARK):
        return Problem(document.where, "is not gzip, as its name says; take the .gz off its name, or compress it")
    return Problem(
        _where(document, number),
        "the gzip file is damaged from here, the lines before went in; make or fetch the file anew",
    )


def _unpacked(document: Document, stored: BinaryIO) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(stored, "rb")) if document.name.lower().endswith(".gz") else stored


def _drain(file: IO[bytes], line: bytes) -> None:
    """Read on to the end of a line that is too long to be held."""
    while line and not line.endswith(b"\n"):
        line = file.readline(_DRAIN_BYTES)


def _value(content: bytes | str, what: str) -> object:
    try:
        return json.loads(content if isinstance(content, str) else content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SourceError("is not UTF-8; save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        fault = error.msg.lower().removesuffix(" at")
        is_lines = what == "the file" and error.msg == "Extra data" and _ends_a_line(error.doc[: error.pos])
        remedy = "it is JSON lines: rename it .jsonl" if is_lines else f"correct {what}"
        raise SourceError(f"is not valid JSON: {fault} at character {error.pos + 1}; {remedy}") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"is not JSON that can be read: too large a number or too deep; correct {what}") from error


def _ends_a_line(read: str) -> bool:
    """Whether what was read is one line, whole."""
    return "\n" in read[len(read.rstrip()) :] and "\n" not in read.strip()


def _fields(record: object) -> dict[str, Any]:
    """Return the fields of an article under their own names, of one without a text its address; raises `SourceError`
    where it has neither.
    """
    if not isinstance(record, dict):
        raise SourceError("is not a JSON object; write the article's fields as one, with a 'text'")
    known = known_fields(record)
    if "text" in known or record.get("text") == "":
        return {"text": "", **known}
    if record.get("text") is not None:
        raise SourceError("has a field 'text' that is not text; put the article's text there")
    url = name_in(known.get("url"))
    if address := canonical_url(one_line(url)) if isinstance(url, str) else "":
        return {"url": address}
    raise SourceError("has no field 'text'; name the article's text so")
