"""JSONL files, plain or gzipped: one article a line, read line by line, however large the file."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from typing import IO, Any, BinaryIO, cast

from ingest.metadata.exported_fields import known_fields, text_in
from ingest.metadata.named_fields import article_from_fields
from ingest.readers.base import BySuffix
from ingest.report import Problem
from ingest.text.inline_html import without_markup
from ingest.types import Document, Limits, RawArticle
from rag.errors import SourceError

_UTF8_MARK = b"\xef\xbb\xbf"
_DRAIN_BYTES = 1 << 20
_GZIP_MARK = b"\x1f\x8b"


class JsonlReader(BySuffix):
    """`.jsonl` and `.ndjson`, each also with `.gz`."""

    name: str = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Problem]:
        """See `ArticleReader`. A line that is no article is a problem with its number; the others go in."""
        number, is_empty = 0, True
        try:
            with document.open() as stored, _unpacked(document, stored) as file:
                while line := file.readline(limits.max_bytes + 1):
                    number += 1
                    if len(line) > limits.max_bytes:
                        _drain(file, line)
                        yield Problem(_where(document, number), limits.sentence)
                    elif line.strip():
                        yield self._article(document, number, line)
                    is_empty = is_empty and not line.strip()
        except (gzip.BadGzipFile, EOFError, zlib.error):
            yield _damaged(document, number + 1)
        else:
            if is_empty:
                yield Problem(document.where, "has no text; write one article a line, as a JSON object with a 'text'")

    def _article(self, document: Document, number: int, line: bytes) -> RawArticle | Problem:
        where = _where(document, number)
        try:
            fields = _fields(line.removeprefix(_UTF8_MARK) if number == 1 else line)
        except SourceError as error:
            return Problem(where, str(error))
        return article_from_fields(fields, text=without_markup(fields["text"]), where=where, source=document.name)


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


def _fields(line: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SourceError("is not UTF-8; save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        fault = error.msg.lower().removesuffix(" at")
        raise SourceError(f"is not valid JSON: {fault} at character {error.pos + 1}; correct the line") from error
    except (ValueError, RecursionError) as error:
        raise SourceError("is not JSON that can be read: too large a number or too deep; correct the line") from error
    if not isinstance(fields, dict):
        raise SourceError("is not a JSON object; write the article's fields as one, with a 'text'")
    known = known_fields(fields)
    if "text" not in known and fields.get("text") not in (None, ""):
        raise SourceError("has a field 'text' that is not text; put the article's text there")
    if "text" not in known and fields.get("text") is None:
        raise SourceError("has no field 'text'; name the article's text so")
    return {**known, "text": text_in(known.get("text")) or ""}
