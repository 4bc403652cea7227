"""What a reader can do with an answer: copy it, ask again, edit the question, go on from it, say if it helped."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import Answer
from web.answer_markdown import answer_markdown, answer_text
from web.page.conversation import Answered
from web.page.html.words import counted

REASONS = (
    "does not answer the question",
    "a quote is beside the point",
    "something is missing",
    "should not have been refused",
    "too long",
)
"""What may be wrong with an answer, in the reader's words."""

FURTHER = ("Tell me more", "Who said that?", "Are you sure?")
"""What can be asked of any answer with quotes."""

FIRST = ("What's new?", "Which outlets are here?")
"""What any library can be asked."""

Row = tuple[str, str]
"""What a figure is called, and the figure in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerTools:
    """The row of buttons under the answer to turn `number`; `reasons` are offered where it may be rated and is not."""

    number: int
    question: str
    text: str
    markdown: str
    suggestions: tuple[str, ...]
    may_rate: bool
    rated: str
    reasons: tuple[str, ...] = REASONS


def answer_tools(number: int, turn: Answered, *, may_rate: bool) -> AnswerTools:
    """What can be done with an answer, and the questions to go on with."""
    orders = FURTHER if turn.answer.sentences else FIRST if turn.answer.outcome == "told" else ()
    suggestions = (*turn.further, *orders)
    return AnswerTools(
        number=number,
        question=turn.question,
        text=answer_text(turn.answer),
        markdown=answer_markdown(turn.answer),
        suggestions=suggestions,
        may_rate=may_rate,
        rated=turn.rated,
    )


def made_of(answer: Answer) -> tuple[Row, ...]:
    """Writer, time of each stage and what the answer was made with."""
    made = answer.provenance
    stages = " · ".join(f"{name} {spent:,.0f} ms" for name, spent in made.timings.items())
    rows = [
        ("Writer", "exact quotes" if made.writer == "quotes" else f"a language model ({made.model}), checked"),
        ("Sure", f"{answer.confidence:.0%} likely to answer the question" if answer.confidence else ""),
        ("Time", stages),
        ("Took", _took(answer)),
        ("Found", f"{counted(len(answer.evidence), 'passage')} in revision {made.revision:,} of the library"),
    ]
    return tuple((name, value) for name, value in rows if value)


def _took(answer: Answer) -> str:
    """What a language model read and wrote for it."""
    usage = answer.provenance.usage
    counts = [
        f"{usage[name]:,.0f} {unit}"
        for name, unit in (
            ("prompt_tokens", "tokens read"),
            ("completion_tokens", "written"),
            ("evidence_left_out", "passages left out for lack of room"),
        )
        if usage.get(name)
    ]
    return ", ".join([*counts, *([f"cost {usage['cost']:.4f}"] if usage.get("cost") else [])])
