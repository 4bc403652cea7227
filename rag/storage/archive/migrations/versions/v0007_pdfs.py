"""Pages of articles that came from a PDF."""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "0007"
down_revision = "0006"

_TEXT = sql.Text(collation="C").with_variant(sql.Text(), "sqlite")


def upgrade() -> None:
    """Make the table, which an earlier Newsdesk does not know."""
    op.create_table(
        "pdfs",
        sql.Column("article_id", _TEXT, primary_key=True),
        sql.Column("digest", _TEXT, nullable=False),
        sql.Column("starts", _TEXT, nullable=False),
        sql.Column("data", sql.LargeBinary),
    )
