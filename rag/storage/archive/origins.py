"""Which source gave an article: written down beside it, so that no other source replaces it by claiming its address.

A library notes it under the article's id; see decision 0034 for why that is no column of the articles.
"""

from __future__ import annotations

import sqlalchemy as sql

from rag.storage.archive import schema
from rag.storage.archive.database import Database

_PREFIX = "origin "


def origin_of(connection: sql.Connection, article_id: str) -> str:
    """The source of an article, empty where none is written down."""
    notes = schema.notes
    return connection.scalar(sql.select(notes.c.value).where(notes.c.key == _PREFIX + article_id)) or ""


def note_origin(database: Database, connection: sql.Connection, article_id: str, origin: str) -> None:
    """Write down the source of an article, in the place of the one before."""
    put = database.insert(schema.notes).values(key=_PREFIX + article_id, value=origin)
    connection.execute(put.on_conflict_do_update(index_elements=["key"], set_={"value": origin}))


def forget_origin(connection: sql.Connection, article_id: str) -> None:
    """Forget the source of an article that is removed."""
    connection.execute(schema.notes.delete().where(schema.notes.c.key == _PREFIX + article_id))
