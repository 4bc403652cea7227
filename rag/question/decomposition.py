"""The parts of a question that asks several things: "what does it ban, and how big are the fines?".

Each part is answered for itself, so that an answer to the one does not pass for an answer to the other. What follows an
"and" may lean on what stands before it: that is then its context.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.question.answer_type import without_asking
from rag.question.search_plan import outlet_questions
from rag.text.search_terms import content_terms
from rag.types import Question

MOST_PARTS = 3

SELF_CONTAINED_FROM_TERMS = 3
"""A part with fewer words of meaning leans on the first one."""

_ASKS = r"(?:who|whom|whose|what|when|where|why|which|how|did|does|do|was|were|is|are|has|have|will|can|could|should)"
_BREAK = re.compile(
    rf"(?:\?\s+(?:and\s+)?|[,;]?\s+and\s+)(?=(?:(?:at|by|for|from|in|on|to|with|until|since)\s+)?{_ASKS}\b)",
    re.IGNORECASE,
)
_ASKS_ANYWHERE = re.compile(rf"\b{_ASKS}\b", re.IGNORECASE)


def question_parts(question: Question, outlets: Sequence[str]) -> tuple[Question, ...]:
    """The parts of a question, in order; the question alone where it asks one thing.

    A question that names several outlets has a part for each of them, limited to it. `outlets` are those of the
    library.
    """
    by_outlet = outlet_questions(question, outlets)
    if len({part.scope.outlets for part in by_outlet}) > 1:
        return by_outlet[:MOST_PARTS]
    pieces = [piece.strip(" ,;?.") for piece in _BREAK.split(question.complete)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) < 2 or not content_terms(pieces[0]) or not _ASKS_ANYWHERE.match(pieces[0]):
        return (question,)
    first = replace(question, text=pieces[0], standalone="")
    return (first, *(_leaning(question, piece, pieces[0]) for piece in pieces[1:MOST_PARTS]))


def _leaning(question: Question, piece: str, first: str) -> Question:
    """A later part; one that says too little by itself ("and by how much") is asked with what the first is about."""
    context = " ".join(filter(None, (question.context, first)))
    if len(content_terms(without_asking(piece))) >= SELF_CONTAINED_FROM_TERMS:
        return replace(question, text=piece, standalone="", context=context)
    about = " ".join(without_asking(first).split())
    return replace(question, text=piece, standalone=f"{piece}, {about}", context=question.context)
