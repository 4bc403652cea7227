"""Bytes of an XML document -> text that an XML parser reads, however carelessly the document was written."""

from __future__ import annotations

import codecs
import contextlib
import html.entities
import re
from collections.abc import Iterator
from typing import Any

from ingest.text.decoding import decode

_FED_AT_ONCE = 1 << 16
_SNIFFED_BYTES = 400
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})")
_WIDE_STARTS = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
"""What `<` or `<?xml` looks like in encodings that ASCII is no part of (XML 1.0, appendix F)."""

_SEVEN_BIT = ("iso2022", "hz", "utf-7")
"""Their text looks like ASCII, so they have to be tried before UTF-8."""

_NO_ENCODINGS_OF_TEXT = frozenset(
    ["idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"]
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MENDED = re.compile(
    r"(?P<kept><!\[CDATA\[.*?(?:\]\]>|\Z))"
    r"|(?P<comment><!--.*?(?:-->|\Z))"
    r"|&(?!(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:(?P<entity>\w{1,32});)?"
    r"|(?P<less><(?![^\W\d]|[/!?:]))",
    re.DOTALL,
)


_CDATA, _CDATA_ENDS = "<![CDATA[", "]]>"
_CDATA_MARKS = re.compile(r"\]\]\]\]><!\[CDATA\[>|\]\]>|<!\[CDATA\[")
_FIELD_BEGINS = re.compile(r"<(?P<name>[^\s<>/!?]{1,100})(?:\s[^<>]{0,2000})?>\s{0,100}\Z")
_MAX_FIELD_START = 2300


def xml_text(data: bytes, *, charset: str = "") -> str:
    """Decode a document: by its first bytes, by the sender's `charset`, by its own declaration, or by the best guess.

    What XML cannot hold is left out. Raises SourceError where the bytes are not text.
    """
    return _NOT_XML.sub("", _decoded(data, charset)).lstrip("\ufeff")


def mended(text: str) -> str:
    """Return XML text without comments, where each `&` begins something known and each `<` that is none is escaped.

    Entities of HTML become characters; those of a document type are never resolved, so none can grow.
    """
    return _MENDED.sub(_mend, _with_nested_cdata_joined(text))


def _with_nested_cdata_joined(text: str) -> str:
    """Make one section of a field whose CDATA holds CDATA: for XML the inner one's end is the end of both."""
    pieces: list[str] = []
    done = 0
    field_ends: dict[str, int] = {}
    begin = text.find(_CDATA)
    while begin >= 0:
        end = text.find(_CDATA_ENDS, begin)
        if end < 0:
            break
        end += len(_CDATA_ENDS)
        if text.find(_CDATA, begin + 1, end) > 0:
            section = text[begin : _end_of_field(text, begin, field_ends)].rstrip()
            if section.endswith(_CDATA_ENDS) and len(section) >= end - begin:
                pieces += [text[done:begin], _CDATA, _CDATA_MARKS.sub("", section), _CDATA_ENDS]
                done = end = begin + len(section)
        begin = text.find(_CDATA, end)
    return "".join([*pieces, text[done:]])


def _end_of_field(text: str, begin: int, known: dict[str, int]) -> int:
    """Return where the field ends that begins right before a place; the place itself where none does."""
    field = _FIELD_BEGINS.search(text[max(0, begin - _MAX_FIELD_START) : begin])
    if field is None:
        return begin
    if known.get(field["name"], begin) <= begin:
        found = text.find(f"</{field['name']}", begin)
        known[field["name"]] = found if found >= 0 else len(text)
    return known[field["name"]]


def parsed(text: str, target: Any) -> Iterator[None]:
    """Report to `target` (see lxml's parser targets) what the text holds, in pieces; yields after each piece.

    `text` begins with its outermost element: without a document type no entity can be declared, nor anything fetched.
    No tree is built. What is broken beyond reading ends the document.
    """
    from lxml import etree

    # lxml-stubs knows only the booleans; "internal" (lxml 5) leaves external entities alone.
    entities: Any = "internal"
    parser = etree.XMLParser(
        target=target, encoding="utf-8", recover=True, resolve_entities=entities, no_network=True, huge_tree=False
    )
    try:
        for start in range(0, len(text), _FED_AT_ONCE):
            parser.feed(text[start : start + _FED_AT_ONCE].encode())
            yield
        parser.close()
    except etree.XMLSyntaxError:
        target.close()
    yield


def _decoded(data: bytes, charset: str) -> str:
    for start, encoding in _WIDE_STARTS:
        if data.startswith(start):
            return data.decode(encoding, errors="replace")
    declared = _DECLARED.search(data[:_SNIFFED_BYTES])
    encoding = _known(charset) or _known(declared[1].decode("ascii", "ignore") if declared else "")
    if encoding.startswith(_SEVEN_BIT):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding)
    has_mark = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE))
    return decode(data if has_mark else data.replace(b"\0", b""), declared=encoding)


def _known(name: str) -> str:
    """Return the encoding's own name, empty where it is none of text."""
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return ""
    return "" if found.replace("_", "-") in _NO_ENCODINGS_OF_TEXT else found


def _mend(found: re.Match[str]) -> str:
    if found["kept"]:
        return found["kept"]
    if found["comment"]:
        return ""
    if found["less"]:
        return "&lt;"
    shown = html.entities.html5.get(f"{found['entity']};") if found["entity"] else None
    return "".join(f"&#{ord(character)};" for character in shown) if shown else f"&amp;{found.group()[1:]}"
