"""The seam for formats: what a reader takes and gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from ingest.report import Problem
from rag.settings import Settings
from rag.types import DatePrecision

if TYPE_CHECKING:
    from ingest.documents import Document


@dataclass(frozen=True, kw_only=True, slots=True)
class RawArticle:
    """An article as its source gives it, before cleaning; what the source does not say is empty.

    `given_id` is an id of the source's own and `source` the name of that source. `notes` are problems that did not keep
    the article out.
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
    notes: tuple[str, ...] = ()


def completed(page: RawArticle, entry: RawArticle) -> RawArticle:
    """Fill what a page leaves unsaid from what its feed says of it; a bare host name is no outlet's name."""
    is_named = page.outlet and page.outlet.lower().removeprefix("www.") not in page.url.lower()
    return replace(
        page,
        title=page.title or entry.title,
        outlet=page.outlet if is_named else entry.outlet or page.outlet,
        url=page.url or entry.url,
        published=page.published or entry.published,
        precision=page.precision if page.published else entry.precision,
        authors=page.authors or entry.authors,
        language=page.language or entry.language,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much a reader holds in memory at once: a whole file, or one line of a file of lines."""

    max_mb: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Take the limits from the settings."""
        return cls(max_mb=settings.max_file_mb)

    @property
    def max_bytes(self) -> int:
        """The limit in bytes."""
        return self.max_mb * 1_000_000

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


class ArticleReader(Protocol):
    """Reads one format."""

    name: str
    suffixes: tuple[str, ...]

    def accepts(self, name: str) -> bool:
        """Whether a file of this name is in this format."""

    def read(self, document: Document, limits: Limits) -> Iterator[RawArticle | Link | Problem]:
        """Yield the document's articles one by one, a link for each that lies elsewhere, a problem for what is unread.

        Raises OSError where the document itself cannot be read.
        """


class BySuffix:
    """Accepts a file by the end of its name, whatever the case."""

    suffixes: tuple[str, ...] = ()

    def accepts(self, name: str) -> bool:
        """See `ArticleReader`."""
        return name.lower().endswith(self.suffixes)
