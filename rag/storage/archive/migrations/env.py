"""Alembic runs this for every command: the migrations run over the connection that it was given."""

from __future__ import annotations

from alembic import context

from rag.storage.archive import schema

context.configure(connection=context.config.attributes["connection"], target_metadata=schema.metadata)
with context.begin_transaction():
    context.run_migrations()
