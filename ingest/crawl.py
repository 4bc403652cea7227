"""Sources -> raw articles, one by one: files read, addresses fetched, links followed as far as the user asked for."""

from __future__ import annotations

import heapq
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeVar
from urllib.parse import unquote, urlsplit

from ingest.metadata.canonical_url import canonical_url
from ingest.preparing.article_id import article_id
from ingest.readers.base import completed
from ingest.readers.registry import FEED, SITEMAP, Format
from ingest.report import Problem, Skipped
from ingest.sources import STANDARD_INPUT, Readable, documents_of, is_web_address, named_document
from ingest.types import Document, Limits, Link, RawArticle, spooled
from rag.types import Article

if TYPE_CHECKING:
    from ingest.fetching.fetcher import Fetched

MAX_PAGES = 500
_MAX_STANDARD_INPUT_BYTES = 10_000_000_000
_MAX_SITEMAP_DEPTH = 2
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)

_Result = TypeVar("_Result")


class Pages(Protocol):
    """Fetches pages (`ingest.fetching.fetcher.Fetcher`)."""

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched: ...


class HeldArticles(Protocol):
    """What of the archive is asked (`rag.storage.archive.archive.Archive`)."""

    def article(self, article_id: str) -> Article | None: ...


class ProgressListener(Protocol):
    """Receives everything that is no article, and runs what may fail."""

    def add_problem(self, problem: Problem) -> None: ...
    def add_skipped(self, skipped: Skipped) -> None: ...
    def count_held(self, article_id: str) -> None:
        """A link led to an article that the library holds and that has not changed since."""

    def attempt(self, action: Callable[[], _Result], *, where: str) -> _Result | Problem: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What the user chose: `forced` settles every document's format, `follow` fetches the pages that feeds link to.

    At most `max_pages` linked pages are fetched in one run, those that changed last first. `limits` bound a document.
    """

    limits: Limits
    forced: Format | None = None
    follow: bool = False
    max_pages: int = MAX_PAGES


class Crawler:
    """Crawls the sources of one run for their articles.

    `pages` opens the fetcher at the first address that is to be fetched. Once `halt` says so, no further document is
    opened and no further page is fetched. Documents that are `left` to others to read are yielded as they are.
    """

    def __init__(
        self,
        *,
        choices: Choices,
        listener: ProgressListener,
        held: HeldArticles,
        pages: Callable[[], AbstractContextManager[Pages]],
        opened: Callable[[Path], BinaryIO] | None = None,
        halt: Callable[[], bool] = lambda: False,
        left: Callable[[Readable], bool] = lambda readable: False,
    ) -> None:
        self._left = left
        self._limits = choices.limits
        self._choices = choices
        self._listener = listener
        self._held = held
        self._open_pages = pages
        self._opened = opened
        self._halt = halt
        self._door: AbstractContextManager[Pages] | None = None
        self._pages: Pages | None = None
        self._pages_left = choices.max_pages

    def articles(self, sources: Sequence[str | Path]) -> Iterator[RawArticle | Readable]:
        """Yield the articles of the sources, in the order given, and the documents that are left to others."""
        try:
            for source in sources:
                if source == STANDARD_INPUT:
                    yield from self._of_standard_input()
                elif is_web_address(source):
                    yield from self._of_address(str(source))
                else:
                    found = documents_of([source], self._limits, forced=self._choices.forced, opened=self._opened)
                    yield from self._of_documents(found)
        finally:
            if self._door is not None:
                self._door.__exit__(None, None, None)

    def _of_standard_input(self) -> Iterator[RawArticle | Readable]:
        """Copy standard input to a file first: most formats are read from more than one place."""
        where = "standard input"
        with tempfile.TemporaryDirectory(prefix="newsdesk-") as folder:
            copy = Path(folder) / "standard-input"
            copied = self._listener.attempt(lambda: _copy(sys.stdin.buffer, copy), where=where)
            if isinstance(copied, Problem):
                self._listener.add_problem(copied)
                return
            document = Document(where=where, name="standard input", opener=lambda: copy.open("rb"))
            yield from self._of_documents(named_document(document, self._limits, forced=self._choices.forced))

    def _of_address(
        self, url: str, *, entry: RawArticle | None = None, depth: int = 0
    ) -> Iterator[RawArticle | Readable]:
        """Fetch one address and read what it holds; where that fails, what a feed said of it goes in with a note."""
        fetched = self._listener.attempt(lambda: self._fetcher().get(url), where=url)
        if isinstance(fetched, Problem):
            yield from self._instead(fetched, entry)
            return
        name = _name_of(fetched.url)
        document = Document.of_bytes(fetched.data, where=url, name=name, url=fetched.url, charset=fetched.charset)
        found = named_document(document, self._limits, forced=self._choices.forced, media_type=fetched.media_type)
        yield from self._of_documents(found, entry=entry, depth=depth)

    def _of_documents(
        self, found: Iterator[Readable | Problem | Skipped], *, entry: RawArticle | None = None, depth: int = 0
    ) -> Iterator[RawArticle | Readable]:
        for document in found:
            if isinstance(document, Problem):
                self._listener.add_problem(document)
            elif isinstance(document, Skipped):
                self._listener.add_skipped(document)
            else:
                if entry is None and self._left(document):
                    yield document
                else:
                    yield from self._of_document(document, entry=entry, depth=depth)
                if self._halt():
                    return

    def _of_document(
        self, readable: Readable, *, entry: RawArticle | None, depth: int
    ) -> Iterator[RawArticle | Readable]:
        """Read one document; links in it are followed at its end, so that the newest come first."""
        document, reader = readable.document, readable.reader
        links = _Links(self._pages_left)
        follows_entries = reader is FEED and self._choices.follow
        articles = iter(reader.read(document, self._limits))
        while True:
            found = self._listener.attempt(lambda: next(articles, None), where=document.where)
            if found is None:
                break
            if isinstance(found, Problem):
                yield from self._instead(found, entry)
            elif isinstance(found, Link):
                links.add(found)
            elif follows_entries and found.url:
                links.add(Link(where=found.where, url=found.url, modified=found.published, entry=found))
            else:
                yield found if entry is None else completed(found, entry)
        yield from self._of_links(links, document, is_sitemap=reader is SITEMAP, depth=depth)

    def _of_links(
        self, links: _Links, document: Document, *, is_sitemap: bool, depth: int
    ) -> Iterator[RawArticle | Readable]:
        if not links.seen:
            return
        if not (self._choices.follow or document.url):
            self._skip(document, f"{_pages(links.seen)} linked, no text of their own; --follow fetches them")
            return
        if depth >= _MAX_SITEMAP_DEPTH:
            self._skip(document, f"{_pages(links.seen)} linked from too deep a sitemap; name its parts")
            return
        taken = 0
        for link in links.newest_first():
            if self._pages_left <= 0 or self._halt():
                break
            taken += 1
            if held := self._held_article(link):
                self._listener.count_held(held)
                continue
            self._pages_left -= 1
            yield from self._of_address(link.url, entry=link.entry, depth=depth + is_sitemap)
        if taken < links.seen:
            self._skip(document, f"{_pages(links.seen - taken)} more are linked; --max-pages fetches more at once")

    def _instead(self, problem: Problem, entry: RawArticle | None) -> Iterator[RawArticle]:
        """Where a page cannot be read, yield what its feed said of it, with a note of the problem."""
        if entry is None:
            self._listener.add_problem(problem)
        else:
            note = f"its page could not be read ({problem.reason}); the feed's own text went in"
            yield replace(entry, notes=(*entry.notes, note))

    def _skip(self, document: Document, reason: str) -> None:
        self._listener.add_skipped(Skipped(document.where, reason))

    def _held_article(self, link: Link) -> str:
        """The id of the link's page where the library has fetched it since it last changed, as far as the link says
        when; else empty."""
        url = canonical_url(link.url)
        if link.modified is None or not url:
            return ""
        article = self._held.article(article_id(RawArticle(where=link.where, text="", url=url), url=url, text=""))
        return article.ref.id if article is not None and article.fetched >= link.modified else ""

    def _fetcher(self) -> Pages:
        if self._pages is None:
            self._door = self._open_pages()
            self._pages = self._door.__enter__()
        return self._pages


class _Links:
    """Counts links and keeps the newest of them, those without a date last, otherwise in their order."""

    def __init__(self, kept_at_most: int) -> None:
        self.seen = 0
        self._kept_at_most = max(kept_at_most, 1)
        self._kept: list[tuple[datetime, int, Link]] = []

    def add(self, link: Link) -> None:
        self.seen += 1
        row = (link.modified or _LONG_AGO, -self.seen, link)
        if len(self._kept) < self._kept_at_most:
            heapq.heappush(self._kept, row)
        else:
            heapq.heappushpop(self._kept, row)

    def newest_first(self) -> Iterator[Link]:
        for _, _, link in sorted(self._kept, key=lambda row: row[:2], reverse=True):
            yield link


def _copy(stream: BinaryIO, path: Path) -> None:
    with spooled(stream, _MAX_STANDARD_INPUT_BYTES) as copy, path.open("wb") as file:
        shutil.copyfileobj(copy, file)


def _name_of(url: str) -> str:
    return unquote(PurePosixPath(urlsplit(url).path).name) or "index"


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"
