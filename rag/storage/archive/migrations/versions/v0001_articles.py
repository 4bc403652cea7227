"""Articles, passages with vectors, MinHash bands, revisions."""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "0001"
down_revision = None

_TEXT = sql.Text(collation="C").with_variant(sql.Text(), "sqlite")


def upgrade() -> None:
    """Make the first tables."""
    op.create_table("notes", sql.Column("key", _TEXT, primary_key=True), sql.Column("value", _TEXT, nullable=False))
    op.create_table(
        "articles",
        sql.Column("id", _TEXT, primary_key=True),
        *(sql.Column(name, _TEXT, nullable=False) for name in ("title", "outlet", "url")),
        sql.Column("published", _TEXT),
        sql.Column("published_epoch", sql.Float),
        *(
            sql.Column(name, _TEXT, nullable=False)
            for name in ("precision", "authors", "language", "fetched", "text", "digest", "story")
        ),
        sql.Column("revision", sql.Integer, nullable=False),
    )
    for name in ("outlet", "published_epoch", "story"):
        op.create_index(f"ix_articles_{name}", "articles", [name])
    op.create_table(
        "passages",
        sql.Column("article_id", _TEXT, sql.ForeignKey("articles.id"), primary_key=True),
        sql.Column("position", sql.Integer, primary_key=True),
        sql.Column("start", sql.Integer, nullable=False),
        sql.Column("end", sql.Integer, nullable=False),
        sql.Column("sentences", _TEXT, nullable=False),
        sql.Column("vector", sql.LargeBinary, nullable=False),
    )
    op.create_table(
        "bands",
        sql.Column("band", sql.BigInteger, primary_key=True),
        sql.Column("article_id", _TEXT, sql.ForeignKey("articles.id"), primary_key=True),
    )
    op.create_index("ix_bands_article_id", "bands", ["article_id"])
    op.create_table(
        "changes",
        sql.Column("revision", sql.Integer, primary_key=True, autoincrement=True),
        sql.Column("article_id", _TEXT, nullable=False),
        sqlite_autoincrement=True,
    )
