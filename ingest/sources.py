"""Files and folders, in order, each with the reader that knows its format."""

from __future__ import annotations

import json
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.decoding import BINARY, is_binary
from ingest.html_reader import HtmlReader
from ingest.jsonl_reader import JsonlReader
from ingest.markdown_reader import MarkdownReader
from ingest.readers import ArticleReader
from ingest.report import Problem, Skipped
from ingest.text_reader import TextReader

TEXT, MARKDOWN, HTML, JSONL = TextReader(), MarkdownReader(), HtmlReader(), JsonlReader()
READERS: tuple[ArticleReader, ...] = (TEXT, MARKDOWN, HTML, JSONL)
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head")
_SNIFFED_BYTES = 4096


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that one of the readers takes."""

    path: Path
    reader: ArticleReader


def files_of(sources: Sequence[str | Path]) -> Iterator[SourceFile | Problem | Skipped]:
    """Yield the files of the sources in the order given, those of a folder sorted by name and with its folders' files.

    Hidden files are left out; other files in a folder that no reader takes are skipped, one line a kind. A file that is
    named itself is read whatever its name, where its content shows the format.
    """
    for source in sources:
        path = Path(source)
        try:
            kind = path.stat().st_mode
        except (OSError, ValueError) as error:
            yield _unreachable(str(source), error)
            continue
        if stat.S_ISDIR(kind):
            yield from _files_in(path)
        elif not stat.S_ISREG(kind):
            yield Problem(str(source), "is neither a file nor a folder")
        else:
            yield _named_file(path)


def _unreachable(where: str, error: OSError | ValueError) -> Problem:
    if isinstance(error, PermissionError):
        return Problem(where, "cannot be read: permission denied")
    if isinstance(error, OSError) and not isinstance(error, FileNotFoundError) and error.strerror:
        return Problem(where, f"cannot be read: {error.strerror.lower()}")
    return Problem(where, "does not exist")


def _named_file(path: Path) -> SourceFile | Problem:
    try:
        with path.open("rb") as file:
            head = file.read(_SNIFFED_BYTES)
    except OSError as error:
        return _unreachable(str(path), error)
    reader = reader_by_content(path, head) or reader_by_name(path)
    if reader:
        return SourceFile(path, reader)
    if is_binary(head):
        return Problem(str(path), BINARY)
    return Problem(str(path), f"is of a kind that Newsdesk does not read; it reads {_known_suffixes()}")


def reader_by_name(path: Path) -> ArticleReader | None:
    """Return the reader that takes files of such a name."""
    return next((reader for reader in READERS if reader.accepts(path)), None)


def reader_by_content(path: Path, head: bytes) -> ArticleReader | None:
    """Return the reader for what a file's first bytes show, where its name says nothing or plain text."""
    if reader_by_name(path) not in (None, TEXT):
        return None
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.lower().startswith(_HTML_STARTS):
        return HTML
    if start.startswith(b"{") and _begins_with_json_line(start):
        return JSONL
    is_prose = bool(start) and not is_binary(head) and not start.startswith((b"{", b"[", b"<?xml"))
    return TEXT if is_prose and not path.suffix else None


def _begins_with_json_line(start: bytes) -> bool:
    line, line_break, _ = start.partition(b"\n")
    if not line_break and len(line) > _SNIFFED_BYTES // 2:
        return line.startswith(b'{"')
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _known_suffixes() -> str:
    return ", ".join(suffix for reader in READERS for suffix in reader.suffixes)


def _files_in(folder: Path) -> Iterator[SourceFile | Problem | Skipped]:
    skipped: Counter[str] = Counter()
    found = False
    for entry in _walk(folder, seen=set()):
        if isinstance(entry, Problem):
            yield entry
        elif reader := reader_by_name(entry):
            found = True
            yield SourceFile(entry, reader)
        else:
            skipped[entry.suffix.lower() or "no suffix"] += 1
    for suffix, count in sorted(skipped.items()):
        yield Skipped(str(folder), f"{count} file{'s' * (count > 1)} ({suffix}) of a kind that Newsdesk does not read")
    if not found:
        yield Problem(str(folder), f"holds no files that Newsdesk reads ({_known_suffixes()})")


def _walk(folder: Path, *, seen: set[tuple[int, int]]) -> Iterator[Path | Problem]:
    """Yield the regular files below the folder, sorted; a folder reached twice, as through links, only once."""
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen:
            return
        seen.add((status.st_dev, status.st_ino))
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield _unreachable(str(folder), error)
        return
    for name in names:
        path = folder / name
        if name.startswith((".", "__")):
            continue
        try:
            kind = path.stat().st_mode
        except OSError as error:
            yield _unreachable(str(path), error)
            continue
        if stat.S_ISDIR(kind):
            yield from _walk(path, seen=seen)
        elif stat.S_ISREG(kind):
            yield path
