"""Dates of libraries that were made before dates far ahead were marked: they are marked here, article by article."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sql

from rag.storage.archive import schema
from rag.storage.archive.database import Database
from rag.storage.archive.rows import article_of
from rag.types import MOST_AHEAD


def mark_dates_ahead(database: Database) -> int:
    """Mark the believed dates that lay too far ahead when their article was fetched; returns how many there were.

    Each is a revision of its own: whoever follows the archive learns of it.
    """
    table = schema.articles
    columns = (table.c.id, table.c.published_epoch, table.c.fetched)
    with database.reading() as connection:
        rows = connection.execute(sql.select(*columns).where(table.c.published_epoch.is_not(None))).all()
    latest = MOST_AHEAD.total_seconds()
    found = [row.id for row in rows if row.published_epoch > datetime.fromisoformat(row.fetched).timestamp() + latest]
    for name in found:
        here = table.c.id == name
        with database.writing(article=name) as connection:
            row = connection.execute(sql.select(table).where(here)).one_or_none()
            if row is None:
                continue
            article = article_of(row)
            marked = replace(article, ref=replace(article.ref, is_ahead=True))
            revision = database.new_revision(connection, name)
            values = {"published_epoch": None, "digest": marked.digest, "revision": revision}
            connection.execute(table.update().where(here).values(values))
    return len(found)
