"""The formats that Newsdesk reads, and how one is told from a name, a media type or the first bytes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from ingest.metadata.exported_records import names_articles
from ingest.readers.base import ArticleReader
from ingest.readers.csv import CsvReader
from ingest.readers.docx import DocxReader
from ingest.readers.feed.reader import FeedReader, looks_like_feed
from ingest.readers.feed.sitemap import SitemapReader, looks_like_sitemap
from ingest.readers.html.reader import HtmlReader
from ingest.readers.jsonl import JsonlReader, JsonReader
from ingest.readers.mail import EmlReader, MboxReader
from ingest.readers.markdown import MarkdownReader
from ingest.readers.pdf import PdfReader
from ingest.readers.plain_text import TextReader
from ingest.readers.rtf import RICH_TEXT, RtfReader
from ingest.text.decoding import is_binary
from ingest.types import Document
from rag.errors import UsageError

TEXT, HTML, JSONL, PDF, DOCX, RTF = TextReader(), HtmlReader(), JsonlReader(), PdfReader(), DocxReader(), RtfReader()
FEED, SITEMAP, MBOX, JSON = FeedReader(), SitemapReader(), MboxReader(), JsonReader()
READERS: tuple[ArticleReader, ...] = (
    TEXT, MarkdownReader(), HTML, JSONL, JSON, CsvReader(), PDF, DOCX, RTF, EmlReader(), MBOX, FEED, SITEMAP,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ZipFormat:
    """ZIP archives: no articles of their own, but documents that are read each by its reader."""

    name: str = "zip"
    suffixes: tuple[str, ...] = (".zip",)


ZIP = ZipFormat()
Format = ArticleReader | ZipFormat
FORMATS: tuple[Format, ...] = (*READERS, ZIP)

SNIFFED_BYTES = 4096
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head")
_SNIFFED_SUFFIXES = (".xml", ".xml.gz")
_FIELD_NAME = re.compile(r'"([\w@ -]{1,40})"\s*:')
_MEDIA_TYPES: dict[str, str] = {
    "text/html": "html", "application/xhtml+xml": "html",
    "application/rss+xml": "feed", "application/atom+xml": "feed", "application/rdf+xml": "feed",
    "application/feed+json": "feed",
    "application/pdf": "pdf", "application/x-pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/rtf": "rtf", "text/rtf": "rtf", "text/richtext": "rtf",
    "text/markdown": "markdown", "text/x-markdown": "markdown",
    "text/csv": "csv", "text/tab-separated-values": "csv",
    "application/jsonl": "jsonl", "application/x-ndjson": "jsonl", "application/ndjson": "jsonl",
    "message/rfc822": "eml", "application/mbox": "mbox",
    "application/zip": "zip", "application/x-zip-compressed": "zip",
}  # fmt: skip
"""What servers say truthfully; `text/plain`, `text/xml` and `application/octet-stream` leave it to the content."""


def format_named(name: str) -> Format:
    """Return the format that `--format` names; raises UsageError with the known names."""
    found = {known.name: known for known in FORMATS}.get(name.strip().lower())
    if found is None:
        names = ", ".join(known.name for known in FORMATS)
        raise UsageError(f"no format {name!r}; Newsdesk reads {names}")
    return found


def format_of(document: Document, *, media_type: str = "", is_named: bool = True) -> Format | None:
    """Return a document's format from what its sender says, its name and its first bytes; None where none fits.

    `is_named` says that somebody named this very document: then the content of a file without a suffix counts, too. A
    file of a folder must show its format by its name, or by its name and its content where that can be many things.
    """
    by_name = format_by_name(document.name)
    if _MEDIA_TYPES.get(media_type):
        return format_named(_MEDIA_TYPES[media_type])
    if by_name not in (None, TEXT, JSON):
        return by_name
    if not is_named and by_name is None and not document.name.lower().endswith(_SNIFFED_SUFFIXES):
        return None
    if not is_named and by_name is TEXT:
        return TEXT
    head = document.head(SNIFFED_BYTES)
    if by_name is JSON and not is_named:
        return _by_content(head)
    return _by_content(head) or by_name or (TEXT if _may_be_prose(document.name, head, is_named, media_type) else None)


def format_by_name(name: str) -> Format | None:
    """Return the format of files with such a name."""
    if name.lower().endswith(ZIP.suffixes):
        return ZIP
    return next((reader for reader in READERS if reader.accepts(name)), None)


def known_suffixes() -> str:
    """The endings of names that are read, for messages."""
    return ", ".join(suffix for known in FORMATS for suffix in known.suffixes)


def _by_content(head: bytes) -> Format | None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"%PDF-"):
        return PDF
    if start.startswith(RICH_TEXT):
        return RTF
    if head.startswith(b"PK\x03\x04"):
        return DOCX if b"word/" in head or b"[Content_Types].xml" in head else ZIP
    if looks_like_sitemap(head):
        return SITEMAP
    if looks_like_feed(head):
        return FEED
    if start.lower().startswith(_HTML_STARTS):
        return HTML
    if start.startswith(b"{") and _begins_with_json_line(start):
        return JSONL
    if start.startswith((b"{", b"[")) and names_articles(_FIELD_NAME.findall(head.decode("utf-8", "replace"))):
        return JSON
    if start.startswith(b"From ") and b"\nSubject:" in head:
        return MBOX
    return None


def _may_be_prose(name: str, head: bytes, is_named: bool, media_type: str) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    is_prose = bool(start) and not is_binary(head) and not start.startswith((b"{", b"[", b"<?xml"))
    return is_prose and is_named and ("." not in name or media_type == "text/plain")


def _begins_with_json_line(start: bytes) -> bool:
    line, line_break, _ = start.partition(b"\n")
    if not line_break and len(line) > SNIFFED_BYTES // 2:
        return re.match(rb'\{\s*"', line) is not None
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
