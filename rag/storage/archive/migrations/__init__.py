"""How the archive's tables came to be, one Alembic migration a step, for every engine.

They run when a library is opened; nobody calls Alembic by hand. A step is written beside the others in `versions/`, and
`HEAD` in `rag/storage/archive/versions.py` names the last.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sql


def upgrade(connection: sql.Connection, version: str | None) -> None:
    """Bring tables of `version` (None: there are none) up to date, within the transaction of this connection."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.stamp(config, version or "base")
    command.upgrade(config, "head")
