"""Conversations that readers keep under their logins."""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "0006"
down_revision = "0005"

_TEXT = sql.Text(collation="C").with_variant(sql.Text(), "sqlite")


def upgrade() -> None:
    """Make the table, which an earlier Newsdesk does not know."""
    op.create_table(
        "conversations",
        sql.Column("owner", _TEXT, primary_key=True),
        sql.Column("id", _TEXT, primary_key=True),
        sql.Column("name", _TEXT, nullable=False),
        sql.Column("changed", _TEXT, nullable=False),
        sql.Column("answers", sql.Integer, nullable=False),
        sql.Column("size", sql.Integer, nullable=False),
        sql.Column("text", _TEXT, nullable=False),
        sql.Column("turns", _TEXT, nullable=False),
    )
