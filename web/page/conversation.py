"""What one reader's page holds: turns, each in exactly one stage of its life, and nothing shared between readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.scope import Scope
from rag.types import Answer, ArticleRef, Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What the reader set beside the question; `story` is the title of the story whose articles the scope names,
    `writer` one of the desk's, its first if empty."""

    scope: Scope = Scope()
    story: str = ""
    writer: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """A question being worked on: the stage reached, the evidence found so far and the unchecked draft."""

    question: str
    limits: Limits
    stage: str = ""
    evidence: tuple[Evidence, ...] = ()
    draft: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """A finished question; `seconds` is how long the reader waited.

    `scope` says what was searched, where nothing was found; `rated` what the reader has said of it. `recalled` marks
    what the reader's own browser had kept: it is shown and opened, and no other answer is made from it, nor is it
    rated. `outdated` counts those of its quotes that no longer stand in their articles. `further` are questions to go
    on with, looked for once the answer is shown.
    """

    question: str
    limits: Limits
    answer: Answer
    seconds: float
    scope: str = ""
    rated: str = ""
    recalled: bool = False
    outdated: int = 0
    further: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Stopped:
    """A question that the reader stopped; what had been found stays open to them."""

    question: str
    limits: Limits
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """A question that ended in a message for the reader; `question` is empty where none was asked."""

    question: str
    message: str


Turn = Asking | Answered | Stopped | Failed


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What a reference of the page leads to: an article, the marked part of its text, and who else carried it.

    `start` and `end` are 0 where nothing is marked; `quote` is the text that the reader was shown there. `is_lost`: an
    address named a quote at whose place other words stand.
    """

    article: ArticleRef
    start: int = 0
    end: int = 0
    quote: str = ""
    copies: tuple[ArticleRef, ...] = ()
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of one reader, oldest first."""

    turns: tuple[Turn, ...] = ()

    @property
    def history(self) -> tuple[str, ...]:
        """The questions that were answered so far; they help to understand the next one."""
        return tuple(turn.question for turn in self.turns if isinstance(turn, Answered))

    @property
    def last_answer(self) -> Answer | None:
        """The answer to the last of `history`, for an order ("shorter"); None where that one was recalled."""
        last = next((turn for turn in reversed(self.turns) if isinstance(turn, Answered)), None)
        return last.answer if last is not None and not last.recalled else None

    def begin(self, turn: Asking) -> Conversation:
        """Add a turn: a bare message, or the same question still being worked on, gives way to it."""
        match self.turns:
            case (*kept, Failed(question="")):
                return Conversation((*kept, turn))
            case (*kept, Asking(question=question)) if question == turn.question:
                return Conversation((*kept, turn))
        return Conversation((*self.stopped().turns, turn))

    def with_last(self, turn: Turn) -> Conversation:
        """Replace the last turn by its next stage."""
        return Conversation((*self.turns[:-1], turn))

    def stopped(self) -> Conversation:
        """The same, with a question that was being worked on marked as stopped."""
        match self.turns:
            case (*_, Asking(question=question, limits=limits, evidence=evidence)):
                return self.with_last(Stopped(question=question, limits=limits, evidence=evidence))
        return self

    def opened(self, reference: str) -> Opened | None:
        """Follow a reference that `reference_to` made; None where it leads nowhere in this conversation."""
        turn_number, _, rest = reference.partition(":")
        kind, _, number = rest.partition(":")
        if not (turn_number.isdecimal() and number.isdecimal()) or int(turn_number) >= len(self.turns):
            return None
        return _opened(self.turns[int(turn_number)], kind, int(number))


def reference_to(turn: int, kind: str, number: int) -> str:
    """Name something that a reader can open: kind "citation" or "related" by marker, "evidence" by rank, "nearest" by
    position."""
    return f"{turn}:{kind}:{number}"


def evidence_of(turn: Turn) -> tuple[Evidence, ...]:
    """The evidence that the reader can open from a turn."""
    match turn:
        case Answered(answer=answer):
            return answer.evidence
        case Asking(evidence=evidence) | Stopped(evidence=evidence):
            return evidence
    return ()


def _opened(turn: Turn, kind: str, number: int) -> Opened | None:
    if kind == "evidence":
        return next((_from_evidence(found) for found in evidence_of(turn) if found.rank == number), None)
    if not isinstance(turn, Answered):
        return None
    if kind == "nearest":
        return _at(turn.answer.nearest, number)
    shown = {"citation": turn.answer.citations, "related": turn.answer.related}.get(kind, ())
    for cited in shown:
        if cited.marker == number:
            return Opened(
                article=cited.article, start=cited.start, end=cited.end, quote=cited.quote, copies=cited.copies
            )
    return None


def _from_evidence(found: Evidence) -> Opened:
    passage = found.passage
    return Opened(
        article=passage.article, start=passage.start, end=passage.end, quote=passage.text, copies=found.copies
    )


def _at(nearest: Sequence[ArticleRef], position: int) -> Opened | None:
    return Opened(article=nearest[position]) if position < len(nearest) else None
