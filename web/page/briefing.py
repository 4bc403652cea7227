"""The Briefing view's components, and what is wired to what."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.errors import NewsdeskError
from web.page.briefing_html import brief_in_steps, exported, opened_in
from web.page.chat import outlets_of, panel_html
from web.page.components import DATE, PRIVATE, html
from web.page.html import failed_html
from web.page.session import Session
from web.serving.context import reader_of
from web.serving.rate_limit import Busy

if TYPE_CHECKING:
    from web.serving.context import AppContext

_TOLD = '<div class="nd-told" role="region" aria-live="polite" aria-label="Briefing">${value}</div>'
# The file goes to the script as base64: as a value of HTML it would be read as markup.
_AWAY = "<div hidden></div>"


def add_briefing(app_context: AppContext, page: gr.Blocks, session: gr.State, panel: gr.HTML) -> None:
    """The view over one app context; quotes open in `panel`."""
    wanted = _briefing_row()
    told = html("", html_template=_TOLD, js_on_load="newsdesk.briefing(element, trigger, watch)")
    away = html("", html_template=_AWAY, js_on_load="newsdesk.download(element, props, watch)")
    _wire_briefing(app_context, page, (session, told, away, panel), wanted)


def _briefing_row() -> tuple[gr.Textbox, gr.HTML, gr.HTML, gr.Dropdown, gr.Button]:
    topic = gr.Textbox(
        label="Topic",
        placeholder="A topic, or nothing for the main stories",
        lines=1,
        elem_id="nd-topic",
        html_attributes=gr.InputHTMLAttributes(enterkeyhint="go"),
    )
    with gr.Row(elem_id="nd-brief-row"):
        after = html("", html_template=DATE.format(label="Since"), js_on_load="newsdesk.date(element, props, watch)")
        before = html("", html_template=DATE.format(label="Until"), js_on_load="newsdesk.date(element, props, watch)")
        outlets = gr.Dropdown([], multiselect=True, label="Sources", elem_id="nd-brief-outlets", scale=1)
        make = gr.Button("Make briefing", variant="primary", elem_id="nd-make", scale=0)
    return topic, after, before, outlets, make


def _wire_briefing(app_context: AppContext, page: gr.Blocks, shown: tuple[Any, ...], wanted: tuple[Any, ...]) -> None:
    session, told, away, panel = shown
    topic, after, before, outlets, make = wanted
    desk = app_context.desk

    def tell(request: gr.Request, current: Session, *given: Any) -> Iterator[str]:
        try:
            with app_context.rate_limiter.work(reader_of(request)):
                for made, shown in brief_in_steps(desk, *given):
                    current.briefing = made
                    yield shown
        except Busy as error:
            yield failed_html(str(error))

    def open_one(current: Session, event: gr.EventData) -> str:
        reference = str(event._data.get("reference", ""))
        return panel_html(desk, partial(opened_in, current.briefing, reference), reference)

    def take_away(current: Session, event: gr.EventData) -> str:
        try:
            made = exported(current.briefing, str(event._data.get("form", "")))
        except NewsdeskError:
            return ""
        return b64encode(json.dumps(made).encode()).decode("ascii")

    gr.on([topic.submit, make.click], tell, [session, topic, after, before, outlets], [told], **PRIVATE)
    told.select(open_one, [session], [panel], **PRIVATE)
    told.input(take_away, [session], [away], **PRIVATE)
    page.load(lambda: gr.update(choices=outlets_of(desk)), None, [outlets], **PRIVATE)
