"""Bytes of a text file -> text, or the sentence that says why not."""

# ruff: noqa: RUF001  (letters and marks of many languages)

from __future__ import annotations

import codecs
import contextlib

from ingest.types import Document, Limits
from rag.errors import SourceError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF", b"BZh",
    b"\xfd7zXZ",
    b"Rar!", b"{\\rtf", b"ID3", b"OggS", b"RIFF", b"\xd0\xcf\x11\xe0", b"SQLite format 3",
)  # fmt: skip
_WESTERN = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüÿœßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒ‘’“”‚„«»‹›–—…•·¡¿§°€£©®™½¼ºª\xa0\xad")
_MAX_WESTERN_ACCENTS = 0.2
_GUESS_FROM_BYTES = 100_000
_MAX_BROKEN_SHARE = 0.1
BINARY = "looks like a binary file; give it as text, Markdown, HTML or JSONL"


def read_text(document: Document, limits: Limits) -> str:
    """Read and decode a whole file; raises SourceError where it is too large, binary or in no known encoding."""
    return decode(document.read(limits), declared=document.charset)


def decode(data: bytes, *, declared: str = "") -> str:
    """Decode text: by its byte order mark, as UTF-8, by the declared encoding, or by the best guess.

    Raises SourceError where the bytes are not text. A UTF-8 file with a few broken bytes stays UTF-8 and loses those.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace").removeprefix("\ufeff")
    if is_binary(data):
        raise SourceError(BINARY)
    for encoding in ("utf-8", _web_encoding(declared)):
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            return data.decode(encoding)
    return _mostly_utf8(data) or _western(data) or _guessed(data)


def is_binary(data: bytes) -> bool:
    """Whether bytes without a byte order mark are no text: a known file type, or holding NUL."""
    return data.startswith(_MAGIC) or b"\0" in data


def _web_encoding(declared: str) -> str:
    """Browsers read what calls itself Latin-1 or ASCII as Windows-1252 (WHATWG Encoding Standard)."""
    name = declared.strip().lower()
    return "cp1252" if name in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii") else name or "utf-8"


def _mostly_utf8(data: bytes) -> str:
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    beyond_ascii = sum(character > "\x7f" for character in text)
    return text.replace("\ufffd", "") if broken <= beyond_ascii * _MAX_BROKEN_SHARE else ""


def _western(data: bytes) -> str:
    """Decode as Windows-1252 where that gives what Western European text is made of, else return an empty string.

    Statistical guessing takes short Western texts for Baltic or Central European ones.
    """
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    beyond_ascii = [character for character in text if character > "\x7f"]
    is_sparse = len(beyond_ascii) <= len(text) * _MAX_WESTERN_ACCENTS
    return text if is_sparse and _WESTERN.issuperset(beyond_ascii) else ""


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    sample = data[:_GUESS_FROM_BYTES]
    guess = from_bytes(sample).best()
    if guess is None:
        raise SourceError("is in an encoding that cannot be told; save it as UTF-8")
    return data.decode(guess.encoding, errors="replace").replace("\ufffd", "")
