"""The page of a PDF is drawn with the quote marked, and what cannot be drawn is a sentence."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from rag.errors import NoSuchArticle, SourceError
from rag.pdf_pages import PdfPages
from rag.storage.archive.archive import Archive
from rag.testing import make_article
from tests.ingest.readers.pdf_files import MET, ROSE, document, wrapped
from tests.rag.storage.archive.test_pdfs import put
from web.pdf.drawing import FULL_HEIGHT, FULL_WIDTH, PART_HEIGHT, PART_WIDTH, draw
from web.pdf.pictures import PagePictures, Wanted
from web.serving.rate_limit import Busy

TEXT = f"{MET}\n{ROSE}"
FILE = document([wrapped(MET), wrapped(ROSE)])
PAPER = make_article(TEXT, title="The vote")
PAPER = replace(PAPER, ref=replace(PAPER.ref, pages=PdfPages(starts=(0, len(MET) + 1))))
QUOTE = ROSE[: ROSE.index(",")]
BEGIN = TEXT.index(QUOTE)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "archive.sqlite3")) as archive:
        put(archive, PAPER, FILE)
        yield archive


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def marked_rows(png: bytes) -> list[int]:
    """The rows with yellow in them."""
    shown = picture(png)
    rows = []
    for row in range(shown.height):
        line = shown.crop((0, row, shown.width, row + 1)).getcolors(shown.width) or []
        if any(colour[0] > 200 and colour[2] < 170 for _, colour in line if isinstance(colour, tuple)):
            rows.append(row)
    return rows


def wanted(start: int = BEGIN, end: int = BEGIN + len(QUOTE), *, is_part: bool = False) -> Wanted:
    return Wanted(article_id=PAPER.ref.id, start=start, end=end, is_part=is_part)


def test_the_page_of_the_quote_is_drawn_with_its_line_marked(archive: Archive) -> None:
    png = PagePictures(archive).png(wanted())
    assert picture(png).size[0] <= FULL_WIDTH
    assert picture(png).size[1] <= FULL_HEIGHT
    rows = marked_rows(png)
    # The quote is the first line of its page, which stands near the top.
    assert 10 <= len(rows) <= 40
    assert rows[-1] < picture(png).height / 8


def test_a_card_gets_the_part_around_the_quote(archive: Archive) -> None:
    png = PagePictures(archive).png(wanted(is_part=True))
    assert picture(png).size == (PART_WIDTH, PART_HEIGHT)
    assert marked_rows(png)


def test_a_quote_that_goes_on_over_the_page_is_marked_as_far_as_it_stands_there() -> None:
    across = f"{MET} {ROSE}"
    assert marked_rows(draw(FILE, 1, across, is_part=False))
    assert not marked_rows(draw(FILE, 1, "Nothing of this stands on the page.", is_part=False))


def test_spaces_hyphens_and_ligatures_are_no_difference() -> None:
    pdf = document([["The of-", "fice was filled."]])
    assert marked_rows(draw(pdf, 1, "The o\ufb03ce was \ufb01lled.", is_part=False))


def test_what_is_not_kept_or_not_there_is_said(archive: Archive) -> None:
    bare = replace(PAPER, ref=replace(PAPER.ref, id="bare"))
    put(archive, bare)
    pictures = PagePictures(archive)
    with pytest.raises(SourceError, match="no page of a PDF is kept"):
        pictures.png(Wanted(article_id="bare", start=0, end=10))
    with pytest.raises(SourceError, match="no page of a PDF is kept"):
        pictures.png(wanted(len(TEXT) + 5, len(TEXT) + 9))
    with pytest.raises(NoSuchArticle):
        pictures.png(Wanted(article_id="../../etc/passwd", start=0, end=10))


def test_a_file_that_cannot_be_drawn_ends_nothing_but_its_own_process(archive: Archive) -> None:
    put(archive, replace(PAPER, ref=replace(PAPER.ref, id="broken")), b"%PDF-1.7 and nothing else")
    with pytest.raises(SourceError, match="cannot be drawn"):
        PagePictures(archive).png(Wanted(article_id="broken", start=0, end=10))


def test_a_picture_is_drawn_once(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = PagePictures(archive)
    first = pictures.png(wanted())
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("drawn again"))
    assert pictures.png(wanted()) is first


def test_of_many_who_wait_some_are_told_to_come_back(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()

    def drawn(*_: object, **__: object) -> bytes:
        let_go.wait(30)
        return b"a picture"

    monkeypatch.setattr("web.pdf.pictures._drawn", drawn)
    pictures = PagePictures(archive)
    with ThreadPoolExecutor(10) as waiting:
        asked = [waiting.submit(pictures.png, wanted(BEGIN, BEGIN + 10 + number)) for number in range(10)]
        while pictures.waiting < 10:
            time.sleep(0.01)
        with pytest.raises(Busy):
            pictures.png(wanted())
        let_go.set()
        assert [one.result(timeout=30) for one in asked] == [b"a picture"] * 10
