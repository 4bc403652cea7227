"""The pages of an article's PDF go with its passages and quotes, through corrections and copies, on every engine."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.preparing.chunking import cut_passages
from rag.models.hashing_embedder import HashingEmbedder
from rag.pdf_pages import PdfPages
from rag.storage.archive.archive import Archive
from rag.storage.archive.copying import copy_archive
from rag.types import Article, Citation
from tests.rag.makers import BRIDGE, STRIKE, stored

SECOND_PAGE = BRIDGE.text.index("The mayor")
PAGES = PdfPages(starts=(0, SECOND_PAGE))
PAPER = replace(BRIDGE, ref=replace(BRIDGE.ref, pages=PAGES))
FILE = b"%PDF-1.7 of the bridge"


def put(archive: Archive, article: Article, file: bytes = b"") -> str:
    passages = cut_passages(article)
    vectors = HashingEmbedder().embed_passages([passage.text for passage in passages])
    return archive.put(article, passages, vectors, file=file)


def pages_of(archive: Archive, article_id: str = BRIDGE.ref.id) -> PdfPages | None:
    article = archive.article(article_id)
    assert article is not None
    return article.ref.pages


def test_a_quote_knows_its_page(archive: Archive) -> None:
    put(archive, PAPER)
    (passage,) = archive.passages(BRIDGE.ref.id)
    by_id = archive.passages_by_id([passage.id])[passage.id]
    quotes = [Citation.of(by_id, span, marker=number) for number, span in enumerate(by_id.sentences, start=1)]
    assert [quote.page for quote in quotes] == [1, 1, 2]
    stored(archive, STRIKE)
    (other,) = archive.passages(STRIKE.ref.id)
    assert Citation.of(other, other.sentences[0], marker=1).page is None


def test_the_file_is_kept_until_the_article_goes(archive: Archive) -> None:
    put(archive, PAPER, FILE)
    assert pages_of(archive) == replace(PAGES, is_kept=True)
    assert archive.pdfs.file(BRIDGE.ref.id) == FILE
    archive.remove(BRIDGE.ref.id)
    put(archive, BRIDGE)
    assert (pages_of(archive), archive.pdfs.file(BRIDGE.ref.id)) == (None, None)


def test_a_correction_of_what_is_known_keeps_pages_and_file(archive: Archive) -> None:
    put(archive, PAPER, FILE)
    assert put(archive, replace(PAPER, ref=replace(PAPER.ref, title="A bridge closes"))) == "changed"
    assert pages_of(archive) == replace(PAGES, is_kept=True)
    assert archive.pdfs.file(BRIDGE.ref.id) == FILE


def test_another_text_has_no_pages_of_the_old_one(archive: Archive) -> None:
    put(archive, PAPER, FILE)
    put(archive, replace(BRIDGE, text="The bridge is open again. " + BRIDGE.text))
    assert (pages_of(archive), archive.pdfs.file(BRIDGE.ref.id)) == (None, None)


def test_pages_of_a_version_that_an_earlier_newsdesk_replaced_are_not_told(tmp_path: Path) -> None:
    with closing(Archive(tmp_path / "archive.sqlite3")) as archive:
        put(archive, PAPER, FILE)
        with closing(sqlite3.connect(tmp_path / "archive.sqlite3")) as earlier:
            earlier.execute("UPDATE articles SET text = 'Other words.', digest = 'another'")
            earlier.commit()
        assert (pages_of(archive), archive.pdfs.file(BRIDGE.ref.id)) == (None, None)


def test_an_article_that_was_stored_before_gets_its_pages(archive: Archive) -> None:
    put(archive, BRIDGE)
    archive.pdfs.complete(PAPER, b"")
    assert pages_of(archive) == PAGES
    archive.pdfs.complete(PAPER, FILE)
    assert archive.pdfs.file(BRIDGE.ref.id) == FILE
    archive.pdfs.complete(PAPER, b"")
    assert archive.pdfs.file(BRIDGE.ref.id) == FILE


def test_a_copy_has_them(archive: Archive, tmp_path: Path) -> None:
    put(archive, PAPER, FILE)
    with closing(Archive(tmp_path / "copy.sqlite3")) as copy:
        copy_archive(archive, copy)
        assert pages_of(copy) == replace(PAGES, is_kept=True)
        assert copy.pdfs.file(BRIDGE.ref.id) == FILE


def test_an_archive_without_the_table_is_read(tmp_path: Path) -> None:
    place = tmp_path / "archive.sqlite3"
    with closing(Archive(place)) as archive:
        put(archive, BRIDGE)
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("DROP TABLE pdfs")
        connection.execute("UPDATE alembic_version SET version_num = '0006'")
        connection.commit()
    with closing(Archive(place, read_only=True, create=False)) as archive:
        assert (pages_of(archive), archive.pdfs.file(BRIDGE.ref.id)) == (None, None)
        assert archive.passages(BRIDGE.ref.id)


@pytest.mark.parametrize("starts", [(), (3,), (0, 9, 4)])
def test_pages_that_cannot_be_are_refused(starts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="pages begin at 0"):
        PdfPages(starts=starts)
