"""What happens when a reader asks, stops or opens something: plain functions of a desk and a conversation."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING

from rag.errors import NewsdeskError, UsageError
from rag.events import Draft, Event, Finished, Found, Stage
from rag.retrieval.rivals import rivals_among
from rag.scope import Scope
from rag.text.formatting import day_in_words
from rag.types import Article, ArticleRef
from rag.wording import _, ngettext, pgettext
from web.page.conversation import Answered, Asking, Conversation, Failed, Limits, Opened
from web.page.examples import example_questions, sample_among
from web.page.html.article import article_html, problem_html
from web.page.html.conversation import conversation_html, masthead_html, welcome_html
from web.page.html.edit_form import EditForm
from web.page.html.words import title_of

if TYPE_CHECKING:
    from rag.desk import Desk
from web.serving.error_message import message_for

# A draft grows by a word at a time and every step redraws the conversation: fewer steps read as well and cost less.
DRAFT_STEP_CHARACTERS = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """What the page's fields hold, as it was typed and chosen; `story` are the articles that the reader keeps to."""

    question: str
    after: str = ""
    before: str = ""
    outlets: Sequence[str] = ()
    tags: Sequence[str] = ()
    writer: str = ""
    story: tuple[ArticleRef, ...] = ()

    def limits(self) -> Limits:
        """What they limit the question to; raises `UsageError` for the reader."""
        scope = read_scope(self.after, self.before, self.outlets, self.tags)
        if not self.story:
            return Limits(scope=scope, writer=self.writer)
        within = replace(scope, articles=tuple(ref.id for ref in self.story))
        return Limits(scope=within, story=title_of(self.story[0]), writer=self.writer)


def read_scope(after: str, before: str, outlets: Sequence[str], tags: Sequence[str] = ()) -> Scope:
    """The scope that the page's fields give (ISO dates, empty for none); raises `UsageError` for the reader."""
    if not isinstance(outlets, list | tuple) or not isinstance(tags, list | tuple):
        raise UsageError(_("The choice of sources cannot be read; choose again, or clear it."))
    named = pgettext("field for a day", "From"), pgettext("field for a day", "To")
    first, last = _read_date(named[0], after), _read_date(named[1], before)
    if first and last and first > last:
        raise UsageError(
            _(
                "The dates run backwards: From is {first}, To is {last}. Swap them, or clear one.",
                first=first,
                last=last,
            )
        )
    return Scope.of(after=first, before=last, outlets=outlets, tags=tags)


def respond(
    desk: Desk, conversation: Conversation, question: str, limits: Limits, *, clock: Callable[[], float] = perf_counter
) -> Generator[Conversation, None, None]:
    """Ask, and yield the conversation after each step worth showing; it ends `Answered` or `Failed` and never raises.

    Closing this iterator stops the work at the desk.
    """
    turn = Asking(question=question.strip(), limits=limits)
    history, begun = conversation.history, conversation.begin(turn)
    started = clock()
    try:
        if not turn.question:
            raise UsageError(_("There is no question yet: write one, then press Enter."))
        yield begun
        last = conversation.last_answer
        events = desk.stream(turn.question, history=history, last=last, writer=limits.writer, scope=limits.scope)
        with closing(events):  # type: ignore[type-var]
            steps = _steps(turn, events, lambda: clock() - started, lambda: _searched(desk))
            yield from (begun.with_last(step) for step in steps)
    # The page outlives whatever goes wrong behind it: here a reader's question meets every layer.
    except Exception as error:
        yield begun.with_last(Failed(question=turn.question, message=message_for(error)))


def respond_to(
    desk: Desk, conversation: Conversation, fields: Fields, *, admitted: Callable[[], None] = lambda: None
) -> Generator[Conversation, None, None]:
    """`respond`, to what the page's fields hold.

    Fields that cannot be read, or a reader whom `admitted` refuses with a `NewsdeskError`, end it with a message.
    """
    asked = fields.question.strip()
    try:
        limits = fields.limits()
        if asked:
            yield conversation.begin(Asking(question=asked, limits=limits, stage="waiting"))
        admitted()
    except NewsdeskError as error:
        begun = conversation.begin(Asking(question=asked, limits=Limits()))
        yield begun.with_last(Failed(question=asked, message=str(error)))
        return
    yield from respond(desk, conversation, asked, limits)


def panel_html(
    desk: Desk,
    find: Callable[[], Opened | None],
    reference: str,
    *,
    summarised: bool = False,
    form_of: Callable[[Article], EditForm] | None = None,
) -> str:
    """The article that `find` leads to, with a summary of it where that is asked for; never raises.

    `form_of` gives the form in which it is corrected, where that is allowed.
    """
    try:
        opened = find()
        if opened is None:
            return problem_html(_lost(reference))
        article = desk.article(opened.article.id)
        summary = desk.summarize([article.ref.id]) if summarised else None
        form = form_of(article) if form_of is not None else None
        tags = desk.tags_of(article.ref.id)
        rival = rivals_among(desk.library.archive, [article.ref.id]).get(article.ref.id)
        return article_html(article, opened, reference=reference, summary=summary, form=form, tags=tags, rival=rival)
    # As in `respond`: an article that cannot be read is a message in the panel, not the end of the page.
    except Exception as error:
        return problem_html(message_for(error))


def _lost(reference: str) -> str:
    """Why a reference leads nowhere: one of the conversation, or the address of an article."""
    if reference.startswith(("article:", "quote:", "edit:")):
        return _("It is not in this library: it was removed, or its address is not whole.")
    return _("It is no longer part of this conversation; ask again.")


def masthead(desk: Desk) -> str:
    """The page's head as HTML; never raises, as the welcome says where the library cannot be read."""
    try:
        return masthead_html(desk.status())
    # As in `respond`.
    except Exception:
        return masthead_html(None)


def welcome(desk: Desk, *, may_add: bool = False) -> str:
    """What stands on the page before the first question, as HTML; never raises. `may_add`: an empty library is filled
    on the page."""
    try:
        examples, sample = example_questions(desk), sample_among(desk.articles(limit=200))
        return welcome_html(examples, empty=desk.status().articles == 0, sample=sample, may_add=may_add)
    # As in `respond`: a library that cannot be read is a message on the page, which stays open for when it can.
    except Exception as error:
        return conversation_html(Conversation((Failed(question="", message=message_for(error)),)))


def choices_of(desk: Desk) -> tuple[list[str], list[str]]:
    """The outlets and the tags to choose from; none where the library cannot be read, which the welcome reports."""
    try:
        return desk.outlets(), list(desk.tags())
    # As in `respond`.
    except Exception:
        return [], []


def _searched(desk: Desk) -> str:
    """What a search has looked through, in a sentence."""
    status = desk.status()
    if status.first_published is None or status.last_published is None:
        return ngettext("{n} article was searched.", "{n} articles were searched.", status.articles)
    return ngettext(
        "{n} article, published from {first} to {last}, was searched.",
        "{n} articles, published from {first} to {last}, were searched.",
        status.articles,
        first=day_in_words(status.first_published),
        last=day_in_words(status.last_published),
    )


def _steps(
    turn: Asking, events: Iterator[Event], elapsed: Callable[[], float], searched: Callable[[], str]
) -> Iterator[Asking | Answered]:
    draft, shown = "", 0
    stage, evidence = turn.stage, turn.evidence
    for event in events:
        match event:
            case Finished(answer=answer):
                yield Answered(
                    question=turn.question,
                    limits=turn.limits,
                    answer=answer,
                    seconds=elapsed(),
                    scope=searched() if answer.outcome == "not_found" else "",
                )
                return
            case Stage(name=name):
                stage = name
            case Found(evidence=found):
                evidence = found
            case Draft(text=piece):
                draft += piece
                if len(draft) - shown < DRAFT_STEP_CHARACTERS:
                    continue
                shown = len(draft)
        yield Asking(question=turn.question, limits=turn.limits, stage=stage, evidence=evidence, draft=draft)
    raise RuntimeError("the desk's events ended without an answer")


def _read_date(field: str, value: str) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise UsageError(
            _(
                "{field} is {given}, which is not a date; write it as 2024-06-30, or clear it.",
                field=field,
                given=repr(value[:40]),
            )
        ) from error
