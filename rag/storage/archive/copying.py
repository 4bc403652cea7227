"""Copying an archive into another one, whatever their engines: in batches, to be gone on with, compared at the end.

The source is read in one state, so that others may write to it meanwhile. The target is refused to everybody else until
the copy is complete and every table of it has the digest of the source's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sql

from rag.errors import LibraryError, UsageError
from rag.storage.archive import schema
from rag.storage.archive.archive import Archive
from rag.storage.archive.database import Database, retried
from rag.storage.archive.versions import COPYING, IDENTITY, WORKING

Progress = Callable[[int, int], None]
"""Gets (articles done, articles in all)."""

BACKUP = "backup"
"""The note in a backup: when it was made, and the digests of its tables."""

_OWN_NOTES = (IDENTITY, COPYING, BACKUP, WORKING, "schema_version")
_ARTICLES_AT_ONCE = 64
_ROWS_AT_ONCE = 2000
_FILES_AT_ONCE = 4
_OF_AN_ARTICLE = ((schema.passages, "article_id"), (schema.bands, "article_id"), (schema.former, "article_id"))
_REST = (
    *(schema.tags, schema.feeds, schema.entries, schema.answers, schema.answer_citations, schema.changes),
    *(schema.users, schema.spending, schema.feedback, schema.conversations, schema.pdfs),
)
# What counts for a minute or a day is over by then.
_NOT_COPIED = (schema.attempts,)
# Who polls a feed at this moment is a process of the source.
_CLAIMS = ("claimed_by", "claimed_until")

_NOTHING = f"0 {hashlib.sha256().hexdigest()}"

Digests = Mapping[str, str]
"""Table -> number of rows and SHA-256 of what they hold, the same on every engine."""


def copy_archive(source: Archive, target: Archive, progress: Progress | None = None) -> Digests:
    """Make `target` hold what `source` holds, and return the digests that both have; a copy that was ended goes on.

    Raises `UsageError` where the target holds something else, `LibraryError` where the two differ at the end.
    """
    _claim(source, target)
    writer = _Writer(target.database)
    with source.database.reading() as reading:
        held = _revisions(reading)
        with target.database.reading() as there:
            copied = _revisions(there)
        stale = [name for name, revision in copied.items() if held.get(name) != revision]
        for batch in _parts(stale, _ARTICLES_AT_ONCE):
            writer.replace(batch, {})
        missing = sorted((name for name in held if copied.get(name) != held[name]), key=lambda name: (held[name], name))
        done = len(held) - len(missing)
        for batch in _parts(missing, _ARTICLES_AT_ONCE):
            writer.replace(batch, _rows_of(reading, batch))
            done += len(batch)
            if progress is not None:
                progress(done, len(held))
        # A former version may be all that is left of a batch that was ended; those of articles came with them.
        writer.replace_rest(reading)
        wanted = digests(reading)
    found = digests_of(target)
    if differing := ", ".join(differences(wanted, found)):
        raise LibraryError(f"the copy differs from what was copied ({differing}); run the same command again")
    target.forget_note(COPYING)
    return wanted


def differences(one: Digests, other: Digests) -> list[str]:
    """The tables that differ, sorted; one that an archive of an earlier Newsdesk does not have is empty."""
    return sorted(name for name in {*one, *other} if one.get(name, _NOTHING) != other.get(name, _NOTHING))


def digests_of(archive: Archive) -> Digests:
    """The digest of every table, in one state."""
    with archive.database.reading() as connection:
        return digests(connection)


def digests(connection: sql.Connection) -> Digests:
    """See `digests_of`."""
    held = sql.inspect(connection).get_table_names()
    copied = [table for table in schema.metadata.sorted_tables if table not in _NOT_COPIED]
    return {table.name: _digest(connection, table) for table in copied if table.name in held}


def _claim(source: Archive, target: Archive) -> None:
    """Refuse a target that holds anything but the beginning of this very copy."""
    if source.identity is None:
        raise LibraryError("this archive is of an older Newsdesk; make its folder writable and open it once")
    begun = target.note(COPYING)
    if begun is None and target.revision():
        raise UsageError(f"{target.name} holds {target.count()} articles; name an empty library to copy into")
    if begun not in (None, source.identity):
        raise UsageError(f"{target.name} holds part of another copy; delete it, or go on with that one")
    target.set_note(COPYING, source.identity)


class _Writer:
    """Writes into the target, a transaction a call; each can be done again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def replace(self, names: Sequence[str], rows: Mapping[sql.Table, Sequence[Mapping[str, Any]]]) -> None:
        """Put these rows in the place of all that the target holds of these articles."""
        with self._database.writing() as connection:
            for table, column in (*_OF_AN_ARTICLE, (schema.articles, "id")):
                connection.execute(table.delete().where(table.c[column].in_(list(names))))
            for table, found in rows.items():
                if found:
                    connection.execute(table.insert(), list(found))

    @retried
    def replace_rest(self, reading: sql.Connection) -> None:
        """Copy everything that belongs to no article, and count on from where the source was."""
        with self._database.writing() as connection:
            for table in reversed(_REST):
                connection.execute(table.delete())
            connection.execute(schema.notes.delete().where(schema.notes.c.key.not_in(_OWN_NOTES)))
            held = sql.inspect(reading).get_table_names()
            for table in (table for table in (*_REST, schema.notes) if table.name in held):
                for part in _parts_of(reading, table):
                    connection.execute(table.insert(), part)
            self._database.count_on(connection)


def _revisions(connection: sql.Connection) -> dict[str, int]:
    query = sql.select(schema.articles.c.id, schema.articles.c.revision)
    return {str(name): int(revision) for name, revision in connection.execute(query)}


def _rows_of(connection: sql.Connection, names: Sequence[str]) -> dict[sql.Table, list[Mapping[str, Any]]]:
    """Articles first: the others refer to them."""
    found: dict[sql.Table, list[Mapping[str, Any]]] = {}
    for table, column in ((schema.articles, "id"), *_OF_AN_ARTICLE):
        query = sql.select(table).where(table.c[column].in_(list(names)))
        found[table] = [dict(row) for row in connection.execute(query).mappings()]
    return found


def _ordered(table: sql.Table) -> sql.Select[Any]:
    query = sql.select(*(column for column in table.c if column.name not in _CLAIMS))
    if table is schema.notes:
        query = query.where(table.c.key.not_in(_OWN_NOTES))
    return query.order_by(*table.primary_key.columns)


def _executed(connection: sql.Connection, table: sql.Table) -> sql.CursorResult[Any]:
    at_once = _FILES_AT_ONCE if table is schema.pdfs else _ROWS_AT_ONCE
    return connection.execution_options(yield_per=at_once).execute(_ordered(table))


def _parts_of(connection: sql.Connection, table: sql.Table) -> Iterator[list[Mapping[str, Any]]]:
    rows = _executed(connection, table).mappings()
    for part in rows.partitions():
        yield [dict(row) for row in part]


def _digest(connection: sql.Connection, table: sql.Table) -> str:
    total, digest = 0, hashlib.sha256()
    rows = _executed(connection, table)
    for row in rows:
        total += 1
        for value in row:
            written = value if isinstance(value, bytes) else repr(value).encode()
            digest.update(b"%d:%b" % (len(written), written))
    return f"{total} {digest.hexdigest()}"


def _parts(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (names[start : start + size] for start in range(0, len(names), size))
