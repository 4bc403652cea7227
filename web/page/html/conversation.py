"""A conversation, and what stands on the page before the first question, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup

from rag.text.formatting import clipped
from rag.types import ArticleRef
from rag.wording import N_, _, translated
from web.page.conversation import Answered, Asking, Conversation, Failed, Limits, Stopped, Turn
from web.page.html.answer import AnswerView, Found, answer_view, found_view, limits_view
from web.page.html.rendering import fragment, render

if TYPE_CHECKING:
    from rag.storage.library_status import LibraryStatus

_STAGES = {
    "waiting": N_("Waiting for a free place"),
    "understanding": N_("Reading the question"),
    "reading": N_("Reading the articles"),
    "translating": N_("Translating the question"),
    "searching": N_("Searching the articles"),
    "selecting": N_("Choosing the sentences that answer"),
    "writing": N_("Writing a draft"),
    "checking": N_("Checking every sentence against its quote"),
}
_QUESTION_SHOWN = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class TurnView:
    """A turn of the conversation. `answer` is set where it is `answered`; `found` where it is not, and there is any."""

    number: int
    state: Literal["asking", "answered", "stopped", "failed"]
    question: str
    limits: Limits | None = None
    stage: str = ""
    draft: str = ""
    found: Found | None = None
    answer: AnswerView | None = None
    message: str = ""


TurnCache = dict[int, tuple[Turn, bool, Markup]]
"""A turn's number -> the turn, whether it could be rated, and its HTML."""


def conversation_html(
    conversation: Conversation,
    *,
    session: str = "",
    may_rate: bool = False,
    may_add: bool = False,
    cache: TurnCache | None = None,
) -> str:
    """Every turn, oldest first; `session` is the name under which the reader's browser remembers them.

    `may_rate` asks the reader whether an answer helped; `may_add` says, where there is none, that they can add what is
    lacking. `cache` belongs to one reader: a turn that stands in it as it
    is now is not made anew, since every few words of a draft redraw the whole conversation.
    """
    known = cache if cache is not None else {}
    turns = []
    for number, turn in enumerate(conversation.turns):
        held = known.get(number)
        if held is None or held[:2] != (turn, may_rate):
            made = fragment("turn.html", "turn", _turn(number, turn, may_rate=may_rate, may_add=may_add))
            held = known[number] = (turn, may_rate, made)
        turns.append(held[2])
    return render("conversation.html", turns=turns, session=session)


def masthead_html(status: LibraryStatus | None) -> str:
    """The page's name, and what its library holds where that is known."""
    return render("masthead.html", status=status)


def welcome_html(
    examples: Sequence[str],
    *,
    empty: bool,
    sample: Literal["none", "some", "all"] = "none",
    may_add: bool = False,
) -> str:
    """What stands on the page before the first question.

    `empty`: the library holds no articles, and where the reader `may_add` some, the fields for that stand beneath.
    `sample` says how much of it is the sample.
    """
    return render("welcome.html", examples=examples, empty=empty, sample=sample, may_add=may_add)


def limits_text(limits: Limits) -> str:
    """What a question is limited to: `Only articles published since 1 June 2024`; empty where it is to nothing."""
    chosen = limits_view(limits)
    return _("Only {articles}", articles=fragment("answer.html", "limits", chosen).striptags()) if chosen else ""


def story_html(story: Sequence[ArticleRef]) -> str:
    """The line that only a story's articles are asked, with the way out; empty where all are."""
    return render("story.html", story=story) if story else ""


def story_failed_html(message: str) -> str:
    """Why a story alone cannot be asked."""
    return render("story_failed.html", message=message)


def _turn(number: int, turn: Turn, *, may_rate: bool, may_add: bool) -> TurnView:
    question = clipped(turn.question, _QUESTION_SHOWN)
    if isinstance(turn, Failed):
        message = turn.message[:1].upper() + turn.message[1:]
        return TurnView(number=number, state="failed", question=question, message=message)
    limits = limits_view(turn.limits)
    match turn:
        case Answered():
            answer = answer_view(number, turn, may_rate=may_rate and not turn.recalled, may_add=may_add)
            return TurnView(number=number, state="answered", question=question, limits=limits, answer=answer)
        case Stopped():
            found = found_view(number, turn.evidence)
            return TurnView(number=number, state="stopped", question=question, limits=limits, found=found)
        case Asking():
            return TurnView(
                number=number,
                state="asking",
                question=question,
                limits=limits,
                stage=translated(_STAGES.get(turn.stage, turn.stage.capitalize())) or _("Starting"),
                draft=turn.draft,
                found=found_view(number, turn.evidence, only_first=True),
            )
