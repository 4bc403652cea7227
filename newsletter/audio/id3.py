"""A tag of ID3v2.3 with chapters, in front of an MP3: frames CHAP and CTOC of the ID3v2 Chapter Frame Addendum 1.0."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from newsletter.audio.recording import Mark

_UTF_16 = b"\x01"
_NO_OFFSET = 0xFFFFFFFF
_TOP_LEVEL_IN_ORDER = b"\x03"
MOST_CHAPTERS = 255
"""One byte of CTOC counts them."""


def tag(texts: Mapping[str, str], chapters: Sequence[Mark]) -> bytes:
    """The tag: text frames by their names (`TIT2`: title, `TPE1`: who, `TALB`: of what), a table of contents, a frame
    for each chapter.

    Frames stand in the order of ID3v2.3, whose texts are UTF-16; version 2.4 would have UTF-8, and fewer players.
    """
    shown = chapters[:MOST_CHAPTERS]
    frames = [_text_frame(name, text) for name, text in texts.items() if text]
    if shown:
        names = b"".join(_element(number) for number in range(len(shown)))
        contents = b"toc\x00" + _TOP_LEVEL_IN_ORDER + bytes([len(shown)]) + names
        frames.append(_frame("CTOC", contents))
    frames += [_frame("CHAP", _chapter(number, mark)) for number, mark in enumerate(shown)]
    body = b"".join(frames)
    return b"ID3\x03\x00\x00" + _seven_bits(len(body)) + body


def _chapter(number: int, mark: Mark) -> bytes:
    where = struct.pack(">4I", mark.start, mark.end, _NO_OFFSET, _NO_OFFSET)
    link = _frame("WXXX", _UTF_16 + _utf_16("") + mark.url.encode("latin-1", "replace")) if mark.url else b""
    return _element(number) + where + _text_frame("TIT2", mark.title) + link


def _element(number: int) -> bytes:
    return f"chapter{number}".encode("ascii") + b"\x00"


def _text_frame(name: str, text: str) -> bytes:
    return _frame(name, _UTF_16 + _utf_16(text))


def _utf_16(text: str) -> bytes:
    """With its byte order mark, and the two zeros that end it."""
    return b"\xff\xfe" + text.encode("utf-16-le", "replace") + b"\x00\x00"


def _frame(name: str, content: bytes) -> bytes:
    return name.encode("ascii") + struct.pack(">I", len(content)) + b"\x00\x00" + content


def _seven_bits(number: int) -> bytes:
    """Four bytes of seven bits: no byte of the tag's length looks like the beginning of a frame of MP3."""
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
