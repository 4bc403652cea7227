"""Feed subscriptions: which feeds are followed, how their last poll went, and which entries were seen.

Nothing here is a change of an article, so nothing advances the archive's revision.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sql

from rag.storage.archive.database import Database, retried
from rag.storage.archive.rows import moment_of
from rag.storage.archive.schema import entries, feeds

FORGET_ENTRIES_AFTER = timedelta(days=90)
"""An entry that left its feed is remembered this long: feeds show an old entry again after an edit or a restore."""

_TIMES = ("added", "polled", "next_poll")


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """One subscription.

    `follow` says whether the links of entries are fetched. `etag`, `last_modified` and `body_digest` are those of the
    last body read and are empty before. `polled` is None before the first poll, `next_poll` None where it is due.
    `failures` counts polls that failed in a row; `problem` is the last one's sentence, "" after a success.
    """

    url: str
    title: str = ""
    follow: bool = True
    added: datetime
    etag: str = ""
    last_modified: str = ""
    body_digest: str = ""
    polled: datetime | None = None
    next_poll: datetime | None = None
    failures: int = 0
    problem: str = ""

    def __post_init__(self) -> None:
        if not self.url:
            raise ValueError("a feed needs a URL")
        if self.failures < 0:
            raise ValueError(f"failures count from 0, got {self.failures}")
        for moment in (self.added, self.polled, self.next_poll):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"a feed's times need a time zone, got {moment!r}")


class FeedStore:
    """The archive's feeds. Reach it as `Archive.feeds`; every call that writes is one short transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Who holds a claim: a poller whose lease ran out must not release the claim of the next one.
        self._holder = uuid.uuid4().hex

    @retried
    def add(self, url: str, *, title: str = "", follow: bool = True, now: datetime) -> bool:
        """Subscribe; False, and nothing changed, where the feed is there already."""
        row = _row(Feed(url=url, title=title, follow=follow, added=now))
        put = self._database.insert(feeds).values(row).on_conflict_do_nothing().returning(feeds.c.id)
        with self._database.writing() as connection:
            return connection.scalar(put) is not None

    @retried
    def remove(self, url: str) -> bool:
        """End a subscription and forget its entries; the articles that came from it stay. False where there is none."""
        with self._database.writing() as connection:
            connection.execute(entries.delete().where(entries.c.feed_id == _id_of(url)))
            return connection.execute(feeds.delete().where(feeds.c.url == url)).rowcount > 0

    @retried
    def feeds(self) -> list[Feed]:
        """Every subscription, in the order they were added."""
        with self._database.reading() as connection:
            rows = connection.execute(sql.select(feeds).order_by(feeds.c.added, feeds.c.url))
            return [_feed(row) for row in rows]

    @retried
    def feed(self, url: str) -> Feed | None:
        """One subscription, None where there is none of that URL."""
        with self._database.reading() as connection:
            row = connection.execute(sql.select(feeds).where(feeds.c.url == url)).one_or_none()
        return None if row is None else _feed(row)

    @retried
    def update(self, feed: Feed) -> None:
        """Write down how a poll went; a feed that was removed meanwhile stays removed."""
        with self._database.writing() as connection:
            connection.execute(feeds.update().where(feeds.c.url == feed.url).values(_row(feed)))

    @retried
    def entry_digests(self, url: str) -> dict[str, str]:
        """Entry key -> digest of its content when it was last noted; empty for an unknown feed."""
        query = sql.select(entries.c.key, entries.c.digest).where(entries.c.feed_id == _id_of(url))
        with self._database.reading() as connection:
            return {row.key: row.digest for row in connection.execute(query)}

    @retried
    def note_entries(self, url: str, digests: Mapping[str, str], now: datetime) -> None:
        """Write down what the feed shows now: every entry, also the unchanged ones, which count as seen.

        Entries of this feed that were not seen for `FORGET_ENTRIES_AFTER` are forgotten. A feed that was removed
        meanwhile stays removed.
        """
        with self._database.writing() as connection:
            number = connection.scalar(sql.select(feeds.c.id).where(feeds.c.url == url))
            if number is None:
                return
            rows = [
                {"feed_id": number, "key": key, "digest": digest, "last_seen": now.timestamp()}
                for key, digest in digests.items()
            ]
            if rows:
                put = self._database.insert(entries)
                renewed = {name: put.excluded[name] for name in ("digest", "last_seen")}
                connection.execute(put.on_conflict_do_update(index_elements=["feed_id", "key"], set_=renewed), rows)
            oldest = (now - FORGET_ENTRIES_AFTER).timestamp()
            connection.execute(entries.delete().where(entries.c.feed_id == number, entries.c.last_seen < oldest))

    @retried
    def claim(self, url: str, *, now: datetime, lease_seconds: float) -> bool:
        """Take the feed for one poll; False where somebody else polls it, or where there is no such feed.

        Of several processes that ask at once, one gets it. A lease that nobody released ends after `lease_seconds`:
        choose more than the longest poll takes.
        """
        free = sql.or_(feeds.c.claimed_until.is_(None), feeds.c.claimed_until <= now.timestamp())
        claimed = {"claimed_by": self._holder, "claimed_until": now.timestamp() + lease_seconds}
        with self._database.writing(repeatable=False) as connection:
            taken = connection.execute(feeds.update().where(feeds.c.url == url, free).values(claimed))
            return taken.rowcount > 0

    @retried
    def release(self, url: str) -> None:
        """Give a claimed feed back; does nothing where this archive's claim was taken over after its lease."""
        mine = (feeds.c.url == url) & (feeds.c.claimed_by == self._holder)
        with self._database.writing() as connection:
            connection.execute(feeds.update().where(mine).values(claimed_by=None, claimed_until=None))


def _id_of(url: str) -> sql.ScalarSelect[Any]:
    return sql.select(feeds.c.id).where(feeds.c.url == url).scalar_subquery()


def _row(feed: Feed) -> dict[str, Any]:
    moments = {name: getattr(feed, name) for name in _TIMES}
    return asdict(feed) | {name: moment and moment.timestamp() for name, moment in moments.items()}


def _feed(row: Any) -> Feed:
    values = {name: getattr(row, name) for name in Feed.__dataclass_fields__}
    return Feed(**values | {name: moment_of(values[name]) for name in _TIMES})
