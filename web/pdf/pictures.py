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

_SECONDS = 30
_AT_ONCE = 2
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
        self._drawing = threading.Semaphore(_AT_ONCE)
        self._guard = threading.Lock()
        self._kept: OrderedDict[tuple[str, Wanted], bytes] = OrderedDict()

    def png(self, wanted: Wanted) -> bytes:
        """The picture; raises `NoSuchArticle`, or `SourceError` where there is no page to show."""
        article = self._archive.article(wanted.article_id)
        if article is None:
            raise NoSuchArticle.of(wanted.article_id)
        pages, quote = article.ref.pages, article.text[wanted.start : wanted.end]
        if pages is None or not pages.is_kept or not quote.strip():
            raise SourceError(_("no page of a PDF is kept for this quote"))
        key = (article.digest, wanted)
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        file = self._archive.pdfs.file(wanted.article_id) or b""
        with self._drawing:
            picture = _drawn(file, pages.page_at(wanted.start), quote, is_part=wanted.is_part)
        with self._guard:
            self._kept[key] = picture
            while sum(map(len, self._kept.values())) > _KEPT_BYTES:
                self._kept.popitem(last=False)
        return picture


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
