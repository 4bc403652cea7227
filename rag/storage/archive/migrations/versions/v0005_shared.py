"""What the pages of several machines share: users, counted attempts, spending, feedback."""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "0005"
down_revision = "0004"

_TEXT = sql.Text(collation="C").with_variant(sql.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables, which an earlier Newsdesk does not know."""
    op.create_table("users", sql.Column("name", _TEXT, primary_key=True), sql.Column("hash", _TEXT, nullable=False))
    op.create_table(
        "attempts",
        sql.Column("id", sql.BigInteger().with_variant(sql.Integer(), "sqlite"), primary_key=True),
        sql.Column("key", _TEXT, nullable=False),
        sql.Column("until", sql.Float, nullable=False),
    )
    op.create_index("ix_attempts_key", "attempts", ["key"])
    op.create_table(
        "spending", sql.Column("day", _TEXT, primary_key=True), sql.Column("spent", sql.Float, nullable=False)
    )
    op.create_table(
        "feedback",
        sql.Column("id", sql.Integer, primary_key=True, autoincrement=True),
        sql.Column("said", _TEXT, nullable=False),
    )
