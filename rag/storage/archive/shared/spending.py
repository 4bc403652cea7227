"""What each day has cost, over all machines."""

from __future__ import annotations

import sqlalchemy as sql

from rag.storage.archive.database import Database, retried
from rag.storage.archive.schema import spending


class SpendingStore:
    """See `rag.models.spending.Account`. Reach it as `Archive.shared.spending`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def add(self, day: str, cost: float, *, at_most: float | None) -> bool:
        """Add to a day's account, never below 0; False, with nothing added, where it would pass `at_most`."""
        here = spending.c.day == day
        total = sql.case((spending.c.spent + cost < 0, 0.0), else_=spending.c.spent + cost)
        change = spending.update().where(here)
        if at_most is not None:
            change = change.where(spending.c.spent + cost <= at_most)
        first = self._database.insert(spending).values(day=day, spent=0.0).on_conflict_do_nothing()
        # Counted twice, it would be too much rather than too little; but nobody knows, so nothing is done again.
        with self._database.writing(repeatable=False) as connection:
            connection.execute(first)
            return connection.execute(change.values(spent=total)).rowcount > 0

    @retried
    def spent(self, day: str) -> float:
        """What a day has cost so far."""
        with self._database.reading() as connection:
            found = connection.scalar(sql.select(spending.c.spent).where(spending.c.day == day))
        return float(found or 0.0)
