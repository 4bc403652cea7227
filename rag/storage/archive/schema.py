"""Tables of the archive, their version, and the migrations from older versions."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sql

from rag.errors import LibraryError

SCHEMA_VERSION = 2

metadata = sql.MetaData()

notes = sql.Table(
    "notes",
    metadata,
    sql.Column("key", sql.Text, primary_key=True),
    sql.Column("value", sql.Text, nullable=False),
)

articles = sql.Table(
    "articles",
    metadata,
    sql.Column("id", sql.Text, primary_key=True),
    sql.Column("title", sql.Text, nullable=False),
    sql.Column("outlet", sql.Text, nullable=False, index=True),
    sql.Column("url", sql.Text, nullable=False),
    # The text form keeps the source's time zone, the number is what is compared: it is empty where the date is not
    # believed.
    sql.Column("published", sql.Text),
    sql.Column("published_epoch", sql.Float, index=True),
    sql.Column("precision", sql.Text, nullable=False),
    sql.Column("authors", sql.Text, nullable=False),
    sql.Column("language", sql.Text, nullable=False),
    sql.Column("fetched", sql.Text, nullable=False),
    sql.Column("text", sql.Text, nullable=False),
    sql.Column("digest", sql.Text, nullable=False),
    sql.Column("story", sql.Text, nullable=False, index=True),
    sql.Column("revision", sql.Integer, nullable=False),
)

passages = sql.Table(
    "passages",
    metadata,
    sql.Column("article_id", sql.Text, sql.ForeignKey("articles.id"), primary_key=True),
    sql.Column("position", sql.Integer, primary_key=True),
    sql.Column("start", sql.Integer, nullable=False),
    sql.Column("end", sql.Integer, nullable=False),
    sql.Column("sentences", sql.Text, nullable=False),
    sql.Column("vector", sql.LargeBinary, nullable=False),
)

bands = sql.Table(
    "bands",
    metadata,
    sql.Column("band", sql.BigInteger, primary_key=True),
    sql.Column("article_id", sql.Text, sql.ForeignKey("articles.id"), primary_key=True, index=True),
)

changes = sql.Table(
    "changes",
    metadata,
    sql.Column("revision", sql.Integer, primary_key=True, autoincrement=True),
    sql.Column("article_id", sql.Text, nullable=False),
    sqlite_autoincrement=True,
)

# What was replaced by a correction. It refers to no article: in the transaction of a change the article's row is gone
# for a moment.
former = sql.Table(
    "former",
    metadata,
    sql.Column("article_id", sql.Text, primary_key=True),
    sql.Column("number", sql.Integer, primary_key=True),
    *(sql.Column(name, sql.Text, nullable=False) for name in ("title", "outlet", "url")),
    sql.Column("published", sql.Text),
    *(
        sql.Column(name, sql.Text, nullable=False)
        for name in ("precision", "authors", "language", "fetched", "text", "digest", "story")
    ),
    sql.Column("revision", sql.Integer, nullable=False),
    sql.Column("replaced", sql.Text, nullable=False),
)

# Times of feeds and answers are this machine's own, so seconds since 1970 (UTC) say everything about them.
feeds = sql.Table(
    "feeds",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("url", sql.Text, nullable=False, unique=True),
    sql.Column("title", sql.Text, nullable=False),
    sql.Column("follow", sql.Boolean, nullable=False),
    sql.Column("added", sql.Float, nullable=False),
    sql.Column("etag", sql.Text, nullable=False),
    sql.Column("last_modified", sql.Text, nullable=False),
    sql.Column("body_digest", sql.Text, nullable=False),
    sql.Column("polled", sql.Float),
    sql.Column("next_poll", sql.Float),
    sql.Column("failures", sql.Integer, nullable=False),
    sql.Column("problem", sql.Text, nullable=False),
    sql.Column("claimed_by", sql.Text),
    sql.Column("claimed_until", sql.Float),
)

entries = sql.Table(
    "entries",
    metadata,
    sql.Column("feed_id", sql.Integer, sql.ForeignKey("feeds.id"), primary_key=True),
    sql.Column("key", sql.Text, primary_key=True),
    sql.Column("digest", sql.Text, nullable=False),
    sql.Column("last_seen", sql.Float, nullable=False),
    sqlite_with_rowid=False,
)

answers = sql.Table(
    "answers",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True, autoincrement=True),
    sql.Column("asked", sql.Float, nullable=False),
    sql.Column("answer", sql.Text, nullable=False),
    # The number of a forgotten answer is never given to another.
    sqlite_autoincrement=True,
)

# Which articles an answer cites; the quotes and their places stand in the answer itself.
answer_citations = sql.Table(
    "answer_citations",
    metadata,
    sql.Column("answer_id", sql.Integer, sql.ForeignKey("answers.id"), primary_key=True),
    sql.Column("article_id", sql.Text, primary_key=True, index=True),
    sql.Column("article_digest", sql.Text, nullable=False),
    sqlite_with_rowid=False,
)


def _add_feeds_history_and_answers(connection: sql.Connection) -> None:
    metadata.create_all(connection, tables=[former, feeds, entries, answers, answer_citations])


MIGRATIONS: dict[int, Callable[[sql.Connection], None]] = {1: _add_feeds_history_and_answers}
"""Version -> what brings an archive of that version to the next; all of them in one transaction."""


def prepare(engine: sql.Engine, *, read_only: bool = False) -> None:
    """Create the tables, or migrate them to `SCHEMA_VERSION`.

    Raises `LibraryError` for an archive of a newer Newsdesk.
    """
    with engine.connect() as connection:
        if _version(connection) == SCHEMA_VERSION:
            return
    if read_only:
        raise LibraryError(
            "this library is read-only and needs an update first; make its folder writable and open it once"
        )
    with engine.connect() as plain:
        connection = plain.execution_options(newsdesk_writes=True)
        with connection.begin():
            # Looked up again under the write lock: another process may have come first.
            version = _version(connection)
            if version is None:
                metadata.create_all(connection)
                version = SCHEMA_VERSION
            while version < SCHEMA_VERSION:
                MIGRATIONS[version](connection)
                version += 1
            connection.execute(notes.delete().where(notes.c.key == "schema_version"))
            connection.execute(notes.insert().values(key="schema_version", value=str(version)))


def _version(connection: sql.Connection) -> int | None:
    if not sql.inspect(connection).has_table("notes"):
        return None
    value = connection.scalar(sql.select(notes.c.value).where(notes.c.key == "schema_version"))
    version = int(value) if value else None
    if version is not None and version > SCHEMA_VERSION:
        raise LibraryError(
            f"this library was made by a newer Newsdesk (schema {version}, this one knows {SCHEMA_VERSION}); "
            "upgrade Newsdesk, or name another library folder"
        )
    return version
