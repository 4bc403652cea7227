"""Asks a set's questions of a desk and notes what measures need of the answers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eval.errors import EvaluationError
from rag.errors import NewsdeskError
from rag.types import Answer, Evidence

if TYPE_CHECKING:
    from rag.desk import Desk


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What a reader got for a question, and the time it took."""

    answer: Answer
    seconds: float

    @property
    def refused(self) -> bool:
        """Whether nothing was shown."""
        return self.answer.outcome == "not_found"

    @property
    def text(self) -> str:
        """The shown sentences without marks and attributions; "" for a refusal."""
        return " ".join(sentence.text for sentence in self.answer.sentences)

    def as_json(self) -> dict[str, Any]:
        """What a saved case says of it."""
        return {
            "outcome": self.answer.outcome,
            "confidence": round(self.answer.confidence, 4),
            "shown": self.text,
            "seconds": round(self.seconds, 4),
        }


def ask(desk: Desk, question: str, *, case_id: str) -> Reply:
    """Ask one question; an error ends the evaluation and names the case."""
    start = time.perf_counter()
    try:
        answer = desk.ask(question)
    except NewsdeskError as error:
        raise EvaluationError(f"case {case_id!r}: {error}") from error
    return Reply(answer=answer, seconds=time.perf_counter() - start)


def article_ids_of(evidence: Evidence) -> frozenset[str]:
    """The articles that a piece of evidence stands for: its own, and those that it names as copies."""
    return frozenset([evidence.passage.article.id, *(copy.id for copy in evidence.copies)])


def text_with_title(evidence: Evidence) -> str:
    """A passage under its article's title, as it is indexed and shown."""
    return f"{evidence.passage.article.title}\n{evidence.passage.text}"
