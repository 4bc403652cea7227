"""What is named on the command line -> documents, each with the reader that knows its format."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from ingest.readers.base import ArticleReader
from ingest.readers.registry import SNIFFED_BYTES, ZIP, Format, ZipFormat, format_of, known_suffixes
from ingest.readers.zip import zip_members
from ingest.report import Problem, Skipped
from ingest.text.decoding import BINARY, is_binary
from ingest.types import Document, Limits

STANDARD_INPUT = "-"
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Readable:
    """A document that one of the readers takes."""

    document: Document
    reader: ArticleReader


def is_web_address(source: str | Path) -> bool:
    """Whether a source is to be fetched."""
    return isinstance(source, str) and source.lower().startswith(_WEB)


def documents_of(
    sources: Sequence[str | Path],
    limits: Limits,
    *,
    forced: Format | None = None,
    opened: Callable[[Path], BinaryIO] | None = None,
) -> Iterator[Readable | Problem | Skipped]:
    """Yield what the files and folders hold in the order given, a folder's files sorted by name, ZIP archives unpacked.

    Hidden files are left out; other files in a folder that no reader takes are skipped, one line a kind. A file that is
    named itself is read whatever its name, where its content shows the format; `forced` settles the format of all.
    `opened` opens a file (to follow how far it has been read).
    """
    open_file = opened or (lambda path: path.open("rb"))
    for source in sources:
        path = Path(source)
        if not str(source):
            # Path("") is the working folder: an unset variable of a script must not read all of it.
            yield Problem("''", "is an empty name; name a file, a folder or an address")
            continue
        try:
            kind = path.stat().st_mode
        except (OSError, ValueError) as error:
            yield _unreachable(str(source), error)
            continue
        if stat.S_ISDIR(kind):
            yield from _in_folder(path, limits, forced, open_file)
        elif not stat.S_ISREG(kind):
            yield Problem(str(source), "is neither a file nor a folder")
        else:
            yield from named_document(_file(path, open_file), limits, forced=forced)


def named_document(
    document: Document, limits: Limits, *, forced: Format | None = None, media_type: str = ""
) -> Iterator[Readable | Problem | Skipped]:
    """Yield a document that somebody named or a server sent, or what a ZIP archive holds."""
    try:
        found = forced or format_of(document, media_type=media_type)
        if found is not None:
            yield from _readable(document, found, limits)
            return
        head = document.head(SNIFFED_BYTES)
    except OSError as error:
        yield _unreachable(document.where, error)
        return
    if not head.strip():
        yield Problem(document.where, "has no text")
    elif is_binary(head):
        yield Problem(document.where, BINARY)
    else:
        yield Problem(
            document.where,
            f"is of a kind that Newsdesk does not read; it reads {known_suffixes()}, and --format names one",
        )


def sizes_of(sources: Sequence[str | Path]) -> int | None:
    """Return the bytes of all files that the sources name, for a progress bar; None where a source is no file."""
    total = 0
    for source in sources:
        path = Path(source)
        if not str(source) or source == STANDARD_INPUT or is_web_address(source):
            return None
        if path.is_dir():
            total += sum(entry.stat().st_size for entry in _walk(path, seen=set()) if isinstance(entry, Path))
        elif path.is_file():
            total += path.stat().st_size
    return total


def _file(path: Path, open_file: Callable[[Path], BinaryIO]) -> Document:
    return replace(Document.of_file(path), opener=lambda: open_file(path))


def _unreachable(where: str, error: OSError | ValueError) -> Problem:
    if isinstance(error, PermissionError):
        return Problem(where, "cannot be read: permission denied")
    if isinstance(error, OSError) and not isinstance(error, FileNotFoundError) and error.strerror:
        return Problem(where, f"cannot be read: {error.strerror.lower()}")
    return Problem(where, "does not exist")


def _readable(document: Document, found: Format, limits: Limits) -> Iterator[Readable | Problem | Skipped]:
    if not isinstance(found, ZipFormat):
        yield Readable(document, found)
        return
    skipped: Counter[str] = Counter()
    for member in zip_members(document, limits):
        if not isinstance(member, Document):
            yield member
            continue
        inner = format_of(member, is_named=False)
        if inner is None or inner is ZIP or isinstance(inner, ZipFormat):
            skipped[Path(member.name).suffix.lower() or "no suffix"] += 1
        else:
            yield Readable(member, inner)
    yield from _skipped_kinds(document.where, skipped)


def _in_folder(
    folder: Path, limits: Limits, forced: Format | None, open_file: Callable[[Path], BinaryIO]
) -> Iterator[Readable | Problem | Skipped]:
    skipped: Counter[str] = Counter()
    found = False
    for entry in _walk(folder, seen=set()):
        if isinstance(entry, Problem):
            yield entry
            continue
        document = _file(entry, open_file)
        try:
            kind = forced or format_of(document, is_named=False)
        except OSError as error:
            yield _unreachable(document.where, error)
            continue
        if kind is None:
            skipped[entry.suffix.lower() or "no suffix"] += 1
        else:
            found = True
            yield from _readable(document, kind, limits)
    yield from _skipped_kinds(str(folder), skipped)
    if not found:
        yield Problem(str(folder), f"holds no files that Newsdesk reads ({known_suffixes()})")


def _skipped_kinds(where: str, skipped: Counter[str]) -> Iterator[Skipped]:
    for suffix, count in sorted(skipped.items()):
        yield Skipped(where, f"{count} file{'s' * (count > 1)} ({suffix}) of a kind that Newsdesk does not read")


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
