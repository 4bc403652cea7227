"""The Ask view's components, and what is wired to what: the conversation, the question box and its limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.errors import NewsdeskError
from rag.wording import _, pgettext
from web.page.chat import Fields, choices_of, masthead, respond_to, welcome
from web.page.components import PRIVATE, Shared, date_field, html, sent, tag_choices, tags_field
from web.page.conversation import Answered, Failed
from web.page.feedback import Feedback, Verdict
from web.page.html.answer_tools import REASONS
from web.page.html.conversation import conversation_html, limits_text
from web.page.kept.view import greeting, resume, resumed, to_keep
from web.page.library.additions import Additions, additions, wire_additions
from web.page.opening import panel_of
from web.page.session import Session
from web.serving.context import reader_of

if TYPE_CHECKING:
    from rag.desk import Desk


@dataclass(frozen=True, kw_only=True, slots=True)
class AskView:
    """The conversation, the story that alone is asked, the question box with its buttons, and the limits."""

    log: gr.HTML
    story: gr.HTML
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    after: gr.HTML
    before: gr.HTML
    outlets: gr.Dropdown
    tags: gr.Dropdown
    first: Additions | None
    writer: gr.Dropdown
    fold: gr.Accordion

    @property
    def limits(self) -> list[Any]:
        """The fields that say from what is answered, and by whom."""
        return [self.after, self.before, self.outlets, self.tags, self.writer]

    @property
    def outputs(self) -> list[Any]:
        """What a step of an answer changes."""
        return [self.log, self.question, self.ask, self.stop]


def ask_view(*, may_add: bool) -> AskView:
    """The view's components, where they are to stand; `may_add`: an empty library is filled here."""
    log = html("log", js_on_load="newsdesk.log(element, trigger, watch)")
    with gr.Column(elem_id="nd-first"):
        first = additions("first") if may_add else None
    with gr.Column(elem_id="nd-composer"):
        story = html("story", js_on_load="newsdesk.story(element, trigger)")
        question, ask, stop = _question_row()
        fold, (after, before, outlets, tags) = _limits_row()
        writer = gr.Dropdown([], label=_("Written by"), elem_id="nd-writer", visible=False)
    return AskView(
        log=log, story=story, question=question, ask=ask, stop=stop, after=after, before=before, outlets=outlets,
        tags=tags, first=first, fold=fold,
        writer=writer,
    )  # fmt: skip


def wire_ask(shared: Shared, view: AskView) -> None:
    """Connect the view."""
    _wire_questions(shared, view)
    _wire_rating(shared, view)
    _wire_ends(shared, view)
    _wire_arrival(shared, view)
    if view.first is not None:
        for ended in wire_additions(shared, view.first):
            ended.then(partial(_log, shared), [shared.session], [view.log], **PRIVATE)


def _question_row() -> tuple[gr.Textbox, gr.Button, gr.Button]:
    with gr.Row(elem_id="nd-ask-row"):
        question = gr.Textbox(
            label=_("Your question"),
            show_label=False,
            placeholder=_("Ask a question"),
            lines=1,
            max_lines=6,
            autofocus=True,
            elem_id="nd-question",
            html_attributes=gr.InputHTMLAttributes(enterkeyhint="send"),
            scale=1,
        )
        ask = gr.Button(pgettext("button", "Ask"), variant="primary", elem_id="nd-ask", scale=0)
        stop = gr.Button(_("Stop"), elem_id="nd-stop", visible=False, scale=0)
    return question, ask, stop


def _limits_row() -> tuple[gr.Accordion, tuple[gr.HTML, gr.HTML, gr.Dropdown, gr.Dropdown]]:
    with gr.Accordion(_offer(), open=False, elem_id="nd-limits") as fold, gr.Row():
        after, before = date_field(pgettext("field for a day", "From")), date_field(pgettext("field for a day", "To"))
        outlets = gr.Dropdown([], multiselect=True, label=_("Outlets"), elem_id="nd-outlets", scale=1)
        tags = tags_field(_("Tags"), "nd-tags")
    return fold, (after, before, outlets, tags)


def _offer() -> str:
    return _("Limit to dates, outlets or tags")


def _wire_questions(shared: Shared, view: AskView) -> None:
    app_context = shared.app_context
    desk = app_context.desk

    def answer(request: gr.Request, current: Session, asked: str, *given: Any) -> Iterator[tuple[Any, ...]]:
        work, box = current.start(), ""
        after, before, outlets, tags, writer = given
        fields = Fields(
            question=asked, after=after, before=before, outlets=outlets, tags=tags or (), writer=writer or "",
            story=current.story,
        )  # fmt: skip
        turn = ExitStack()

        def spend() -> None:
            turn.enter_context(app_context.rate_limiter.work(reader_of(request)))

        with turn, closing(respond_to(desk, current.conversation, fields, admitted=spend)) as steps:
            for step in steps:
                if not current.keep(work, step):
                    break
                app_context.count("page", step.turns[-1])
                yield *_outputs(shared, current, asked if isinstance(step.turns[-1], Failed) else box), gr.skip()
                box = gr.skip()
        # Gradio sends the last output again when a function ends: it must be what holds by then, stopped or asked anew.
        yield *_outputs(shared, current, gr.skip()), to_keep(current)

    def answer_example(
        request: gr.Request, current: Session, event: gr.EventData, *given: Any
    ) -> Iterator[tuple[Any, ...]]:
        yield from answer(request, current, sent(event, "question"), *given)

    def limits_in_words(*given: Any) -> Any:
        after, before, outlets, tags = given
        fields = Fields(question="", after=after, before=before, outlets=outlets, tags=tags or (), writer="")
        try:
            return gr.update(label=limits_text(fields.limits()) or _offer())
        # Asking tells what is wrong with them.
        except NewsdeskError:
            return gr.skip()

    # What limits a question is told where the fields for it are shut.
    limiting = [view.after, view.before, view.outlets, view.tags]
    view.fold.collapse(limits_in_words, limiting, [view.fold], **PRIVATE)
    view.fold.expand(lambda: gr.update(label=_offer()), None, [view.fold], **PRIVATE)

    # "multiple": a question asked while another is worked on takes its place, and is not silently dropped.
    asking = {"trigger_mode": "multiple", **PRIVATE}
    events = [view.question.submit, view.ask.click]
    changed = [*view.outputs, shared.store]
    typed = gr.on(events, answer, [shared.session, view.question, *view.limits], changed, **asking)
    clicked = view.log.input(answer_example, [shared.session, *view.limits], changed, **asking)
    # The library may have grown since the page was opened.
    for answered in (typed, clicked):
        answered.then(lambda: _front(desk), None, [shared.masthead, view.outlets, view.tags], **PRIVATE)
        answered.then(lambda current: _gone_on(shared, current), [shared.session], [view.log], **PRIVATE)


def _wire_rating(shared: Shared, view: AskView) -> None:
    desk = shared.app_context.desk
    feedback = Feedback.of(desk.library.shared, desk.library.folder)

    def rate(current: Session, event: gr.EventData) -> str:
        number, reason = sent(event, "turn"), sent(event, "reason")
        if number.isdecimal() and reason in ("", *REASONS) and not desk.settings.read_only:
            verdict: Verdict = "good" if sent(event, "verdict") == "good" else "bad"
            try:
                current.note(feedback, int(number), verdict, reason)
            except NewsdeskError as error:
                gr.Warning(_("Not kept: {why}", why=error))
        return _log(shared, current)

    rated = view.log.like(rate, [shared.session], [view.log], **PRIVATE)
    rated.then(to_keep, [shared.session], [shared.store], **PRIVATE)


def _wire_ends(shared: Shared, view: AskView) -> None:
    desk = shared.app_context.desk

    def end(current: Session) -> tuple[Any, ...]:
        current.stop()
        return _outputs(shared, current, gr.skip())

    def begin_anew(current: Session) -> tuple[Any, ...]:
        current.clear()
        return *_outputs(shared, current, ""), "", resumed()

    def go_on(current: Session, event: gr.EventData) -> tuple[Any, ...]:
        resume(desk, current, name=sent(event, "id"), turns=sent(event, "turns"))
        return *_outputs(shared, current, ""), "", resumed()

    changed = [*view.outputs, view.story, shared.store]
    view.stop.click(end, [shared.session], view.outputs, **PRIVATE)
    shared.store.clear(begin_anew, [shared.session], changed, **PRIVATE)
    shared.store.select(go_on, [shared.session], changed, **PRIVATE)


def _wire_arrival(shared: Shared, view: AskView) -> None:
    desk = shared.app_context.desk

    def arrive(request: gr.Request, current: Session) -> tuple[Any, ...]:
        said = greeting(request, in_library=shared.app_context.conversations is not None)
        return *_front(desk), _log(shared, current), _writers(desk), said

    def open_one(current: Session, event: gr.EventData) -> str:
        reference = sent(event, "reference")
        return panel_of(shared, partial(current.conversation.opened, reference), reference)

    arrived = [shared.masthead, view.outlets, view.tags, view.log, view.writer, shared.store]
    shared.page.load(arrive, [shared.session], arrived, **PRIVATE)
    view.log.expand(lambda: _front(desk), None, arrived[:3], **PRIVATE)
    view.log.select(open_one, [shared.session], [shared.panel], **PRIVATE)


def _gone_on(shared: Shared, current: Session) -> Any:
    """The conversation with questions to go on with under its last answer; nobody waited for them."""
    turns = current.conversation.turns
    last = turns[-1] if turns else None
    if not isinstance(last, Answered) or last.further or last.recalled:
        return gr.skip()
    try:
        questions = shared.app_context.desk.further_questions(last.answer)
    except NewsdeskError:
        return gr.skip()
    return _log(shared, current) if questions and current.go_on(last, questions) else gr.skip()


def _front(desk: Desk) -> tuple[str, Any, Any]:
    """Masthead, outlets and tags as they are now."""
    outlets, tags = choices_of(desk)
    return masthead(desk), gr.update(choices=outlets), tag_choices(tags)


def _writers(desk: Desk) -> Any:
    """The writers to choose from, where there are several."""
    names = [(_("Exact quotes") if name == "quotes" else name, name) for name in desk.writers.names]
    return gr.update(choices=names, value=names[0][1], visible=len(names) > 1)


def _outputs(shared: Shared, current: Session, box: Any) -> tuple[Any, ...]:
    """Conversation, question box, and whichever of Ask and Stop can be pressed."""
    return _log(shared, current), box, gr.update(visible=not current.busy), gr.update(visible=current.busy)


def _log(shared: Shared, current: Session) -> str:
    """The conversation, or the welcome before it."""
    desk = shared.app_context.desk
    if not current.conversation.turns:
        return welcome(desk, may_add=shared.adding.allowed)
    may_rate = not desk.settings.read_only
    return conversation_html(
        current.conversation,
        session=current.id,
        may_rate=may_rate,
        may_add=shared.adding.allowed,
        cache=current.turn_cache,
    )
