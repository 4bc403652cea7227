"""What the chain hands from step to step: one type a stage, each with what the step before it added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from rag.answering.answer_selection import SelectedSentences
from rag.answering.model_writer import Usage
from rag.retrieval.library_names import SpelledQuestion
from rag.timing import Clock
from rag.types import Answer, Evidence, Question


@dataclass(frozen=True, slots=True)
class PartialDraft:
    """A model's unchecked words, in pieces that add up; `notice` says in a line what went otherwise than asked.

    `model` names who writes; a piece that `begins` takes the place of all before it.
    """

    text: str = ""
    notice: str = ""
    model: str = ""
    begins: bool = False

    def __add__(self, other: PartialDraft) -> PartialDraft:
        if other.begins:
            return other
        return PartialDraft(self.text + other.text, self.notice or other.notice, self.model or other.model)


class Asked(TypedDict):
    """What the chain is given: the reader's question, and their earlier ones, oldest first."""

    question: Question
    history: NotRequired[Sequence[str]]


class Understood(TypedDict):
    """The question in its context, and what is noted while it is answered."""

    question: Question
    spelled: SpelledQuestion
    clock: Clock
    usage: Usage


class Retrieved(Understood):
    """With the evidence for it, best first."""

    evidence: tuple[Evidence, ...]


class Selected(Retrieved):
    """With the sentences that answer it."""

    selected: SelectedSentences


class Drafted(Selected):
    """With what a model wrote, unchecked."""

    draft: PartialDraft


class Answered(Drafted):
    """With the checked answer."""

    answer: Answer
