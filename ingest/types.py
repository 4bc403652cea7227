"""What readers read: the bytes of one source, wherever they come from."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from rag.errors import SourceError
from rag.settings import Settings
from rag.types import DatePrecision

_HELD_IN_MEMORY = 1_000_000
_COPIED_AT_ONCE = 1 << 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A file, a member of an archive, a fetched page or standard input.

    `where` is how problems name it, `name` its file name (which tells the format), `url` the address that it was
    fetched from and `charset` the encoding that its sender declared; empty where there is none. `opener` gives a
    seekable stream of the bytes from their beginning, as often as it is called.
    """

    where: str
    name: str
    opener: Callable[[], BinaryIO]
    url: str = ""
    charset: str = ""

    @classmethod
    def of_file(cls, path: Path) -> Document:
        """A file on disk."""
        return cls(where=str(path), name=path.name, opener=lambda: path.open("rb"))

    @classmethod
    def of_bytes(cls, data: bytes, *, where: str, name: str, url: str = "", charset: str = "") -> Document:
        """Bytes that are in memory already."""
        return cls(where=where, name=name, opener=lambda: io.BytesIO(data), url=url, charset=charset)

    def open(self) -> BinaryIO:
        """Open the bytes; the caller closes them. Raises OSError where they cannot be read."""
        return self.opener()

    def read(self, limits: Limits) -> bytes:
        """Return all bytes; raises SourceError where they exceed the limit, OSError where they cannot be read."""
        with self.open() as file:
            data = file.read(limits.max_bytes + 1)
        if len(data) > limits.max_bytes:
            raise SourceError(limits.sentence, where=self.where)
        return data

    def head(self, length: int) -> bytes:
        """Return the first bytes, at most `length`."""
        with self.open() as file:
            return file.read(length)


def spooled(stream: BinaryIO, max_bytes: int) -> BinaryIO:
    """Copy a stream that cannot be read twice into a seekable temporary file, in memory while it is small.

    Raises SourceError where it holds more than `max_bytes`.
    """
    copy = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_HELD_IN_MEMORY))  # noqa: SIM115  (the caller closes it)
    held = 0
    while part := stream.read(_COPIED_AT_ONCE):
        held += len(part)
        if held > max_bytes:
            copy.close()
            raise SourceError(f"is larger than {max_bytes // 1_000_000} MB; raise NEWSDESK_MAX_FILE_MB")
        copy.write(part)
    copy.seek(0)
    return copy


@dataclass(frozen=True, kw_only=True, slots=True)
class RawArticle:
    """An article as its source gives it, before cleaning; what the source does not say is empty.

    `given_id` is an id of the source's own and `source` the name of that source. `part` names one of several articles
    at one address, such as an entry of a live blog. `notes` are problems that did not keep the article out; `left_out`
    says what else its source holds, and is none. `page_starts` are the offsets at which the pages of a PDF begin, and
    `file` is that PDF where it is to be kept.
    """

    where: str
    text: str
    title: str = ""
    outlet: str = ""
    url: str = ""
    published: datetime | None = None
    precision: DatePrecision = "minute"
    authors: tuple[str, ...] = ()
    language: str = ""
    given_id: str = ""
    source: str = ""
    part: str = ""
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    page_starts: tuple[int, ...] = ()
    file: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much a reader holds in memory at once: a whole file, or one line of a file of lines.

    A PDF of at most `keep_pdf_mb` is kept.
    """

    max_mb: int
    keep_pdf_mb: int = 0

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Take the limits from the settings."""
        return cls(max_mb=settings.max_file_mb, keep_pdf_mb=settings.keep_pdf_mb)

    @property
    def max_bytes(self) -> int:
        """The limit in bytes."""
        return self.max_mb * 1_000_000

    @property
    def max_kept_pdf_bytes(self) -> int:
        """The size up to which a PDF is kept, in bytes."""
        return self.keep_pdf_mb * 1_000_000

    @property
    def sentence(self) -> str:
        """What to tell a reader whose file or line is too large."""
        return f"is larger than {self.max_mb} MB; raise NEWSDESK_MAX_FILE_MB"


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """The address of a page that holds an article, as a sitemap or a feed gives it.

    `entry` is what the feed itself says about the article; None where it gives no text. `where` names the place that
    the link stands in.
    """

    where: str
    url: str
    modified: datetime | None = None
    entry: RawArticle | None = None
