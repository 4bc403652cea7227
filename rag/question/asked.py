"""A reader's question made ready to be answered: its text checked, its limits as the library spells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from rag.errors import UsageError
from rag.question.outlets import named_outlets
from rag.question.tags import known_tags
from rag.scope import Scope, only_scope
from rag.text.unseen_characters import visible
from rag.types import Question


class Known(Protocol):
    """What a library knows (`rag.desk.Desk`)."""

    def outlets(self) -> list[str]: ...
    def tags(self) -> Mapping[str, int]: ...


def checked_question(question: str | Question, scope: Scope, *, longest: int, known: Known) -> Question:
    """The question within a scope; raises `UsageError` for a text, outlet or tag that cannot be used.

    `longest` is in characters. A `Question` with limits of its own takes no others.
    """
    given = question if isinstance(question, Question) else Question(text=visible(" ".join(question.split())))
    if not given.text.strip():
        raise UsageError("the question is empty; type a question")
    if len(given.text) > longest:
        raise UsageError(f"the question has {len(given.text)} characters; shorten it to {longest} at most")
    return replace(given, scope=known_scope(only_scope(given.scope, scope), known))


def known_scope(scope: Scope, known: Known) -> Scope:
    """The scope with its outlets and tags as the library spells them; raises `UsageError` for one that is not there."""
    if scope.outlets:
        scope = replace(scope, outlets=named_outlets(scope.outlets, known.outlets()))
    return replace(scope, tags=known_tags(scope.tags, list(known.tags()))) if scope.tags else scope
