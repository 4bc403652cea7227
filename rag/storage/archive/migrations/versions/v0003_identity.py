"""A name of its own for every archive, by which indexes know theirs."""

from __future__ import annotations

import uuid

import sqlalchemy as sql
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Give the archive its name."""
    notes = sql.table("notes", sql.column("key", sql.Text), sql.column("value", sql.Text))
    op.execute(notes.insert().values(key="archive", value=uuid.uuid4().hex))
