"""Who may open the page, in the archive: names and password hashes."""

from __future__ import annotations

import sqlalchemy as sql

from rag.storage.archive.database import Database, retried
from rag.storage.archive.schema import users


class UserStore:
    """Reach it as `Archive.shared.users`. It neither makes nor checks a hash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def hashes(self) -> dict[str, str]:
        """Name -> hash, sorted by name."""
        with self._database.reading() as connection:
            return {row.name: row.hash for row in connection.execute(sql.select(users).order_by(users.c.name))}

    @retried
    def put(self, name: str, hashed: str) -> None:
        """Add a name, or give it another hash."""
        put = self._database.insert(users).values(name=name, hash=hashed)
        with self._database.writing() as connection:
            connection.execute(put.on_conflict_do_update(index_elements=["name"], set_={"hash": hashed}))

    @retried
    def remove(self, name: str) -> bool:
        """Take a name away; False where there is none."""
        with self._database.writing() as connection:
            return connection.execute(users.delete().where(users.c.name == name)).rowcount > 0
