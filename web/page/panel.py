"""The article panel beside every view: a summary of its article, and questions about its story alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import gradio as gr

from rag.errors import UsageError
from rag.wording import _
from web.page.ask import AskView
from web.page.briefing_actions import opened_quote
from web.page.chat import masthead
from web.page.components import PRIVATE, Shared, html, sent
from web.page.conversation import Opened
from web.page.html.article import problem_html
from web.page.html.conversation import story_failed_html, story_html
from web.page.library.editing import FIELDS, correct
from web.page.opening import panel_of
from web.page.places import opened_place
from web.page.session import Session
from web.serving.context import reader_of
from web.serving.error_message import message_for
from web.serving.rate_limit import Busy

if TYPE_CHECKING:
    from rag.desk import Desk


def panel() -> gr.HTML:
    """The panel, empty until something is opened."""
    return html("panel", elem_id="nd-article", js_on_load="newsdesk.panel(element, props, trigger, watch)")


def wire_panel(shared: Shared, ask: AskView) -> None:
    """Connect what can be pressed in it; the Ask view names the story that alone is to be asked."""
    app_context = shared.app_context
    desk = app_context.desk

    def open_address(event: gr.EventData) -> str:
        reference = sent(event, "reference")
        return panel_of(shared, partial(opened_place, desk, reference), reference)

    def summarise(request: gr.Request, current: Session, event: gr.EventData) -> str:
        reference = sent(event, "reference")
        try:
            with app_context.rate_limiter.work(reader_of(request)):
                return panel_of(shared, partial(_opened, desk, current, reference), reference, summarised=True)
        except Busy as error:
            return problem_html(str(error))

    def take_correction(current: Session, event: gr.EventData) -> str:
        reference = sent(event, "reference")
        find = partial(_opened, desk, current, reference)
        try:
            opened = find() if shared.adding.allowed else None
            if opened is None:
                raise UsageError(_("this article cannot be corrected here"))
            correct(desk, opened.article.id, {name: sent(event, name) for name in FIELDS})
        # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
        except Exception as error:
            return panel_of(shared, find, reference, told=_("Not kept: {why}.", why=message_for(error).rstrip(".")))
        return panel_of(shared, find, reference, told=_("It is corrected; what was there before stays in its history."))

    def keep_to_story(current: Session, event: gr.EventData) -> str:
        try:
            opened = _opened(desk, current, sent(event, "reference"))
            current.story = desk.story_of(opened.article.id) if opened is not None else ()
        # As in `web.page.chat.respond`: what goes wrong is a message on the page, which stays open.
        except Exception as error:
            current.story = ()
            return story_failed_html(message_for(error))
        return story_html(current.story)

    def ask_everything(current: Session) -> str:
        current.story = ()
        return ""

    shared.panel.select(open_address, None, [shared.panel], **PRIVATE)
    shared.panel.input(summarise, [shared.session], [shared.panel], **PRIVATE)
    corrected = shared.panel.edit(take_correction, [shared.session], [shared.panel], **PRIVATE)
    corrected.then(lambda: masthead(desk), None, [shared.masthead], **PRIVATE)
    shared.panel.apply(keep_to_story, [shared.session], [ask.story], **PRIVATE)
    ask.story.clear(ask_everything, [shared.session], [ask.story], **PRIVATE)


def _opened(desk: Desk, current: Session, reference: str) -> Opened | None:
    """What a reference of any view leads to."""
    return (
        opened_quote(current.briefing, reference)
        or opened_place(desk, reference)
        or current.conversation.opened(reference)
    )
