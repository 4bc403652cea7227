"""Pictures of the pages that quotes stand on, each drawn in a process of its own and kept for a while."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from rag.errors import NoSuchArticle, SourceError
from rag.storage.archive.archive import Archive
from rag.wording import _
from web.serving.rate_limit import RateLimiter

_SECONDS = 30
_AT_ONCE, _WAITING = 2, 8
_MOST_MARKED = 4_000
"""Characters of a quote that are looked for on its page: no quote has more."""

_KEPT_BYTES = 20_000_000
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """The page on which the quote at start:end of an article begins; `is_part` leaves the lines around the quote."""

    article_id: str
    start: int
    end: int
    is_part: bool = False


class PagePictures:
    """Draws pages of PDFs that an archive keeps. Safe to use from several threads."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._drawing = RateLimiter(at_once=_AT_ONCE, waiting=_WAITING, wait_seconds=_SECONDS)
        self._guard = threading.Lock()
        self._kept: OrderedDict[tuple[str, Wanted], bytes] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many pictures are drawn or waited for."""
        return self._drawing.inside

    def png(self, wanted: Wanted) -> bytes:
        """The picture; raises `NoSuchArticle`, `SourceError` where there is no page to show, or `Busy` where too many
        wait for theirs."""
        article = self._archive.article(wanted.article_id)
        if article is None:
            raise NoSuchArticle.of(wanted.article_id)
        pages, quote = article.ref.pages, article.text[wanted.start : wanted.end][:_MOST_MARKED]
        if pages is None or not pages.is_kept or not quote.strip():
            raise SourceError(_("no page of a PDF is kept for this quote"))
        key = (article.digest, wanted)
        if (kept := self._known(key)) is not None:
            return kept
        # Not by reader: the card of every quote that is pointed at asks for one.
        with self._drawing.work(""):
            # Drawn for somebody else in the meantime?
            if (kept := self._known(key)) is not None:
                return kept
            file = self._archive.pdfs.file(wanted.article_id) or b""
            picture = _drawn(file, pages.page_at(wanted.start), quote, is_part=wanted.is_part)
        with self._guard:
            self._kept[key] = picture
            while sum(map(len, self._kept.values())) > _KEPT_BYTES:
                self._kept.popitem(last=False)
        return picture

    def _known(self, key: tuple[str, Wanted]) -> bytes | None:
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)


def _drawn(file: bytes, page: int, quote: str, *, is_part: bool) -> bytes:
    asked = json.dumps({"page": page, "quote": quote, "part": is_part}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "web.pdf.drawing"],
            input=asked + b"\n" + file,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            cwd=_ROOT,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise SourceError(_("the page of the PDF cannot be drawn")) from error
    return done.stdout
