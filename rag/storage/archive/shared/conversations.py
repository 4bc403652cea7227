"""Conversations that readers keep under their logins; every method sees and changes those of one owner alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sql

from rag.errors import StorageError
from rag.storage.archive.database import Database, retried
from rag.storage.archive.schema import conversations

MOST_CONVERSATIONS = 1_000
MOST_CHARACTERS = 100_000_000
"""Of one owner. The page deletes the oldest long before."""

KeptTurns = Sequence[dict[str, str]]
"""The turns of one conversation as `web.page.kept.turns` makes them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationHead:
    """What a list shows of a conversation: `changed` is ISO 8601 in UTC, `size` is in characters."""

    id: str
    name: str
    changed: str
    answers: int
    size: int


_HEAD = [conversations.c[name] for name in ("id", "name", "changed", "answers", "size")]


class ConversationStore:
    """Reach it as `Archive.shared.conversations`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def heads(self, owner: str) -> list[ConversationHead]:
        """All of an owner's, the last changed first."""
        query = sql.select(*_HEAD).where(conversations.c.owner == owner)
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(conversations.c.changed.desc(), conversations.c.id))
            return [ConversationHead(**row) for row in found.mappings()]

    def holding(self, owner: str, words: Sequence[str]) -> list[str]:
        """The ids of those that hold every word, in the name, a question or an answer, in any case."""
        return self._holding(owner, [word.lower() for word in words])

    @retried
    def turns(self, owner: str, name: str) -> list[dict[str, str]]:
        """The turns of the conversation with this id, oldest first; none where the owner has no such."""
        query = sql.select(conversations.c.turns).where(_one(owner, name))
        with self._database.reading() as connection:
            found = connection.scalar(query)
        turns: list[dict[str, str]] = json.loads(found) if found is not None else []
        return turns

    @retried
    def put(self, owner: str, head: ConversationHead, turns: KeptTurns, *, known: int) -> bool:
        """Keep a conversation as it stands; False, with nothing changed, where more than `known` answers of it are
        kept: somebody else has gone on with it. One that is kept already keeps its name; `rename` gives it another.

        Raises `StorageError` where the owner's are too many.
        """
        # Two tabs of one owner take turns; no id of an article begins with a space.
        with self._database.writing(article=f" conversations of {owner}") as connection:
            mine = conversations.c.owner == owner
            stored = connection.execute(sql.select(*_HEAD).where(_one(owner, head.id))).one_or_none()
            if stored is not None and stored.answers > known:
                return False
            total = sql.select(sql.func.count(), sql.func.coalesce(sql.func.sum(conversations.c.size), 0))
            number, characters = connection.execute(total.where(mine, conversations.c.id != head.id)).one()
            if number >= MOST_CONVERSATIONS or characters + head.size > MOST_CHARACTERS:
                raise StorageError("too many conversations are kept; delete some of them")
            if stored is not None:
                head = replace(head, name=stored.name)
            connection.execute(conversations.delete().where(_one(owner, head.id)))
            connection.execute(conversations.insert(), _row(owner, head, turns))
        return True

    @retried
    def rename(self, owner: str, name: str, new_name: str) -> bool:
        """Give a conversation another name; False where the owner has no such."""
        with self._database.writing() as connection:
            change = conversations.update().where(_one(owner, name)).values(name=new_name)
            return connection.execute(change).rowcount > 0

    @retried
    def remove(self, owner: str, names: Sequence[str]) -> int:
        """Delete these, and return how many there were."""
        gone = conversations.delete().where(conversations.c.owner == owner, conversations.c.id.in_(list(names)))
        with self._database.writing() as connection:
            return connection.execute(gone).rowcount

    @retried
    def forget(self, owner: str) -> int:
        """Delete all of an owner's, and return how many there were."""
        with self._database.writing() as connection:
            return connection.execute(conversations.delete().where(conversations.c.owner == owner)).rowcount

    @retried
    def _holding(self, owner: str, words: Sequence[str]) -> list[str]:
        query = sql.select(conversations.c.id, conversations.c.name).where(conversations.c.owner == owner)
        with self._database.reading() as connection:
            # Names are compared here: what a database makes of capitals depends on its locale.
            names = [(row.id, row.name.lower()) for row in connection.execute(query)]
            for word in words:
                named = [name for name, said in names if word in said]
                holds = sql.or_(conversations.c.text.contains(word, autoescape=True), conversations.c.id.in_(named))
                query = query.where(holds)
            return [row.id for row in connection.execute(query)]


def _one(owner: str, name: str) -> sql.ColumnElement[bool]:
    return sql.and_(conversations.c.owner == owner, conversations.c.id == name)


def _row(owner: str, head: ConversationHead, turns: KeptTurns) -> dict[str, Any]:
    said = " ".join(f"{turn.get('question', '')} {turn.get('text', '')}" for turn in turns)
    return {
        "owner": owner,
        "id": head.id,
        "name": head.name,
        "changed": head.changed,
        "answers": head.answers,
        "size": head.size,
        # A database of texts takes no NUL; JSON writes it in letters.
        "text": said.lower().replace("\0", " "),
        "turns": json.dumps(list(turns), ensure_ascii=False),
    }
