"""Which source gave an article: written down beside it, so that no other source replaces it by claiming its address.

A library notes it under the article's id; see decision 0034 for why that is no column of the articles.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sql

from rag.storage.archive import schema
from rag.storage.archive.database import Database, retried
from rag.storage.archive.rows import REF_COLUMNS, ref_of
from rag.types import UNKNOWN_ORIGIN, ArticleRef, Origin

_PREFIX = "origin "
_PARTED = "\n"


class OriginStore:
    """The archive's origins. Reach it as `Archive.origins`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def of(self, article_id: str) -> Origin:
        """Where an article came from, as `Archive.put` was told."""
        with self._database.reading() as connection:
            return origins_of(connection, [article_id]).get(article_id, UNKNOWN_ORIGIN)

    @retried
    def rivals(self, article_ids: Sequence[str]) -> dict[str, ArticleRef]:
        """Article -> the one that stands at its address, for those of the articles that only claim it."""
        table = schema.articles
        with self._database.reading() as connection:
            held = {
                name: origin.rival_of for name, origin in origins_of(connection, article_ids).items() if origin.rival_of
            }
            query = sql.select(*REF_COLUMNS).where(table.c.id.in_(sorted(set(held.values()))))
            refs = {row.id: ref_of(row) for row in connection.execute(query)} if held else {}
        return {name: refs[holder] for name, holder in held.items() if holder in refs}


def origins_of(connection: sql.Connection, article_ids: Sequence[str]) -> dict[str, Origin]:
    """Article id -> where it came from, of those that it is written down of, within a transaction."""
    notes = schema.notes
    keys = [_PREFIX + name for name in article_ids]
    found: dict[str, Origin] = {}
    for key, value in connection.execute(sql.select(notes.c.key, notes.c.value).where(notes.c.key.in_(keys))):
        source, _, rival_of = value.partition(_PARTED)
        found[key.removeprefix(_PREFIX)] = Origin(source=source, rival_of=rival_of)
    return found


def note_origin(database: Database, connection: sql.Connection, article_id: str, origin: Origin) -> None:
    """Write down where an article came from, in the place of what stood there."""
    said = f"{origin.source}{_PARTED}{origin.rival_of}" if origin.rival_of else origin.source
    put = database.insert(schema.notes).values(key=_PREFIX + article_id, value=said)
    connection.execute(put.on_conflict_do_update(index_elements=["key"], set_={"value": said}))


def forget_origin(connection: sql.Connection, article_id: str) -> None:
    """Forget where an article that is removed came from."""
    connection.execute(schema.notes.delete().where(schema.notes.c.key == _PREFIX + article_id))
