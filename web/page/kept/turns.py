"""Finished turns as a reader's browser keeps them, and as they are shown again: a record, on which nothing is built.

What comes back from a browser is checked as anything that a stranger sends: it must have the types and hold the
invariants of the values that it stands for, its quotes are held against the articles of today, and it is shown through
the same templates as a fresh answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from pydantic import TypeAdapter

from rag.errors import UsageError
from rag.public_json import answer_json
from rag.storage.archive.answers import check_citations
from rag.types import Answer, Article, ArticleRef, Evidence, Passage
from rag.wording import N_, _, translated
from web.answer_markdown import answer_markdown, answer_text
from web.page.conversation import Answered, Conversation, Limits

MOST_TURNS = 100
"""So many turns of one conversation, the latest, are kept: with their quotes they fit into one request."""

_SEARCHED = 4_000
"""Characters of an answer in which the reader's browser looks for words."""

_UNREADABLE = N_("This conversation cannot be read; delete it, then ask anew.")


class Held(Protocol):
    """What is asked of the library: its archive."""

    def article(self, article_id: str) -> Article | None:
        """The article as it stands now."""

    def passages_by_id(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """The passages that still exist, by id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptPassage:
    """What was read for an answer, by its place; its text stays in the library."""

    passage: str
    start: int
    end: int
    score: float
    rank: int
    copies: tuple[ArticleRef, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptTurn:
    """A finished question; the answer's evidence stands in `read`."""

    question: str
    limits: Limits
    answer: Answer
    seconds: float
    scope: str = ""
    rated: str = ""
    read: tuple[KeptPassage, ...] = ()


def kept_turns(conversation: Conversation) -> list[dict[str, str]]:
    """The finished turns as the browser keeps them: `turn` comes back to `recalled`; question, `text` and `markdown`
    are for what the browser does by itself, to list, search and export."""
    finished = [turn for turn in conversation.turns if isinstance(turn, Answered)]
    return [
        {
            "question": turn.question,
            "text": answer_text(turn.answer)[:_SEARCHED],
            "markdown": answer_markdown(turn.answer),
            "turn": _adapter().dump_json(_kept(turn), exclude_defaults=True).decode(),
        }
        for turn in finished[-MOST_TURNS:]
    ]


def recalled(turns: Sequence[str], held: Held) -> Conversation:
    """The conversation that the browser kept; raises `UsageError` where this is none.

    Each turn says how many of its quotes no longer stand in their articles. What was read for it and is no longer in
    the library is left out.
    """
    if len(turns) > MOST_TURNS:
        raise UsageError(_("This conversation has more than {most} answers; begin a new one.", most=MOST_TURNS))
    try:
        kept = [_adapter().validate_json(turn, strict=True) for turn in turns]
        names = {read.passage for turn in kept for read in turn.read if _names_one(read)}
        passages = held.passages_by_id(sorted(names))
        return Conversation(tuple(_recalled(turn, passages, held) for turn in kept))
    # pydantic's, and those of our own types.
    except ValueError as error:
        raise UsageError(translated(_UNREADABLE)) from error


def read_turns(sent: str) -> list[str]:
    """What the page's script sent: a JSON list of texts; raises `UsageError` for anything else."""
    try:
        turns = json.loads(sent)
    # A depth without end, too.
    except (ValueError, RecursionError):
        turns = None
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise UsageError(translated(_UNREADABLE))
    return turns


def _kept(turn: Answered) -> KeptTurn:
    read = tuple(
        KeptPassage(
            passage=found.passage.id,
            start=found.passage.start,
            end=found.passage.end,
            score=found.score,
            rank=found.rank,
            copies=found.copies,
        )
        for found in turn.answer.evidence
    )
    return KeptTurn(
        question=turn.question,
        limits=turn.limits,
        answer=replace(turn.answer, evidence=()),
        seconds=turn.seconds,
        scope=turn.scope,
        rated=turn.rated,
        read=read,
    )


def _recalled(turn: KeptTurn, passages: Mapping[str, Passage], held: Held) -> Answered:
    checks = check_citations(answer_json(turn.answer), held)
    return Answered(
        question=turn.question,
        limits=turn.limits,
        answer=replace(turn.answer, evidence=tuple(_evidence(turn.read, passages))),
        seconds=turn.seconds,
        scope=turn.scope,
        rated=turn.rated,
        recalled=True,
        outdated=sum(check.state in ("changed", "removed") for check in checks),
    )


def _evidence(read: Sequence[KeptPassage], passages: Mapping[str, Passage]) -> Iterator[Evidence]:
    for one in read:
        passage = passages.get(one.passage)
        if passage is not None and (passage.start, passage.end) == (one.start, one.end):
            yield Evidence(passage=passage, score=one.score, rank=one.rank, copies=one.copies)


def _names_one(read: KeptPassage) -> bool:
    article, _, position = read.passage.rpartition(":")
    return bool(article) and article.isprintable() and position.isdecimal() and len(position) < 10


@cache
def _adapter() -> TypeAdapter[KeptTurn]:
    return TypeAdapter(KeptTurn)
