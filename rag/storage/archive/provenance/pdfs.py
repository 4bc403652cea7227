"""The pages of articles that came from a PDF, and the file itself where it is kept.

A table of its own, which refers to no article: an earlier Newsdesk on the same archive replaces articles without
knowing of it. What it says holds for the version of the article that has the digest, and for no other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sql

from rag.pdf_pages import PdfPages
from rag.storage.archive.database import Database, retried
from rag.storage.archive.schema import articles, pdfs

if TYPE_CHECKING:
    from rag.types import Article

# More than that are too many parameters for one statement: then the pages of all articles are read.
_NAMED_AT_ONCE = 5000

_OF_THIS_VERSION = pdfs.join(articles, (pdfs.c.article_id == articles.c.id) & (pdfs.c.digest == articles.c.digest))


class PdfStore:
    """The archive's PDFs. Reach it as `Archive.pdfs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def file(self, article_id: str) -> bytes | None:
        """The PDF that an article was read from, None where it is not kept."""
        if not self._are_kept:
            return None
        query = sql.select(pdfs.c.data).select_from(_OF_THIS_VERSION).where(pdfs.c.article_id == article_id)
        with self._database.reading() as connection:
            return connection.scalar(query)

    def within(self, connection: sql.Connection, article_ids: Sequence[str]) -> dict[str, PdfPages]:
        """Article id -> its pages, of those that came from a PDF, within a transaction."""
        if not self._are_kept:
            return {}
        is_kept = pdfs.c.data.is_not(None).label("is_kept")
        query = sql.select(pdfs.c.article_id, pdfs.c.starts, is_kept).select_from(_OF_THIS_VERSION)
        if len(article_ids) <= _NAMED_AT_ONCE:
            query = query.where(pdfs.c.article_id.in_(list(article_ids)))
        return {
            row.article_id: PdfPages(starts=tuple(json.loads(row.starts)), is_kept=bool(row.is_kept))
            for row in connection.execute(query)
        }

    @retried
    def complete(self, article: Article, file: bytes) -> None:
        """Write down the pages of an article that is stored already without them, or without its file."""
        here = pdfs.c.article_id == article.ref.id
        query = sql.select(pdfs.c.digest, pdfs.c.data.is_(None).label("bare")).where(here)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        # Most articles that are ingested again have them: nobody waits for a lock to learn that.
        if row is None or row.digest != article.digest or (row.bare and file):
            with self._database.writing(article=article.ref.id) as connection:
                note_pages(self._database, connection, article, file)

    @cached_property
    def _are_kept(self) -> bool:
        # An archive of an earlier Newsdesk that cannot be written has no such table.
        with self._database.reading() as connection:
            return sql.inspect(connection).has_table(pdfs.name)


def note_pages(database: Database, connection: sql.Connection, article: Article, file: bytes) -> None:
    """Write down the pages of an article that is stored, if it has any; the file that is kept stays without another."""
    if article.ref.pages is None:
        return forget_pages(connection, article.ref.id)
    values: dict[str, str | bytes] = {"digest": article.digest, "starts": json.dumps(article.ref.pages.starts)}
    if file:
        values["data"] = file
    put = database.insert(pdfs).values(article_id=article.ref.id, **values)
    connection.execute(put.on_conflict_do_update(index_elements=["article_id"], set_=values))


def forget_pages(connection: sql.Connection, article_id: str) -> None:
    """Forget the pages of an article that is removed, and its file."""
    connection.execute(pdfs.delete().where(pdfs.c.article_id == article_id))
