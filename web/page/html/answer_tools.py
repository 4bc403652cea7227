"""What a reader can do with an answer: copy it, ask again, edit the question, go on from it, say if it helped."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import Answer
from rag.wording import N_, _, ngettext
from rag.wording.numbers import number_in_words
from web.answer_markdown import answer_markdown, answer_text
from web.page.conversation import Answered

_OF_ANY = (N_("does not answer the question"), N_("something is missing"))
_OF_QUOTES = (N_("a quote is beside the point"), N_("too long"))
_OF_NONE = (N_("should not have been refused"),)
REASONS = (*_OF_ANY, *_OF_QUOTES, *_OF_NONE)
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
    reasons: tuple[str, ...]


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
        reasons=(*_OF_ANY, *(_OF_QUOTES if turn.answer.sentences else _OF_NONE)),
    )


def made_of(answer: Answer) -> tuple[Row, ...]:
    """Writer, time of each stage and what the answer was made with."""
    made = answer.provenance
    stages = " · ".join(f"{name} {spent:,.0f} ms" for name, spent in made.timings.items())
    rows = [
        (
            _("Writer"),
            _("exact quotes")
            if made.writer == "quotes"
            else _("a language model ({model}), checked", model=made.model),
        ),
        (
            _("Sure"),
            _("{share} likely to answer the question", share=f"{answer.confidence:.0%}") if answer.confidence else "",
        ),
        (_("Time"), stages),
        (_("Took"), _took(answer)),
        (
            _("Found"),
            ngettext(
                "{n} passage in revision {revision} of the library",
                "{n} passages in revision {revision} of the library",
                len(answer.evidence),
                revision=number_in_words(made.revision),
            ),
        ),
    ]
    return tuple((name, value) for name, value in rows if value)


def _took(answer: Answer) -> str:
    """What a language model read and wrote for it."""
    usage = answer.provenance.usage
    counted = {
        "prompt_tokens": ngettext("{n} token read", "{n} tokens read", round(usage.get("prompt_tokens") or 0)),
        "completion_tokens": ngettext("{n} written", "{n} written", round(usage.get("completion_tokens") or 0)),
        "evidence_left_out": ngettext(
            "{n} passage left out for lack of room",
            "{n} passages left out for lack of room",
            round(usage.get("evidence_left_out") or 0),
        ),
    }
    counts = [words for name, words in counted.items() if usage.get(name)]
    return ", ".join([*counts, *([_("cost {sum}", sum=f"{usage['cost']:.4f}")] if usage.get("cost") else [])])
