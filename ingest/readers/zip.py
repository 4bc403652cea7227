"""ZIP archives: their files one by one, read in place. Nothing is ever written under a name that an archive gives."""

from __future__ import annotations

import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import BinaryIO, cast

from ingest.report import Problem, Skipped
from ingest.text.unicode import one_line
from ingest.types import Document, Limits
from rag.errors import SourceError

SEPARATOR = " › "  # noqa: RUF001
"""Stands between an archive and its file where problems are named."""

MAX_MEMBERS = 100_000
MAX_DIRECTORY_BYTES = 16_000_000
"""An archive's directory is read at once; this is room for 100,000 names of 110 bytes, and for 250 MB of bad will."""

MAX_EXPANSION = 200
"""Deflated zeros expand 1,032-fold; text of much repetition, such as logs, stays below a hundred."""

MAX_TOTAL_BYTES = 100_000_000_000
MAX_SHOWN_NAME = 300
_SMALL_BYTES = 1_000_000
"""Up to this size a file may expand as it likes, and stays in memory."""

_COMPRESSIONS = frozenset([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
"""bzip2 and LZMA turn a block of a few kilobytes into gigabytes before anything can stop them."""

_ENCRYPTED_FLAG = 0x1
_LOCAL_HEADER_BYTES = 30
_DRIVE = re.compile(r"[A-Za-z]:")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OverflowError)
"""What `zipfile` raises for damaged archives."""


def zip_members(document: Document, limits: Limits) -> Iterator[Document | Problem | Skipped]:
    """Yield the archive's files sorted by name, a problem for each that is refused; hidden files are left out.

    The bytes of a file are bounded by `limits`; opening one that is larger or damaged raises SourceError. A file can be
    opened while the iteration stands at it, and afterwards. Archives inside archives are not opened.
    Raises OSError where the archive itself cannot be read.
    """
    try:
        with _opened(document) as archive:
            infos = archive.infolist()
            if refusal := _refusal_of_archive(infos):
                yield Problem(document.where, refusal)
                return
            for info in sorted(infos, key=lambda info: (info.filename, info.header_offset)):
                member = _member(document, archive, info, limits)
                if member is not None:
                    yield member
    except SourceError as error:
        yield Problem(document.where, str(error))


@contextmanager
def _opened(document: Document) -> Iterator[zipfile.ZipFile]:
    """Open the archive; raises SourceError where its directory cannot be read."""
    with ExitStack() as stack:
        file = stack.enter_context(document.open())
        try:
            archive = stack.enter_context(zipfile.ZipFile(_BoundedReads(file)))
        except _DAMAGE as error:
            raise SourceError("is damaged, or no ZIP archive; make it anew") from error
        yield archive


class _BoundedReads:
    """A stream that refuses to hold more at once than a directory may have, whatever size an archive claims."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1, /) -> bytes:
        """Read like a file; raises SourceError where more is asked for or there."""
        data = self._file.read(min(size, MAX_DIRECTORY_BYTES + 1) if size >= 0 else MAX_DIRECTORY_BYTES + 1)
        if len(data) > MAX_DIRECTORY_BYTES:
            raise SourceError("has a directory that is too large; unpack it and give the folder")
        return data


def _refusal_of_archive(infos: Sequence[zipfile.ZipInfo]) -> str:
    """Say why nothing in the archive is read; empty where its files can be looked at.

    The directory's sizes bound what can come out: `zipfile` gives no more of a file than its entry says.
    """
    if len(infos) > MAX_MEMBERS:
        return f"holds more than {MAX_MEMBERS:,} files; unpack it and give the folder"
    if sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        return f"unpacks to more than {MAX_TOTAL_BYTES // 1_000_000_000} GB; unpack it and give the folder"
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            return "has files that share their bytes, as a decompression bomb does; make it anew"
        end = info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size
    return "" if any(not _is_folder(info) for info in infos) else "holds no files"


def _is_folder(info: zipfile.ZipInfo) -> bool:
    """Like `ZipInfo.is_dir`, which fails where there is no name."""
    return info.filename.endswith("/")


def _member(
    document: Document, archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits
) -> Document | Problem | Skipped | None:
    if _is_folder(info):
        return None
    # The name as it is stored: `filename` ends at a NUL. Old Windows programs part folders by backslashes.
    name = info.orig_filename.replace("\\", "/")
    where = f"{document.where}{SEPARATOR}{one_line(name, at_most=MAX_SHOWN_NAME)}"
    if refusal := _refusal_of_name(name) or _refusal_of_content(info, limits):
        return Problem(where, refusal)
    parts = name.split("/")
    if any(part.startswith((".", "__")) for part in parts):
        return None
    if (kind := stat.S_IFMT(info.external_attr >> 16)) not in (0, stat.S_IFREG):
        return Skipped(where, "is a link" if kind == stat.S_IFLNK else "is no ordinary file")
    opener = partial(_spooled_member, document, archive, info, where)
    return Document(where=where, name=one_line(parts[-1])[-MAX_SHOWN_NAME:].lstrip(), opener=opener)


def _refusal_of_name(name: str) -> str:
    """Names are only shown and never opened; but an archive that holds such a name was made to do harm."""
    if not name or "\0" in name or name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        return "has a name that leads out of the archive; it is left out"
    return ""


def _refusal_of_content(info: zipfile.ZipInfo, limits: Limits) -> str:
    if info.flag_bits & _ENCRYPTED_FLAG:
        return "is encrypted; unpack it with its password and give the file"
    if info.compress_type not in _COMPRESSIONS:
        return "is compressed in a way that Newsdesk does not read; unpack it and give the file"
    if info.filename.lower().endswith(".zip"):
        return "is an archive inside an archive; unpack it and give it by itself"
    if info.file_size > limits.max_bytes:
        return limits.sentence
    if info.file_size > max(_SMALL_BYTES, info.compress_size * MAX_EXPANSION):
        return f"expands more than {MAX_EXPANSION}-fold, as a decompression bomb does; it is left out"
    return ""


def _spooled_member(document: Document, archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> BinaryIO:
    """Unpack one file into a temporary one that has no name; raises SourceError where it is damaged.

    No more comes out than the directory says, and what it says was held against the limit.
    """
    with ExitStack() as stack:
        if archive.fp is None:
            archive = stack.enter_context(_opened(document))
        try:
            stream = stack.enter_context(archive.open(info))
            with ExitStack() as unless_whole:
                copy = unless_whole.enter_context(tempfile.SpooledTemporaryFile(max_size=_SMALL_BYTES))
                shutil.copyfileobj(stream, copy)
                copy.seek(0)
                unless_whole.pop_all()
            return cast(BinaryIO, copy)
        except _DAMAGE as error:
            raise SourceError("is damaged; make the archive anew", where=where) from error
