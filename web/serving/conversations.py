"""Where the page's script keeps a reader's conversations in the library: each login sees its own, and no other."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from rag.storage.archive.shared.conversations import ConversationHead
from web.page.kept.turns import MOST_TURNS
from web.serving.bodies import CONVERSATIONS_PATH
from web.serving.login import READER

if TYPE_CHECKING:
    from rag.storage.archive.shared.conversations import ConversationStore

_ID = r"^[0-9a-f]{16}$"
_MOST_IDS = 1_000

Id = Annotated[str, Path(pattern=_ID)]
# A database of texts takes no NUL.
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]+$")]
Words = Annotated[list[Annotated[str, Field(pattern=r"^[^\x00]+$")]], Query(alias="word", min_length=1, max_length=20)]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Turn(_Given):
    """See `web.page.kept.turns.kept_turns`."""

    question: str
    text: str
    markdown: str
    turn: str


class _Conversation(_Given):
    name: Name
    changed: str = Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$")
    known: int = Field(ge=0)
    turns: list[_Turn] = Field(min_length=1, max_length=MOST_TURNS)


class _Renamed(_Given):
    name: Name


class _Removed(_Given):
    ids: list[Annotated[str, Field(pattern=_ID)]] = Field(max_length=_MOST_IDS)


def _owner(request: Request) -> str:
    """The login that a request came with; raises for one that came without."""
    name = str(request.scope.get(READER) or "")
    if not name:
        raise HTTPException(403, "conversations are kept for logins alone")
    return name


Owner = Annotated[str, Depends(_owner)]


def router(store: ConversationStore) -> APIRouter:
    """The routes over what the library keeps; no interface for programs."""

    def unseen(response: Response) -> None:
        # Who sits down at the same browser next reads none of it.
        response.headers["cache-control"] = "no-store"

    routes = APIRouter(prefix=CONVERSATIONS_PATH, include_in_schema=False, dependencies=[Depends(unseen)])

    @routes.get("")
    def heads(owner: Owner) -> list[dict[str, Any]]:
        return [asdict(head) for head in store.heads(owner)]

    @routes.get("/holding")
    def holding(owner: Owner, words: Words) -> list[str]:
        return store.holding(owner, words)

    @routes.post("/removed")
    def remove(owner: Owner, given: _Removed) -> dict[str, int]:
        return {"removed": store.remove(owner, given.ids)}

    @routes.get("/{name}")
    def turns(owner: Owner, name: Id) -> list[dict[str, str]]:
        return store.turns(owner, name)

    @routes.put("/{name}")
    def put(owner: Owner, name: Id, given: _Conversation) -> dict[str, bool]:
        kept = [turn.model_dump() for turn in given.turns]
        size = sum(len(part) for turn in kept for part in turn.values())
        head = ConversationHead(id=name, name=given.name, changed=given.changed, answers=len(kept), size=size)
        return {"kept": store.put(owner, head, kept, known=given.known)}

    @routes.patch("/{name}")
    def rename(owner: Owner, name: Id, given: _Renamed) -> dict[str, bool]:
        return {"renamed": store.rename(owner, name, given.name)}

    return routes
