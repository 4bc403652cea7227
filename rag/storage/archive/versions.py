"""The version of an archive's tables: made at once where there are none, brought up to date where they are older."""

from __future__ import annotations

import uuid

import sqlalchemy as sql

from rag.errors import LibraryError
from rag.storage.archive import schema

HEAD = "0007"
"""The last migration (`migrations/versions/`)."""

WORKS_WITH = "0006"
"""The oldest version of Newsdesk whose statements do on tables of `HEAD` what they did on its own: the one before, so
that machines can be brought up to date one by one. A test holds it."""

READABLE = ("0002", "0003", "0004", "0005", "0006", HEAD)
"""Versions that can be read as they are, where nothing can be written."""

WORKING = "works_with"
"""The note that says so to an earlier Newsdesk, which does not know these tables' version."""

IDENTITY = "archive"
"""The note that tells this archive from every other, a copy of it and a restored one included."""

COPYING = "copying"
"""The note in an archive that is being made as a copy: of which one. Nobody else uses it until it is complete."""

_KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006", HEAD)

_alembic = sql.Table(
    "alembic_version",
    sql.MetaData(),
    sql.Column("version_num", sql.String(32), nullable=False),
    sql.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def stored_version(connection: sql.Connection) -> str | None:
    """The version of the tables, None where there are none.

    A newer Newsdesk's with which this one works count as `HEAD`. Raises `LibraryError` for those of any other newer
    Newsdesk, and for tables that are not ours.
    """
    tables = set(sql.inspect(connection).get_table_names())
    if _alembic.name in tables:
        version = connection.scalar(sql.select(_alembic.c.version_num))
    elif schema.notes.name in tables:
        # As archives said it before their migrations were Alembic's.
        note = _note(connection, "schema_version")
        version = None if note is None else f"{int(note):04d}"
    else:
        version = None
    if version is None and tables.intersection(schema.metadata.tables):
        raise LibraryError("this database holds something else than a library; give Newsdesk one of its own")
    if version is not None and version not in _KNOWN:
        if _note(connection, WORKING) in _KNOWN:
            return HEAD
        raise LibraryError(
            f"this library was made by a newer Newsdesk (schema {version}, this one knows {HEAD}); "
            "upgrade Newsdesk, or name another library"
        )
    return version


def prepare(connection: sql.Connection) -> None:
    """Make the tables or bring them to `HEAD`, within a transaction that nobody else can be in."""
    version = stored_version(connection)
    if version is None:
        schema.metadata.create_all(connection)
        _alembic.create(connection)
        connection.execute(_alembic.insert().values(version_num=HEAD))
        connection.execute(schema.notes.insert().values(key=IDENTITY, value=new_identity()))
        _note_what_works(connection)
    elif version != HEAD:
        from rag.storage.archive.migrations import upgrade

        upgrade(connection, version)
        _note_what_works(connection)


def _note_what_works(connection: sql.Connection) -> None:
    connection.execute(schema.notes.delete().where(schema.notes.c.key == WORKING))
    connection.execute(schema.notes.insert().values(key=WORKING, value=WORKS_WITH))


def _note(connection: sql.Connection, key: str) -> str | None:
    return connection.scalar(sql.select(schema.notes.c.value).where(schema.notes.c.key == key))


def new_identity() -> str:
    """A name that no other archive has."""
    return uuid.uuid4().hex
