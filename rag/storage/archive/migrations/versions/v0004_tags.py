"""Tags of articles, with when each came and went."""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "0004"
down_revision = "0003"

_TEXT = sql.Text(collation="C").with_variant(sql.Text(), "sqlite")


def upgrade() -> None:
    """Make the table; what an earlier Newsdesk does to the others goes on meanwhile."""
    op.create_table(
        "tags",
        sql.Column("article_id", _TEXT, primary_key=True),
        sql.Column("tag", _TEXT, primary_key=True),
        sql.Column("revision", sql.Integer, primary_key=True, autoincrement=False),
        sql.Column("added", sql.Float, nullable=False),
        sql.Column("removed", sql.Float),
    )
    op.create_index("ix_tags_tag", "tags", ["tag"])
