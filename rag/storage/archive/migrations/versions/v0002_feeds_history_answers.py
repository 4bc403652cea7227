"""Former versions of articles, feeds with their entries, kept answers."""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "0002"
down_revision = "0001"

_TEXT = sql.Text(collation="C").with_variant(sql.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables of what is no change of an article."""
    op.create_table(
        "former",
        sql.Column("article_id", _TEXT, primary_key=True),
        sql.Column("number", sql.Integer, primary_key=True),
        *(sql.Column(name, _TEXT, nullable=False) for name in ("title", "outlet", "url")),
        sql.Column("published", _TEXT),
        *(
            sql.Column(name, _TEXT, nullable=False)
            for name in ("precision", "authors", "language", "fetched", "text", "digest", "story")
        ),
        sql.Column("revision", sql.Integer, nullable=False),
        sql.Column("replaced", _TEXT, nullable=False),
    )
    op.create_table(
        "feeds",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("url", _TEXT, nullable=False, unique=True),
        sql.Column("title", _TEXT, nullable=False),
        sql.Column("follow", sql.Boolean, nullable=False),
        sql.Column("added", sql.Float, nullable=False),
        *(sql.Column(name, _TEXT, nullable=False) for name in ("etag", "last_modified", "body_digest")),
        sql.Column("polled", sql.Float),
        sql.Column("next_poll", sql.Float),
        sql.Column("failures", sql.Integer, nullable=False),
        sql.Column("problem", _TEXT, nullable=False),
        sql.Column("claimed_by", _TEXT),
        sql.Column("claimed_until", sql.Float),
    )
    op.create_table(
        "entries",
        sql.Column("feed_id", sql.Integer, sql.ForeignKey("feeds.id"), primary_key=True),
        sql.Column("key", _TEXT, primary_key=True),
        sql.Column("digest", _TEXT, nullable=False),
        sql.Column("last_seen", sql.Float, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answers",
        sql.Column("id", sql.Integer, primary_key=True, autoincrement=True),
        sql.Column("asked", sql.Float, nullable=False),
        sql.Column("answer", _TEXT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "answer_citations",
        sql.Column("answer_id", sql.Integer, sql.ForeignKey("answers.id"), primary_key=True),
        sql.Column("article_id", _TEXT, primary_key=True),
        sql.Column("article_digest", _TEXT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answer_citations_article_id", "answer_citations", ["article_id"])
