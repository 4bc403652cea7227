"""How often something was done lately, counted over all pages: guesses at passwords, questions of one reader.

Whose they are is kept as a digest, and no longer than it counts. The machines' clocks have to agree to within a second.
"""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sql

from rag.storage.archive.database import Database, retried
from rag.storage.archive.schema import attempts

# Those of readers who do not come back are deleted with every so manieth attempt of anybody.
_SWEEP_EVERY = 256


class AttemptStore:
    """Reach it as `Archive.shared.attempts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def add(self, key: str, *, at_most: int, seconds: float, now: float) -> bool:
        """Count one attempt; False, with nothing counted, where `at_most` were made in the last `seconds`.

        `now` is in seconds since 1970. Of several processes at once none passes the limit together with another.
        """
        name = _digest(key)
        mine = attempts.c.key == name
        # The key is locked as an article would be; no id of an article begins with a space.
        with self._database.writing(article=f" {name}") as connection:
            connection.execute(attempts.delete().where(mine, attempts.c.until <= now))
            if (connection.scalar(sql.select(sql.func.count()).where(mine)) or 0) >= at_most:
                return False
            row = {"key": name, "until": now + seconds}
            number = connection.execute(attempts.insert().returning(attempts.c.id), row).scalar_one()
        if number % _SWEEP_EVERY == 0:
            self._sweep(now)
        return True

    @retried
    def until(self, key: str, *, now: float) -> float:
        """When the oldest attempt that still counts no longer does; `now` where there is none."""
        query = sql.select(sql.func.min(attempts.c.until))
        with self._database.reading() as connection:
            first = connection.scalar(query.where(attempts.c.key == _digest(key), attempts.c.until > now))
        return now if first is None else float(first)

    @retried
    def _sweep(self, now: float) -> None:
        with self._database.writing() as connection:
            connection.execute(attempts.delete().where(attempts.c.until <= now))


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
